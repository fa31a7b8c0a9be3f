// Bench: one circuit with its netlist, probes and measures, as one point of `.step` sees it; hands jobs to analyses.
#pragma once

#include <functional>

#include "circuits/scope.hpp"
#include "circuits/measure.hpp"
#include "circuits/teaching.hpp"

namespace settle {

/// Values of all `.step` cards at one point, in the order of the cards.
struct StepPoint {
  std::vector<std::pair<std::string, double>> values;  // name as shown, value
};

/// All combinations of the `.step` cards, the first card running fastest; one empty point without cards.
std::vector<StepPoint> step_points(const Netlist& netlist);

/// A device's parameter given another value.
struct DeviceSetting {
  std::string device, field;
  double value = 0.0;
};

/// Turns a finished netlist into the one that is built.
using Rewriting = std::function<void(Netlist&, Diagnostics&)>;

struct BenchSetup {
  const Deck& deck;
  Overrides set;                        // top-level parameters, "temp"
  std::vector<DeviceSetting> devices;
  std::optional<std::uint64_t> seed;    // without it, the deck's own; a step of the seed wins over both
  int threads = 1;
  bool resume = false;                  // trainings continue from their checkpoints
  std::vector<DeviceSetting> programmed = {};  // in the finished circuit, whatever the deck says
  Rewriting rewriting = {};                    // empty: none
};

/// What comes after elaboration: devices set from outside, then mismatch about these values, then what settings bring (trained weights), then the
/// resistors of `.options rshunt`, then the rewriting.
void finish_netlist(Netlist& netlist, const std::vector<DeviceSetting>& settings, const Rewriting& rewriting, Diagnostics& diagnostics);

class Bench {
 public:
  /// Elaborates the deck with the step's parameters and builds the circuit. Throws Error(Fault::netlist) if that reports errors.
  Bench(const BenchSetup& setup, const StepPoint& step, Diagnostics& diagnostics);

  const Netlist& netlist() const { return netlist_; }
  const Options& options() const { return options_; }
  Circuit& circuit() { return *circuit_; }
  const Environment& environment() const { return environment_; }

  /// What an analysis of the given kind looks at: the recorded probes, then those of the measures.
  struct View {
    Probes probes;
    std::size_t recorded = 0, measured = 0;
    std::unique_ptr<Measures> measures;
  };
  View view(const std::string& kind, Diagnostics& diagnostics);
  /// A job for an analysis; `view` must outlive it.
  Job job(const View& view, const std::string& kind, Diagnostics& diagnostics);

 private:
  std::vector<DeviceSetting> stepped(const Netlist& unstepped) const;
  void set_programmed();

  BenchSetup setup_;
  StepPoint step_;
  Netlist netlist_;
  Options options_;
  Environment environment_;
  std::unique_ptr<Circuit> circuit_;
  std::shared_ptr<const Teaching> teaching_;
  /// The same bench with another parameter value, while a .dc sweep asks for it.
  struct Variant;
  std::shared_ptr<Variant> variant_;
};

}  // namespace settle
