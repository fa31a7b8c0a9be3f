// Tables of numbers in delimited text: comma, semicolon, tab or blanks; an optional header, comments, SI suffixes.
#pragma once

#include <string>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

/// A column's name and the unit in brackets or parentheses behind it: "v [V]", "i (uA)".
struct TableColumn {
  std::string name, unit;
};

/// A full rectangle of finite numbers.
struct CsvTable {
  std::vector<TableColumn> header;    ///< empty where there is none
  std::vector<std::string> comments;  ///< lines behind # or %, without the mark
  Block<double> values;
  std::vector<int> lines;  ///< the line of the file each row stands on, from 1
};

/// Throws Error(Fault::file) as file:line:column with what was found and what is expected.
CsvTable read_csv(const std::string& path);

/// "conductance [S]" and "i (uA)" taken apart.
TableColumn column_of(const std::string& text);

}  // namespace settle
