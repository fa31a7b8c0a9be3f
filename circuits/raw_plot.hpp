// RawPlot: the plots of a run in SPICE's rawfile, with SPICE's names for them.
#pragma once

#include <string>
#include <vector>

#include "circuits/analysis.hpp"
#include "sim/rawfile.hpp"

namespace settle {

/// Begins a plot whose points are the axis (not in .op) and the columns.
void begin_raw_plot(RawFile& file, const std::string& title, const std::string& kind, const Axis& axis, bool complex,
                    const std::vector<ProbeLabel>& columns);

/// A point of such a plot.
template <Scalar S>
void add_raw_point(RawFile& file, const std::string& kind, double axis, std::span<const S> values) {
  std::vector<S> point;
  if (kind != "op") point.push_back(S(axis));
  point.insert(point.end(), values.begin(), values.end());
  file.point(std::span<const S>(point));
}

}  // namespace settle
