// Pass of measures: the points of a run joined to segments and handed to streams.
#pragma once

#include <vector>

#include "circuits/measure_event.hpp"

namespace settle {

class MeasurePass {
 public:
  /// Takes the next point and returns the segment that leads to it; it is good until the next call. Where the axis turns
  /// back, as in a nested .dc, a new piece starts.
  const Segment& point(double axis, std::vector<double> values);

  bool empty() const { return empty_; }
  double first() const { return first_; }
  const Segment& last() const { return segment_; }

 private:
  std::vector<double> before_, now_;
  Segment segment_;
  double first_ = 0.0;
  int direction_ = 0;
  bool empty_ = true;
};

}  // namespace settle
