// Where a figure comes from: a number of an analysis's results, by the label it is reported under.
#pragma once

#include "circuits/run.hpp"

namespace settle {

struct SourcedNumber {
  double value = 0.0;   // NaN if there is none
  std::string unit;
  std::string failure;  // why there is none
};

/// A fact, "row / column" or "table / row / column" of a table, a measure, or the last value of a column, in this order; without regard to case.
SourcedNumber find_number(const AnalysisResult& result, const std::string& label);

/// What a number in one unit is multiplied with to be in another: 100 from a plain number to %, 1e9 from s to ns; nothing if it cannot be.
std::optional<double> conversion(const std::string& from, const std::string& to);

}  // namespace settle
