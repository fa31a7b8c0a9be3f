// Streams of measures: one measure at work, fed segment by segment, in memory that does not grow.
#pragma once

#include <memory>
#include <string>

#include "circuits/measure_event.hpp"

namespace settle {

/// A value, or why there is none.
struct MeasureOutcome {
  std::optional<double> value;
  std::string failure;
};

class MeasureStream {
 public:
  virtual ~MeasureStream() = default;
  virtual void segment(const Segment& segment) = 0;
  /// The run went from `first` to the end of `last`.
  virtual MeasureOutcome result(double first, const Segment& last, const MeasureUnits& units) const = 0;
};

/// The stream of a plan (not of a formula), which must outlive it. All measures it needs are known by `names`.
std::unique_ptr<MeasureStream> make_measure_stream(const MeasurePlan& plan, const MeasureNames& names);

/// Of a window: "V s" for INTEG v(a) and so on.
std::string measure_unit(const MeasurePlan& plan, const MeasureUnits& units);

}  // namespace settle
