// Sums over windows given by numbers or by events.
#include "circuits/measure_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/number.hpp"

namespace settle {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

MeasureOutcome outcome(const WindowSums& sums, const MeasurePlan& plan, const MeasureUnits& units) {
  const double value = sums.value(plan.function);
  if (std::isfinite(value)) return {value, {}};
  return {{}, fmt::format("{} does not have a value everywhere in the window", units.signals.name(*plan.signal))};
}

}  // namespace

void CarefulSum::add(double x) {
  const double sum = sum_ + x;
  lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
  sum_ = sum;
}

void WindowSums::extremes(double axis, double value) {
  if (std::isnan(lowest_)) return;
  if (empty_ || value < lowest_ || std::isnan(value)) lowest_ = value, lowest_at_ = axis;
  if (empty_ || value > highest_ || std::isnan(value)) highest_ = value, highest_at_ = axis;
  if (empty_) first_ = value;
  empty_ = false;
}

void WindowSums::add(const Segment& segment, std::size_t signal, Stretch stretch) {
  const double a = segment.value(signal, stretch.begin), b = segment.value(signal, stretch.end);
  extremes(segment.axis(stretch.begin), a);
  extremes(segment.axis(stretch.end), b);
  const double width = std::abs(segment.t1 - segment.t0) * (stretch.end - stretch.begin);
  width_.add(width);
  integral_.add(0.5 * width * (a + b));
  square_.add(width * (a * a + a * b + b * b) / 3.0);
}

double WindowSums::value(MeasureFunction function) const {
  const bool point = width_.value() == 0.0;
  switch (function) {
    case MeasureFunction::minimum: return lowest_;
    case MeasureFunction::maximum: return highest_;
    case MeasureFunction::range: return highest_ - lowest_;
    case MeasureFunction::minimum_at: return std::isnan(lowest_) ? lowest_ : lowest_at_;
    case MeasureFunction::maximum_at: return std::isnan(highest_) ? highest_ : highest_at_;
    case MeasureFunction::integral: return integral_.value();
    case MeasureFunction::average: return point ? first_ : integral_.value() / width_.value();
    default: return point ? std::abs(first_) : std::sqrt(std::max(0.0, square_.value()) / width_.value());
  }
}

RangeWindow::RangeWindow(const MeasurePlan& plan, const MeasureNames& names)
    : plan_(plan), lower_(plan.from ? number_value(*plan.from, names) : -infinite), upper_(plan.to ? number_value(*plan.to, names) : infinite) {}

void RangeWindow::segment(const Segment& segment) {
  if (const auto stretch = clip(segment, lower_, upper_)) sums_.add(segment, *plan_.signal, *stretch);
}

/// Extremes are those of what was simulated; a mean over more than that would be made up.
MeasureOutcome RangeWindow::result(double first, const Segment& last, const MeasureUnits& units) const {
  const auto place = [&](double t) { return format_engineering(t, units.axis); };
  const double begin = std::min(first, last.t1), end = std::max(first, last.t1);
  if (lower_ > upper_) return {{}, fmt::format("the window ends at {} before it begins at {}", place(upper_), place(lower_))};
  const bool mean = plan_.function == MeasureFunction::average || plan_.function == MeasureFunction::rms || plan_.function == MeasureFunction::integral;
  const bool early = plan_.from && lower_ < begin && !same_place(lower_, begin), late = plan_.to && upper_ > end && !same_place(upper_, end);
  if (sums_.empty() || (mean && (early || late)))
    return {{}, fmt::format("the window from {} to {} reaches outside the run, which goes from {} to {}", place(plan_.from ? lower_ : begin),
                            place(plan_.to ? upper_ : end), place(first), place(last.t1))};
  return outcome(sums_, plan_, units);
}

EventWindow::EventWindow(const MeasurePlan& plan, const MeasureNames& names) : plan_(plan) {
  if (plan.begin) begin_.emplace(*plan.begin, names);
  if (plan.end) end_.emplace(*plan.end, names);
}

void EventWindow::open(double axis) {
  opened_at_ = axis;
  sums_ = {};
  closed_.reset();
}

void EventWindow::close(double axis) {
  target_at_ = axis;
  if (opened_at_) closed_ = sums_;
}

void EventWindow::segment(const Segment& segment) {
  const auto opens = begin_ ? begin_->segment(segment) : std::nullopt;
  const auto closes = end_ ? end_->segment(segment) : std::nullopt;
  if (!begin_ && !opened_at_) open(segment.t0);
  const double from = opens ? opens->fraction : 0.0;
  double done = from;
  if (closes && opens && closes->fraction < from) close(closes->axis);
  if (opens) open(opens->axis);
  if (closes && closes->fraction >= from) {
    if (opened_at_) sums_.add(segment, *plan_.signal, {from, closes->fraction});
    close(closes->axis);
    done = closes->fraction;
  }
  if (opened_at_) sums_.add(segment, *plan_.signal, {done, 1.0});
}

MeasureOutcome EventWindow::result(double first, const Segment& last, const MeasureUnits& units) const {
  if (!opened_at_) return {{}, "TRIG: " + begin_->failure(first, last, units)};
  if (closed_) return outcome(*closed_, plan_, units);
  if (!end_ || end_->at_end(last)) return outcome(sums_, plan_, units);
  if (!target_at_) return {{}, "TARG: " + end_->failure(first, last, units)};
  return {{}, fmt::format("the window ends at {} (TARG) before it begins at {} (TRIG)", format_engineering(*target_at_, units.axis),
                          format_engineering(*opened_at_, units.axis))};
}

}  // namespace settle
