// Fitting devices to measured voltage and current: points at rest, or, with a column of times, a sweep that moves the device's states.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "circuits/analysis.hpp"
#include "circuits/bench.hpp"
#include "circuits/dynamics.hpp"
#include "circuits/elaborate.hpp"
#include "circuits/fit.hpp"
#include "circuits/fit_data.hpp"
#include "circuits/loaded.hpp"
#include "circuits/operating_point.hpp"
#include "circuits/snapshot.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

/// Keeps the one column recorded.
class Curve final : public Recorder {
 public:
  void record(double axis, std::span<const double> values) override { time_.push_back(axis), value_.push_back(values[0]); }
  void record(double, std::span<const Complex>) override {}
  void progress(double) override {}
  bool interrupted() const override { return false; }

  /// On the straight line between the two points around `t`; recorded points keep the run's tolerance that way.
  double at(double t) const {
    const auto after = std::upper_bound(time_.begin(), time_.end(), t);
    if (after == time_.begin()) return value_.front();
    if (after == time_.end()) return value_.back();
    const auto k = static_cast<std::size_t>(after - time_.begin());
    const double part = (t - time_[k - 1]) / (time_[k] - time_[k - 1]);
    return value_[k - 1] + part * (value_[k] - value_[k - 1]);
  }
  bool empty() const { return time_.empty(); }

 private:
  std::vector<double> time_, value_;
};

/// What belongs to where a device stands, not to what it is.
bool of_the_instance(const std::string& name) {
  static const std::set<std::string> names{"m", "temp", "dtemp", "tnom", "tc1", "tc2", "area", "ic"};
  return names.count(name) > 0;
}

class DeviceFit final : public FitModel {
 public:
  DeviceFit(const Kind& kind, const FitRequest& request) : kind_(kind) {
    read(request.file);
    for (const Field& field : kind.fields) add(field, request);
    write_deck();
  }

  bool predict(const Values& values, Vector<double>& prediction) const override {
    Diagnostics found(sources_);
    BenchSetup setup{deck_, {}, {}, 1};
    for (const auto& [name, value] : values) setup.devices.push_back({"dut", name, value});
    try {
      Bench bench(setup, {}, found);
      const Bench::View view = bench.view("tran", found);
      const Job job = bench.job(view, "tran", found);
      prediction.resize(static_cast<Index>(y.size()));
      if (timed_) sweep(job, found, prediction);
      else rest(job, prediction);
      return true;
    } catch (const Error&) {
      return false;  // no equilibrium, or values that contradict each other: the search turns elsewhere
    }
  }

  std::string card(const std::string& name, const Values& values) const override {
    std::string text = kind_.model_types.empty() ? fmt::format("Y{} {} {} {}", kind_.name, name, kind_.terminals[0], kind_.terminals[1])
                                                 : fmt::format(".model {} {}(", name, kind_.model_types.front());
    if (!kind_.model_types.empty() && !kind_.levels.empty()) text += fmt::format("level={}", kind_.levels.front());
    for (const Candidate& c : candidates) {
      if (values.at(c.field.name) == kind_.fields[kind_.field_index(c.field.name)].initial) continue;
      text += fmt::format("{}{}={:.6g}", text.back() == '(' ? "" : " ", c.field.in_models.empty() ? c.field.name : c.field.in_models, values.at(c.field.name));
    }
    return kind_.model_types.empty() ? text : text + ")";
  }

 private:
  void read(const std::string& file) {
    const MeasuredData data = read_measured(file, {{{"v", "voltage", "bias", "u"}, "V"}, {{"i", "current"}, "A"}, {{"t", "time"}, "s", false}}, 4);
    x = data.columns[0];
    y = data.columns[1];
    time_ = data.columns[2];
    timed_ = !time_.empty();
    for (std::size_t k = 1; k < time_.size(); ++k)
      if (!(time_[k] > time_[k - 1])) throw Error(Fault::file, fmt::format("{}:{}: the time {:g} s does not rise", file, data.lines[k], time_[k]));
    for (double k = 0.0; time_.size() < y.size(); k += 1.0) time_.push_back(k);
    x_name = "v", x_unit = "V", y_name = "i", y_unit = "A";
    if (!timed_) notes = "no column 't': every row is a point at rest\n";
  }

  void add(const Field& field, const FitRequest& request) {
    const auto start = request.start.find(field.name), fixed = request.fixed.find(field.name);
    Field copy = field;
    if (start != request.start.end()) copy.initial = start->second;
    if (fixed != request.fixed.end()) copy.initial = fixed->second;
    if (!std::isfinite(copy.initial)) return;
    candidates.push_back({copy, true, start != request.start.end() || (copy.initial != 0.0 && !of_the_instance(field.name))});
  }

  void write_deck() {
    std::string text = "fit\nVfit p 0 PWL(";
    for (std::size_t k = 0; k < y.size(); ++k) text += fmt::format("\n+ {} {}", format_exact(time_[k] - time_.front()), format_exact(x[k]));
    text += fmt::format(")\nY{} dut p 0", kind_.name);
    for (const Candidate& c : candidates) text += fmt::format("\n+ {}={}", c.field.name, format_exact(c.field.initial));
    const double length = time_.back() - time_.front();
    text += fmt::format("\n.tran {} {}\n.options reltol=1e-5\n.save i(dut)\n.end\n", format_exact(length / 1000.0), format_exact(length));
    Diagnostics found(sources_);
    deck_ = read_deck_text("fit.cir", text, sources_, found);
    elaborate(deck_, {}, found, 1);
    if (found.has_errors()) throw Error(Fault::usage, fmt::format("'{}' cannot be fitted to voltage and current:\n{}", kind_.name, found.render()));
  }

  void rest(const Job& job, Vector<double>& prediction) const {
    Dynamics<double> dynamics(job.circuit, 1, true);
    Block<double> state;
    const Curve nothing;
    for (std::size_t k = 0; k < y.size(); ++k) {
      const double t = time_[k] - time_.front();
      operating_point(job, dynamics, state, t, false, nothing);
      prediction[static_cast<Index>(k)] = probe_values(job.probes, Snapshot<double>(dynamics, state, t))[0];
    }
  }

  void sweep(const Job& job, Diagnostics& found, Vector<double>& prediction) const {
    const auto plans = make_plans(job.netlist, found);
    Job copy = job;
    Curve curve;
    plans.at(0).plan->run(copy, curve);
    for (std::size_t k = 0; k < y.size(); ++k) prediction[static_cast<Index>(k)] = curve.at(time_[k] - time_.front());
  }

  const Kind& kind_;
  std::vector<double> time_;
  bool timed_ = false;
  mutable Sources sources_;
  Deck deck_;
};

}  // namespace

std::unique_ptr<FitModel> fit_device_model(const FitRequest& request) {
  const Kind* kind = Registry<Kind>::find(request.kind);
  if (!kind) return nullptr;
  const bool source = kind->name == "voltage" || kind->name == "current" || kind->name.starts_with("behavioural");
  if (kind->terminals.size() != 2 || kind->references > 0 || source)
    throw Error(Fault::usage, fmt::format("'{}' cannot be fitted to voltage and current: that takes a device with two terminals and no other inputs", kind->name));
  return std::make_unique<DeviceFit>(*kind, request);
}

}  // namespace settle
