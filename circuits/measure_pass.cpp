// Points to segments.
#include "circuits/measure_pass.hpp"

namespace settle {

const Segment& MeasurePass::point(double axis, std::vector<double> values) {
  const double from = empty_ ? axis : segment_.t1;
  const int direction = axis > from ? 1 : axis < from ? -1 : 0;
  const bool turns = direction_ != 0 && direction == -direction_;
  if (direction_ == 0) direction_ = direction;
  const bool starts = empty_ || turns;
  if (empty_) first_ = axis;
  empty_ = false;
  std::swap(before_, now_);
  now_ = std::move(values);
  segment_ = {starts ? axis : from, axis, starts ? now_ : before_, now_, starts};
  return segment_;
}

}  // namespace settle
