// Compares two runs of one deck: waveforms over time, sweeps point by point, oscillators by their period.
#pragma once

#include <string>
#include <vector>

#include "tests/support/rawfile_reader.hpp"

namespace settle::testing {

struct Deviation {
  std::string plot, vector;
  double error = 0;  ///< relative, in the norm of the plot's kind
  double where = 0;  ///< time, frequency or sweep value of the worst point
};

/// sqrt(integral |a-b|^2 dt / integral dt) / max|a| over the times both have. The coarser of the two grids is
/// the one integrated on, so that only the finer one is interpolated.
Deviation over_time(const RawPlot& reference, const RawPlot& other, const std::string& name);

/// The largest |a-b| / (|a| + floor) of the points of a sweep. The floor is `of_range` of the column's largest
/// value and never below 1 nV or 1 pA, the noise that gmin and the Newton tolerances leave.
Deviation by_point(const RawPlot& reference, const RawPlot& other, const std::string& name, double of_range);

/// Relative difference of the mean periods in the second half of the run.
Deviation by_period(const RawPlot& reference, const RawPlot& other, const std::string& name);

bool has_column(const RawPlot& plot, const std::string& name);

}  // namespace settle::testing
