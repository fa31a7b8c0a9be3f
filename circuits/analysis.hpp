// Analysis: a plug-in behind a dot-card. It reads its card into a plan; a plan runs on a circuit and hands its points to a recorder.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "circuits/circuit.hpp"
#include "circuits/options.hpp"
#include "circuits/probe.hpp"
#include "circuits/teaching.hpp"
#include "sim/registry.hpp"

namespace settle {

/// What runs along the first dimension of an analysis's results.
struct Axis {
  std::string name;  // "time"
  std::string unit;  // "s"
  std::string long_name;
};

/// Something an analysis found out besides its points: a number with its unit, or a text.
struct Fact {
  std::string name;
  double value = 0.0;
  std::string unit = {};
  std::string text = {};
};

/// Numbers by name that belong together: a table on the terminal, an object per row in the document for programs.
struct FactTable {
  struct Column {
    std::string name;
    std::string unit = {};
  };
  struct Row {
    std::string name;
    std::vector<double> values;  // one per column; NaN shows as "-"
    std::string note = {};
  };
  std::string title;               // "settling times"
  std::string of;                  // what the rows are: "node"
  std::vector<Column> columns;
  std::vector<Row> rows;           // the most important first
  std::size_t shown = 12;          // on the terminal
};

struct AnalysisStats {
  long points = 0;
  long steps = 0;
  long rejected = 0;
  long factorizations = 0;
  long iterations = 0;
  double seconds = 0.0;
  std::string method;  // what solved it, in words
  std::vector<Fact> facts = {};  // shown instead of columns
  std::vector<FactTable> tables = {};
};

/// Takes an analysis's points as they are computed.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void record(double axis, std::span<const double> values) = 0;
  virtual void record(double axis, std::span<const Complex> values) = 0;
  /// How far the analysis is, 0..1.
  virtual void progress(double fraction) = 0;
  /// True when the user wants to stop.
  virtual bool interrupted() const = 0;
};

/// A circuit on the bench, with all an analysis may need.
struct Job {
  const Netlist& netlist;
  const Options& options;
  Environment environment;
  Circuit& circuit;
  const Probes& probes;
  Diagnostics& diagnostics;
  /// The same deck with another value of a top-level parameter: a new job that lives until the next call.
  std::function<Job&(const std::string& parameter, double value)> with_parameter;
  /// To be told the state an analysis ends in; may be empty.
  std::function<void(const Solution<double>&)> at_end = {};
  std::uint64_t seed = 1;
  int threads = 1;
  /// How the deck's .teach card nudges the circuit; null without one.
  std::shared_ptr<const Teaching> teaching = {};
  /// True if a training continues from its checkpoint.
  bool resume = false;
  /// Gives a field of a device another value for the analyses that follow.
  std::function<void(const DeviceRef& device, std::size_t field, double value)> keep = {};
};

/// Values of all probes at a solved point, one sample.
template <Scalar S>
std::vector<S> probe_values(const Probes& probes, const Solution<S>& at, Index sample = 0) {
  std::vector<S> values;
  values.reserve(probes.size());
  for (const auto& probe : probes) values.push_back(probe->value(at, sample));
  return values;
}

/// One card, understood. Const: the same plan serves every `.step`, from several threads.
class Plan {
 public:
  virtual ~Plan() = default;
  virtual Axis axis() const = 0;
  virtual bool complex() const { return false; }
  /// Columns the analysis adds behind the probes.
  virtual std::vector<ProbeLabel> extra(const Job&) const { return {}; }
  /// Records every point; throws Error when it cannot go on. What was recorded stays.
  virtual AnalysisStats run(Job& job, Recorder& recorder) const = 0;
};

struct CardParameter {
  std::string name, unit, standard, help;
};

class Scope;

/// Lives in Registry<Analysis> under the card's name ("tran").
class Analysis {
 public:
  virtual ~Analysis() = default;
  virtual std::string help() const = 0;
  virtual std::string usage() const = 0;
  virtual std::vector<CardParameter> parameters() const = 0;
  /// False if its points are not states of the circuit, so that probes and measures have nothing to look at.
  virtual bool probed() const { return true; }
  /// False if it looks at the probes but its points are made of other columns (Plan::extra); measures then have nothing to look at.
  virtual bool records_probes() const { return true; }
  /// True for an option of the card that can only be understood when all devices are known; it stays text, and complete() reads it.
  virtual bool completes(std::string_view /*option*/) const { return false; }
  virtual void complete(AnalysisCard&, const Scope& /*top*/, const Netlist&) const {}
  /// nullptr after an error was reported.
  virtual std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const = 0;
};

/// The k-th word of a card as a number; reports what is missing or wrong. `name` is what the word means.
std::optional<double> number_at(const AnalysisCard& card, std::size_t k, const std::string& name, Diagnostics& diagnostics);
/// Reports `key=value` pairs and words that nothing has read.
void refuse_rest(const AnalysisCard& card, std::size_t words_read, const Analysis& analysis, Diagnostics& diagnostics);

}  // namespace settle
