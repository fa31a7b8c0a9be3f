// The measures of one analysis: which are worked out on the way, and which when others are known.
#include "circuits/measure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "circuits/measure_pass.hpp"
#include "circuits/measure_stream.hpp"

namespace settle {
namespace {

/// A card without an analysis speaks of all of them; an operating point only if there is nothing else.
bool concerns(const MeasureCard& card, const Netlist& netlist, const std::string& kind) {
  if (!card.analysis.empty() || kind != "op") return card.analysis.empty() || card.analysis == kind;
  return std::all_of(netlist.analyses.begin(), netlist.analyses.end(), [](const AnalysisCard& a) { return a.kind == "op"; });
}

std::string axis_unit(const Circuit& circuit, const Netlist& netlist, const std::string& kind) {
  if (kind == "tran") return "s";
  if (kind == "ac") return "Hz";
  for (const AnalysisCard& card : netlist.analyses) {
    if (kind != "dc" || card.kind != "dc" || card.words.empty()) continue;
    if (card.words[0].text == "temp") return "degC";
    const DeviceRef device = circuit.find_device(card.words[0].text);
    if (!device.element) return "";
    const Kind& swept = device.element->kind();
    return swept.principal.empty() ? "" : swept.fields[swept.field_index(swept.principal)].unit;
  }
  return "";
}

/// The points of a run, kept for measures that need the values of others; up to a limit.
class KeptPoints {
 public:
  void add(double axis, const std::vector<double>& values) {
    if (full_) return;
    width_ = values.size() + 1;
    numbers_.push_back(axis);
    numbers_.insert(numbers_.end(), values.begin(), values.end());
    full_ = numbers_.size() > most_numbers;
    if (full_) numbers_ = {};
  }
  bool full() const { return full_; }

  void replay(MeasureStream& stream) const {
    MeasurePass pass;
    for (auto at = numbers_.begin(); at != numbers_.end(); at += static_cast<std::ptrdiff_t>(width_))
      stream.segment(pass.point(*at, {at + 1, at + static_cast<std::ptrdiff_t>(width_)}));
  }

 private:
  static constexpr std::size_t most_numbers = 8'000'000;  // 64 MB
  std::vector<double> numbers_;
  std::size_t width_ = 1;
  bool full_ = false;
};

}  // namespace

struct Measures::State {
  std::string axis_unit;
  MeasureNames names;
  MeasureSignals signals;
  std::vector<MeasurePlan> plans;
  std::vector<std::unique_ptr<MeasureStream>> streams;  // one per plan; null if it waits for others
  MeasurePass pass;
  bool keeps = false;
  KeptPoints kept;

  State(const Circuit& circuit, const Netlist& netlist, const std::string& kind)
      : axis_unit(settle::axis_unit(circuit, netlist, kind)), names(netlist.parameters) {}

  bool waits(const MeasurePlan& plan) const { return !plan.needs.empty() || plan.function == MeasureFunction::formula; }

  void make_streams() {
    for (const MeasurePlan& plan : plans) {
      streams.push_back(waits(plan) ? nullptr : make_measure_stream(plan, names));
      keeps = keeps || (waits(plan) && plan.function != MeasureFunction::formula);
    }
  }

  template <Scalar S>
  void point(double axis, std::span<const S> probed) {
    std::vector<double> values = signals.values<S>(axis, probed);
    if (keeps) kept.add(axis, values);
    const Segment& segment = pass.point(axis, std::move(values));
    for (const auto& stream : streams)
      if (stream) stream->segment(segment);
  }

  MeasureOutcome finish(const MeasureStream& stream) const { return stream.result(pass.first(), pass.last(), {signals, axis_unit}); }

  /// The outcome of a plan once all it needs have been tried; `now` knows their values.
  MeasureOutcome outcome(std::size_t k, const MeasureNames& now) const {
    const MeasurePlan& plan = plans[k];
    for (const std::string& need : plan.needs)
      if (std::isnan(now.parameter(need).value_or(0.0))) return {{}, fmt::format("it needs '{}', which has no value", need)};
    if (plan.function == MeasureFunction::formula) {
      const double value = number_value(plan.formula, now);
      if (std::isfinite(value)) return {value, {}};
      return {{}, fmt::format("'{}' is not a number with these values", plan.formula.phrase.text)};
    }
    if (streams[k]) return finish(*streams[k]);
    if (kept.full())
      return {{}, fmt::format("it needs '{}' before the first point, and the run is too long to be gone through twice", *plan.needs.begin())};
    const auto stream = make_measure_stream(plan, now);
    kept.replay(*stream);
    return finish(*stream);
  }

  /// Plans in an order in which each comes behind those it needs; those that need each other are left out.
  std::vector<std::size_t> order() const {
    std::vector<std::size_t> order, waiting(plans.size());
    std::iota(waiting.begin(), waiting.end(), std::size_t{0});
    for (;;) {
      const auto ready = [&](std::size_t k) {
        return std::none_of(waiting.begin(), waiting.end(), [&](std::size_t other) { return plans[k].needs.count(plans[other].name) > 0; });
      };
      const auto next = std::find_if(waiting.begin(), waiting.end(), ready);
      if (next == waiting.end()) return order;
      order.push_back(*next);
      waiting.erase(next);
    }
  }
};

Measures::Measures(const Circuit& circuit, const Netlist& netlist, const std::string& kind, Diagnostics& diagnostics)
    : state_(std::make_unique<State>(circuit, netlist, kind)) {
  const std::size_t errors = diagnostics.errors();
  const MeasureContext context{circuit, kind, state_->names, diagnostics};
  for (const MeasureCard& card : netlist.measures)
    if (concerns(card, netlist, kind)) state_->names.add(card.name);
  for (const MeasureCard& card : netlist.measures)
    if (concerns(card, netlist, kind))
      if (auto plan = read_measure(card, context, state_->signals)) state_->plans.push_back(std::move(*plan));
  if (diagnostics.errors() > errors) return;
  const std::vector<std::size_t> order = state_->order();
  for (std::size_t k = 0; k < state_->plans.size(); ++k)
    if (std::find(order.begin(), order.end(), k) == order.end())
      diagnostics.error(state_->plans[k].where, fmt::format("measure '{}' needs {}, and so in the end itself", state_->plans[k].name,
                                                            fmt::join(state_->plans[k].needs, ", ")));
  state_->make_streams();
}

Measures::~Measures() = default;

const Probes& Measures::probes() const { return state_->signals.probes(); }

void Measures::point(double axis, std::span<const double> values) { state_->point(axis, values); }
void Measures::point(double axis, std::span<const Complex> values) { state_->point(axis, values); }

std::vector<Measured> Measures::results() const {
  const MeasureUnits units{state_->signals, state_->axis_unit};
  std::vector<Measured> results;
  for (const MeasurePlan& plan : state_->plans) results.push_back({plan.name, {}, measure_unit(plan, units), "nothing was simulated"});
  if (state_->pass.empty()) return results;
  MeasureNames names = state_->names;
  for (std::size_t k : state_->order()) {
    MeasureOutcome outcome = state_->outcome(k, names);
    if (outcome.value) names.set(results[k].name, *outcome.value);
    results[k].value = outcome.value;
    results[k].failure = std::move(outcome.failure);
  }
  return results;
}

}  // namespace settle
