// Measured data: columns by name, in SI units.
#pragma once

#include <string>
#include <vector>

#include "sim/csv_table.hpp"

namespace settle {

/// What a column may be called, and the unit its values are wanted in ("" for a number).
struct WantedColumn {
  std::vector<std::string> names;  // lower case; the first is how messages call it
  std::string unit;
  bool required = true;
};

struct MeasuredData {
  std::string file;
  std::vector<std::vector<double>> columns;  // as wanted; empty where an optional one is missing
  std::vector<int> lines;
};

/// Reads a table whose header names the columns; without a header they are taken in the order wanted. At least `rows` rows.
MeasuredData read_measured(const std::string& file, const std::vector<WantedColumn>& wanted, std::size_t rows);

}  // namespace settle
