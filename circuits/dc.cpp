// .dc: operating points along one or two swept quantities, each found from the one before.
#include <fmt/format.h>

#include <cmath>

#include "circuits/operating_point.hpp"
#include "circuits/snapshot.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

struct Sweep {
  enum class Target { field, parameter };
  Target target = Target::parameter;
  std::string name;
  std::string field;  // of the device
  std::string unit;
  std::vector<double> values;
};

/// The number of points does not depend on rounding, and every point is start + k step.
std::vector<double> arithmetic(double start, double stop, double step) {
  const auto count = static_cast<std::size_t>(std::floor((stop - start) / step + 1e-9) + 1.0);
  std::vector<double> values(count);
  for (std::size_t k = 0; k < count; ++k) values[k] = start + static_cast<double>(k) * step;
  return values;
}

/// Sets a swept quantity of a job for one run and puts the circuit back as it was.
class Setting {
 public:
  Setting(Job& job, const Sweep& sweep) : job_(job), sweep_(sweep) {
    if (sweep.target != Sweep::Target::field) return;
    device_ = job.circuit.find_device(sweep.name);
    field_ = device_.element->kind().field_index(sweep.field);
    before_ = device_.element->field(device_.index, field_);
  }
  ~Setting() {
    if (sweep_.target == Sweep::Target::field) put(before_);
  }
  /// The job to analyse at this value.
  Job& at(double value) {
    if (sweep_.target == Sweep::Target::parameter) return job_.with_parameter(sweep_.name, value);
    put(value);
    return job_;
  }

 private:
  void put(double value) {
    device_.element->set_field(device_.index, field_, value);
    job_.circuit.refresh();
  }
  Job& job_;
  const Sweep& sweep_;
  DeviceRef device_;
  std::size_t field_ = 0;
  double before_ = 0.0;
};

class DcPlan final : public Plan {
 public:
  explicit DcPlan(std::vector<Sweep> sweeps) : sweeps_(std::move(sweeps)) {}

  Axis axis() const override { return {sweeps_[0].name, sweeps_[0].unit, "swept: " + sweeps_[0].name}; }
  std::vector<ProbeLabel> extra(const Job&) const override {
    std::vector<ProbeLabel> columns;
    for (std::size_t k = 1; k < sweeps_.size(); ++k)
      columns.push_back({"sweep(" + sweeps_[k].name + ")", "sweep", sweeps_[k].unit, sweeps_[k].name, "swept"});
    return columns;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    AnalysisStats stats{.method = "newton"};
    Block<double> guess;
    std::vector<double> outer;
    walk(job, sweeps_.size(), outer, guess, stats, recorder);
    return stats;
  }

 private:
  std::size_t total() const {
    std::size_t n = 1;
    for (const Sweep& sweep : sweeps_) n *= sweep.values.size();
    return n;
  }

  /// The outermost sweep that is left, then the ones inside it; the first one runs fastest.
  void walk(Job& job, std::size_t depth, std::vector<double>& outer, Block<double>& guess, AnalysisStats& stats, Recorder& recorder) const {
    const Sweep& sweep = sweeps_[depth - 1];
    Setting setting(job, sweep);
    for (double value : sweep.values) {
      Job& here = setting.at(value);
      if (depth > 1) {
        outer.insert(outer.begin(), value);
        walk(here, depth - 1, outer, guess, stats, recorder);
        outer.erase(outer.begin());
      } else {
        point(here, value, outer, guess, stats, recorder);
      }
    }
  }

  void point(Job& job, double value, const std::vector<double>& outer, Block<double>& x, AnalysisStats& stats, Recorder& recorder) const {
    if (recorder.interrupted()) throw Error(Fault::interrupted, "interrupted");
    Dynamics<double> dynamics(job.circuit, 1, false);
    if (x.rows() != dynamics.size()) x.resize(0, 0);
    const NewtonReport report = operating_point(job, dynamics, x, 0.0, true, recorder, x.size() == 0 ? 0 : job.options.itl2);
    std::vector<double> values = probe_values(job.probes, Snapshot<double>(dynamics, x, 0.0));
    values.insert(values.end(), outer.begin(), outer.end());
    recorder.record(value, values);
    ++stats.points;
    ++stats.steps;
    stats.iterations += report.iterations;
    stats.factorizations += report.factorizations;
    recorder.progress(static_cast<double>(stats.points) / static_cast<double>(total()));
  }

  std::vector<Sweep> sweeps_;
};

class Dc final : public Analysis {
 public:
  std::string help() const override { return "operating points along a swept source, device value, parameter or temperature; a second sweep nests outside"; }
  std::string usage() const override { return ".dc name start stop step [name2 start2 stop2 step2]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"name", "", "", "a source, a device (its principal value), a top-level parameter, or temp"},
            {"start", "", "", "first value"},
            {"stop", "", "", "last value, if it is a whole number of steps away"},
            {"step", "", "", "distance of values; its sign must lead from start to stop"}};
  }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    std::vector<Sweep> sweeps;
    for (std::size_t k = 0; k < card.words.size() || k == 0; k += 4) {
      std::optional<Sweep> sweep = read(card, k, netlist, diagnostics);
      if (!sweep) return nullptr;
      sweeps.push_back(std::move(*sweep));
    }
    return std::make_unique<DcPlan>(std::move(sweeps));
  }

 private:
  std::optional<Sweep> read(const AnalysisCard& card, std::size_t k, const Netlist& netlist, Diagnostics& diagnostics) const {
    if (k >= card.words.size()) {
      diagnostics.error(card.where, fmt::format(".dc needs what to sweep; usage: {}", usage()));
      return {};
    }
    std::optional<Sweep> sweep = target(card.words[k], netlist, diagnostics);
    const auto start = number_at(card, k + 1, "start", diagnostics);
    const auto stop = start ? number_at(card, k + 2, "stop", diagnostics) : std::nullopt;
    const auto step = stop ? number_at(card, k + 3, "step", diagnostics) : std::nullopt;
    if (!sweep || !step) return {};
    const double points = (*stop - *start) / *step;
    if (*step == 0.0 ? *start != *stop : points < -1e-9) {
      diagnostics.error(card.words[k + 3].where, fmt::format("a step of {} never leads from {} to {}", *step, *start, *stop));
      return {};
    }
    if (points > 1e8) {
      diagnostics.error(card.words[k + 3].where, fmt::format("{:.0f} points are too many; take a larger step", points));
      return {};
    }
    sweep->values = *step == 0.0 ? std::vector<double>{*start} : arithmetic(*start, *stop, *step);
    return sweep;
  }

  static std::optional<Sweep> target(const Word& word, const Netlist& netlist, Diagnostics& diagnostics) {
    if (word.text == "temp") return Sweep{Sweep::Target::parameter, "temp", "", "degC", {}};
    std::vector<std::string> names;
    for (const FlatDevice& device : netlist.devices) {
      names.push_back(device.name);
      if (device.name != word.text) continue;
      const std::string field = device.kind->field_index("dc") != std::string::npos ? "dc" : device.kind->principal;
      if (field.empty()) {
        diagnostics.error(word.where, fmt::format("device '{}' ({}) has no single value to sweep", device.name, device.kind->name));
        return {};
      }
      return Sweep{Sweep::Target::field, word.text, field, device.kind->fields[device.kind->field_index(field)].unit, {}};
    }
    if (netlist.parameters.count(word.text)) return Sweep{Sweep::Target::parameter, word.text, "", "1", {}};
    for (const auto& [name, value] : netlist.parameters) names.push_back(name);
    diagnostics.error(word.where, fmt::format("nothing called '{}' to sweep{}; .dc sweeps a source, a device, a parameter or temp", word.text,
                                              suggest(word.text, names)));
    return {};
  }
};

const Registered<Analysis, Dc> registered("dc");

}  // namespace
}  // namespace settle
