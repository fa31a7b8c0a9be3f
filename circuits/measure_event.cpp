// Crossings of piecewise straight signals.
#include "circuits/measure_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/number.hpp"

namespace settle {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

int sign(double x) { return x > 0.0 ? 1 : x < 0.0 ? -1 : 0; }

/// Exact at both ends, also where the other one is no number.
double between(double a, double b, double fraction) { return fraction == 0.0 ? a : fraction == 1.0 ? b : a + (b - a) * fraction; }

double or_else(const std::optional<MeasureNumber>& number, const MeasureNames& names, double otherwise) {
  return number ? number_value(*number, names) : otherwise;
}

std::string times(long n) { return n == 1 ? "once" : fmt::format("{} times", n); }

}  // namespace

double Segment::value(std::size_t signal, double fraction) const { return between(from[signal], to[signal], fraction); }
double Segment::axis(double fraction) const { return between(t0, t1, fraction); }

std::optional<Stretch> clip(const Segment& segment, double lower, double upper) {
  const double a = segment.t0, b = segment.t1;
  if (std::max(a, b) < lower || std::min(a, b) > upper) return {};
  if (a == b) return Stretch{};
  const double enters = a < b ? lower : upper, leaves = a < b ? upper : lower;
  const auto fraction = [&](double t) { return std::clamp((t - a) / (b - a), 0.0, 1.0); };
  return Stretch{std::isfinite(enters) ? fraction(enters) : 0.0, std::isfinite(leaves) ? fraction(leaves) : 1.0};
}

bool same_place(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

EventFinder::EventFinder(const EventPlan& plan, const MeasureNames& names)
    : plan_(plan), at_(or_else(plan.at, names, 0.0)), level_(plan.at || plan.other ? 0.0 : number_value(plan.level, names)),
      lower_(or_else(plan.from, names, -infinite)), upper_(or_else(plan.to, names, infinite)) {}

std::optional<Hit> EventFinder::segment(const Segment& segment) {
  if (done_) return {};
  return plan_.at ? place(segment) : crossing(segment);
}

std::optional<Hit> EventFinder::place(const Segment& segment) {
  const auto there = clip(segment, at_, at_);
  const bool nearly = segment.t0 == segment.t1 && same_place(at_, segment.t0);
  if (!there && !nearly) return {};
  done_ = true;
  return Hit{at_, there && segment.t0 != segment.t1 ? there->begin : 0.0};
}

std::optional<Hit> EventFinder::crossing(const Segment& segment) {
  const auto stretch = clip(segment, lower_, upper_);
  if (!stretch) {
    inside_ = false;
    return {};
  }
  const double d0 = gap(segment, stretch->begin), d1 = gap(segment, stretch->end);
  if (!std::isfinite(d0) || !std::isfinite(d1)) {
    inside_ = false;
    return {};
  }
  lowest_ = any_ ? std::min({lowest_, d0, d1}) : std::min(d0, d1);
  highest_ = any_ ? std::max({highest_, d0, d1}) : std::max(d0, d1);
  any_ = true;
  // Where the window opens on the level itself, the signal comes from where it was before.
  if (segment.starts || !inside_) side_ = d0 != 0.0 || stretch->begin == 0.0 ? sign(d0) : sign(gap(segment, 0.0));
  inside_ = true;
  const bool rises = side_ < 0 && (d1 > 0.0 || (d1 == 0.0 && d0 < 0.0)), falls = side_ > 0 && (d1 < 0.0 || (d1 == 0.0 && d0 > 0.0));
  if (!rises && !falls) {
    if (side_ == 0) side_ = sign(d1);
    return {};
  }
  side_ = rises ? 1 : -1;
  if (!count(rises)) return {};
  const double fraction = between(stretch->begin, stretch->end, d0 / (d0 - d1));
  return Hit{segment.axis(fraction), fraction};
}

/// True if this crossing is the one, or may be.
bool EventFinder::count(bool rises) {
  ++(rises ? rises_ : falls_);
  const bool wanted = plan_.edge == Edge::cross || (plan_.edge == Edge::rise) == rises;
  if (!wanted) return false;
  const long n = plan_.edge == Edge::cross ? rises_ + falls_ : plan_.edge == Edge::rise ? rises_ : falls_;
  done_ = n == plan_.count;
  return plan_.count == 0 || done_;
}

double EventFinder::gap(const Segment& segment, double fraction) const {
  const double other = plan_.other ? segment.value(*plan_.other, fraction) : level_;
  return segment.value(plan_.signal, fraction) - other;
}

std::optional<Hit> EventFinder::at_end(const Segment& last) const {
  if (!plan_.at || done_ || !same_place(at_, last.t1)) return {};
  return Hit{at_, 1.0};
}

std::string EventFinder::too_few(const MeasureUnits& units) const {
  const std::string& name = units.signals.name(plan_.signal);
  const std::string level = plan_.other ? units.signals.name(*plan_.other) : format_engineering(level_, units.signals.unit(plan_.signal));
  const long seen = plan_.edge == Edge::cross ? rises_ + falls_ : plan_.edge == Edge::rise ? rises_ : falls_;
  const char* verb = plan_.edge == Edge::cross ? "crosses" : plan_.edge == Edge::rise ? "rises through" : "falls through";
  return seen == 0 ? fmt::format("{} never {} {}", name, verb, level)
                   : fmt::format("{} {} {} only {}, not {}", name, verb, level, times(seen), times(plan_.count));
}

std::string EventFinder::failure(double first, const Segment& last, const MeasureUnits& units) const {
  const auto place = [&](double t) { return format_engineering(t, units.axis); };
  const double begin = std::min(first, last.t1), end = std::max(first, last.t1);
  if (plan_.at) return fmt::format("{} lies outside the run, which goes from {} to {}", place(at_), place(first), place(last.t1));
  if (lower_ > end || upper_ < begin)
    return fmt::format("nothing was simulated {} {}; the run goes from {} to {}", lower_ > end ? "behind" : "before",
                       place(lower_ > end ? lower_ : upper_), place(first), place(last.t1));
  const std::string window = fmt::format(" between {} and {}", place(std::max(begin, lower_)), place(std::min(end, upper_)));
  if (!any_) return too_few(units) + window + ": it has no value there";
  if (rises_ + falls_ > 0) {
    if (plan_.edge == Edge::cross) return too_few(units) + window;
    const bool rise = plan_.edge == Edge::rise;
    return fmt::format("{}{}; it {} through {}", too_few(units), window, rise ? "falls" : "rises", times(rise ? falls_ : rises_));
  }
  const std::string& unit = units.signals.unit(plan_.signal);
  const double shift = plan_.other ? 0.0 : level_;
  const std::string range = fmt::format("{} .. {}", format_engineering(lowest_ + shift, unit), format_engineering(highest_ + shift, unit));
  return fmt::format("{}{}; {} stays in {}", too_few(units), window, plan_.other ? "the difference" : "it", range);
}

}  // namespace settle
