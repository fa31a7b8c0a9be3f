// Events of measures: where a signal crosses a level or another signal, found segment by segment.
#pragma once

#include <optional>
#include <span>

#include "circuits/measure_plan.hpp"

namespace settle {

/// The straight lines of all signals between two points of a run. The first point is a segment without length.
struct Segment {
  double t0 = 0.0, t1 = 0.0;
  std::span<const double> from, to;
  bool starts = false;  // it does not continue the one before

  double value(std::size_t signal, double fraction) const;
  double axis(double fraction) const;
};

/// A part of a segment, 0 to 1.
struct Stretch {
  double begin = 0.0, end = 1.0;
};
/// The part of a segment whose axis lies between lower and upper.
std::optional<Stretch> clip(const Segment& segment, double lower, double upper);

/// True for places that differ by rounding only.
bool same_place(double a, double b);

struct Hit {
  double axis = 0.0;
  double fraction = 0.0;  // of the segment
};

/// How numbers are called in messages.
struct MeasureUnits {
  const MeasureSignals& signals;
  const std::string& axis;
};

/// Watches for one event. A signal that reaches the level has crossed it; one that starts on it has not.
class EventFinder {
 public:
  EventFinder(const EventPlan& plan, const MeasureNames& names);

  /// The event if this segment has it; with LAST every one that may be the last.
  std::optional<Hit> segment(const Segment& segment);
  /// A place given by AT that the run has missed by rounding.
  std::optional<Hit> at_end(const Segment& last) const;
  /// Why there was no event in a run from `first` to the end of `last`.
  std::string failure(double first, const Segment& last, const MeasureUnits& units) const;

 private:
  std::optional<Hit> place(const Segment& segment);
  std::optional<Hit> crossing(const Segment& segment);
  bool count(bool rises);
  double gap(const Segment& segment, double fraction) const;
  std::string too_few(const MeasureUnits& units) const;

  const EventPlan& plan_;
  double at_ = 0.0, level_ = 0.0, lower_, upper_;
  bool done_ = false;
  int side_ = 0;           // of the level: -1 below, 1 above; 0 as long as the signal has been on it
  bool inside_ = false;    // the last segment lay in the window
  long rises_ = 0, falls_ = 0;
  double lowest_ = 0.0, highest_ = 0.0;  // of the signal, or of its difference to the other
  bool any_ = false;
};

}  // namespace settle
