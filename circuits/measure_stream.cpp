// Measures of single places: WHEN, FIND, DERIV and TRIG ... TARG; the units of all.
#include "circuits/measure_stream.hpp"

#include <fmt/format.h>

#include <cmath>

#include "circuits/measure_window.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

/// The slope at a place: of the straight line it lies on; at a point, of the parabola through it and its neighbours.
class SlopeFinder {
 public:
  void start(std::size_t signal, const Segment& segment, double fraction) {
    waits_ = fraction == 1.0 || segment.t0 == segment.t1;
    length_ = segment.t1 - segment.t0;
    slope_ = length_ != 0.0 ? std::optional((segment.to[signal] - segment.from[signal]) / length_) : std::nullopt;
  }
  void next(std::size_t signal, const Segment& segment) {
    const double length = segment.t1 - segment.t0;
    if (!waits_ || length == 0.0) return;
    waits_ = false;
    if (segment.starts) return;
    const double slope = (segment.to[signal] - segment.from[signal]) / length;
    slope_ = slope_ ? (length * *slope_ + length_ * slope) / (length + length_) : slope;
  }
  std::optional<double> slope() const { return slope_; }

 private:
  bool waits_ = false;
  double length_ = 0.0;
  std::optional<double> slope_;
};

/// Where an event is, or a signal or its slope there.
class Lookup final : public MeasureStream {
 public:
  Lookup(const MeasurePlan& plan, const MeasureNames& names) : plan_(plan), event_(*plan.begin, names) {}

  void segment(const Segment& segment) override {
    if (plan_.signal && hit_) slope_.next(*plan_.signal, segment);
    const auto hit = event_.segment(segment);
    if (!hit) return;
    hit_ = hit;
    if (!plan_.signal) return;
    value_ = segment.value(*plan_.signal, hit->fraction);
    slope_.start(*plan_.signal, segment, hit->fraction);
  }

  MeasureOutcome result(double first, const Segment& last, const MeasureUnits& units) const override {
    if (!hit_ && event_.at_end(last)) {
      Lookup late(*this);
      late.take_end(last);
      return late.outcome(units);
    }
    return hit_ ? outcome(units) : MeasureOutcome{{}, event_.failure(first, last, units)};
  }

 private:
  void take_end(const Segment& last) {
    hit_ = event_.at_end(last);
    if (!plan_.signal) return;
    value_ = last.value(*plan_.signal, 1.0);
    slope_.start(*plan_.signal, last, 1.0);
  }

  MeasureOutcome outcome(const MeasureUnits& units) const {
    if (plan_.function == MeasureFunction::when) return {hit_->axis, {}};
    const auto value = plan_.function == MeasureFunction::find ? std::optional(value_) : slope_.slope();
    if (value && std::isfinite(*value)) return {value, {}};
    const std::string place = format_engineering(hit_->axis, units.axis);
    return {{}, fmt::format("{} has no {} at {}", units.signals.name(*plan_.signal), value ? "value" : "slope", place)};
  }

  const MeasurePlan& plan_;
  EventFinder event_;
  std::optional<Hit> hit_;
  double value_ = 0.0;
  SlopeFinder slope_;
};

/// From TRIG to TARG along the axis.
class Delay final : public MeasureStream {
 public:
  Delay(const MeasurePlan& plan, const MeasureNames& names) : trigger_(*plan.begin, names), target_(*plan.end, names) {}

  void segment(const Segment& segment) override {
    if (const auto hit = trigger_.segment(segment)) begin_ = hit;
    if (const auto hit = target_.segment(segment)) end_ = hit;
  }

  MeasureOutcome result(double first, const Segment& last, const MeasureUnits& units) const override {
    const auto begin = begin_ ? begin_ : trigger_.at_end(last), end = end_ ? end_ : target_.at_end(last);
    if (!begin) return {{}, "TRIG: " + trigger_.failure(first, last, units)};
    if (!end) return {{}, "TARG: " + target_.failure(first, last, units)};
    return {end->axis - begin->axis, {}};
  }

 private:
  EventFinder trigger_, target_;
  std::optional<Hit> begin_, end_;
};

std::string product(const std::string& a, const std::string& b) {
  if (a == "A" && b == "s") return "C";
  if (a == "W" && b == "s") return "J";
  if (a.empty() || a == "1") return b;
  return b.empty() ? a : a + " " + b;
}

std::string quotient(const std::string& a, const std::string& b) {
  if (b.empty()) return a;
  return (a.empty() ? "1" : a) + "/" + b;
}

}  // namespace

std::unique_ptr<MeasureStream> make_measure_stream(const MeasurePlan& plan, const MeasureNames& names) {
  if (plan.function == MeasureFunction::delay) return std::make_unique<Delay>(plan, names);
  if (!plan.windowed()) return std::make_unique<Lookup>(plan, names);
  if (plan.begin || plan.end) return std::make_unique<EventWindow>(plan, names);
  return std::make_unique<RangeWindow>(plan, names);
}

std::string measure_unit(const MeasurePlan& plan, const MeasureUnits& units) {
  const std::string signal = plan.signal ? units.signals.unit(*plan.signal) : "";
  switch (plan.function) {
    case MeasureFunction::delay:
    case MeasureFunction::when:
    case MeasureFunction::minimum_at:
    case MeasureFunction::maximum_at: return units.axis;
    case MeasureFunction::derivative: return quotient(signal, units.axis);
    case MeasureFunction::integral: return product(signal, units.axis);
    case MeasureFunction::formula: return "";
    default: return signal;
  }
}

}  // namespace settle
