// Polyline: places are found up to rounding, so that the time of a breakpoint belongs to the segment on its right.
#include "devices/polyline.hpp"

#include <algorithm>
#include <cmath>

namespace settle {

Polyline::Polyline(std::vector<Knot> knots, double delay) : knots_(std::move(knots)), delay_(delay) {}

Polyline::Polyline(std::vector<Knot> knots, double delay, Loop loop) : Polyline(std::move(knots), delay) {
  loops_ = true;
  loop_ = loop;
  period_ = knots_.back().time - loop.from;
  // The loop's start is a breakpoint; where no knot stands there, one is put on the line.
  again_ = knots_until(loop.from);
  if (again_ > 0 && knots_[again_ - 1].time < loop.from) {
    const Knot a = knots_[again_ - 1], b = knots_[again_];
    const double v = a.value + (b.value - a.value) * (loop.from - a.time) / (b.time - a.time);
    knots_.insert(knots_.begin() + static_cast<std::ptrdiff_t>(again_++), Knot{loop.from, v});
  }
}

/// Times closer than this are the same time.
double Polyline::rounding(double t) const {
  return 4.0 * std::numeric_limits<double>::epsilon() * std::max(std::abs(t), std::abs(delay_));
}

std::size_t Polyline::knots_until(double time) const {
  return static_cast<std::size_t>(std::upper_bound(knots_.begin(), knots_.end(), time, [](double x, const Knot& k) { return x < k.time; }) -
                                  knots_.begin());
}

Polyline::Place Polyline::place(double t) const {
  const double local = t - delay_;
  if (!loops_ || local < knots_.back().time - rounding(t)) return {0.0, local};
  double cycle = std::floor((local - loop_.from) / period_);
  double phase = local - loop_.from - cycle * period_;
  if (period_ - phase <= rounding(t)) {
    cycle += 1.0;
    phase = 0.0;
  }
  return {std::max(1.0, cycle), loop_.from + std::max(0.0, phase)};
}

double Polyline::value(double t) const {
  const Place at = place(t);
  if (over(at)) return loop_.rest;
  const std::size_t k = knots_until(at.time + rounding(t));
  if (k == 0) return knots_.front().value;
  if (k == knots_.size()) return knots_.back().value;
  const Knot &a = knots_[k - 1], &b = knots_[k];
  return a.value + (b.value - a.value) * std::max(0.0, at.time - a.time) / (b.time - a.time);
}

double Polyline::slope(double t) const {
  const Place at = place(t);
  const std::size_t k = knots_until(at.time + rounding(t));
  if (over(at) || k == 0 || k == knots_.size()) return 0.0;
  return (knots_[k].value - knots_[k - 1].value) / (knots_[k].time - knots_[k - 1].time);
}

double Polyline::before(double t) const {
  const Place at = place(t);
  if (over(at) && at.cycle > loop_.cycles) return loop_.rest;
  const bool wraps = at.cycle > 0.0 && at.time - loop_.from <= rounding(t);
  if (wraps) return knots_.back().value;
  const auto left = std::lower_bound(knots_.begin(), knots_.end(), at.time - rounding(t), [](const Knot& k, double x) { return k.time < x; });
  if (over(at)) return loop_.rest;
  if (left == knots_.begin()) return knots_.front().value;
  if (left == knots_.end()) return knots_.back().value;
  const Knot &a = left[-1], &b = left[0];
  return a.value + (b.value - a.value) * std::min(1.0, (at.time - a.time) / (b.time - a.time));
}

/// One formula for every time that is returned, so that equal breakpoints are equal numbers.
double Polyline::breakpoint(double cycle, std::size_t knot) const { return delay_ + (cycle * period_ + knots_[knot].time); }

double Polyline::next_breakpoint(double t) const {
  const double later = t + rounding(t);
  Place at = place(t);
  std::size_t k = std::max(knots_until(at.time - rounding(t)), at.cycle > 0.0 ? again_ : 0);
  for (double cycle = at.cycle; !loops_ || cycle < loop_.cycles; cycle += 1.0, k = again_) {
    for (; k < knots_.size(); ++k)
      if (breakpoint(cycle, k) > later) return breakpoint(cycle, k);
    if (!loops_) break;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace settle
