// Windows of measures: extremes, means and integrals of piecewise straight signals, exact over exactly the window.
#pragma once

#include "circuits/measure_stream.hpp"

namespace settle {

/// A sum that does not lose what is small beside it (Neumaier).
class CarefulSum {
 public:
  void add(double x);
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0.0, lost_ = 0.0;
};

/// What is known of a signal over a window.
class WindowSums {
 public:
  void add(const Segment& segment, std::size_t signal, Stretch stretch);
  bool empty() const { return empty_; }
  /// NaN where the signal has had no value.
  double value(MeasureFunction function) const;

 private:
  void extremes(double axis, double value);

  bool empty_ = true;
  double lowest_ = 0.0, lowest_at_ = 0.0, highest_ = 0.0, highest_at_ = 0.0;
  double first_ = 0.0;
  CarefulSum width_, integral_, square_;
};

/// From FROM= to TO=, or the whole run.
class RangeWindow final : public MeasureStream {
 public:
  RangeWindow(const MeasurePlan& plan, const MeasureNames& names);
  void segment(const Segment& segment) override;
  MeasureOutcome result(double first, const Segment& last, const MeasureUnits& units) const override;

 private:
  const MeasurePlan& plan_;
  double lower_, upper_;
  WindowSums sums_;
};

/// From TRIG to TARG; without TRIG from the start, without TARG to the end.
class EventWindow final : public MeasureStream {
 public:
  EventWindow(const MeasurePlan& plan, const MeasureNames& names);
  void segment(const Segment& segment) override;
  MeasureOutcome result(double first, const Segment& last, const MeasureUnits& units) const override;

 private:
  void open(double axis);
  void close(double axis);

  const MeasurePlan& plan_;
  std::optional<EventFinder> begin_, end_;
  WindowSums sums_;                     // since the window opened
  std::optional<WindowSums> closed_;    // up to the target
  std::optional<double> opened_at_, target_at_;
};

}  // namespace settle
