// Columns of a table that a data set is made of: by name, or by number from 0.
#pragma once

#include <string>
#include <vector>

namespace settle {

/// What a card says of columns: names, numbers and ranges of numbers.
struct CsvColumns {
  std::vector<std::string> inputs, targets;  ///< no inputs: all that nothing else takes
  std::string labels;                        ///< "" without classes
};

/// The same as places in a row.
struct CsvPlaces {
  std::vector<std::size_t> inputs, targets;
  std::size_t labels = std::string::npos;
};

/// `header` may be empty. Throws Error(Fault::file) with what the file has.
CsvPlaces find_columns(const CsvColumns& wanted, const std::vector<std::string>& header, std::size_t width, const std::string& path);

}  // namespace settle
