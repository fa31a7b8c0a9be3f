// Tables of a report.
#include "circuits/report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/report_sparkline.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

std::string cell(double value, const std::string& unit) { return value == value ? format_engineering(value, unit) : "-"; }

}  // namespace

std::string table_text(const FactTable& table) {
  constexpr std::size_t widest_name = 32;
  const std::size_t count = std::min(table.shown, table.rows.size());
  std::size_t name = columns_of(table.of);
  std::vector<std::size_t> width;
  for (const FactTable::Column& column : table.columns) width.push_back(columns_of(column.name));
  for (std::size_t r = 0; r < count; ++r) {
    name = std::max(name, columns_of(table.rows[r].name));
    for (std::size_t c = 0; c < width.size(); ++c) width[c] = std::max(width[c], columns_of(cell(table.rows[r].values[c], table.columns[c].unit)));
  }
  name = std::min(name, widest_name);
  std::string text = fmt::format("  {}\n    {}", table.title, padded(table.of, name));
  for (std::size_t c = 0; c < width.size(); ++c) text += "  " + padded(table.columns[c].name, width[c], true);
  text += '\n';
  for (std::size_t r = 0; r < count; ++r) {
    const FactTable::Row& row = table.rows[r];
    text += "    " + padded(shortened(row.name, name), name);
    for (std::size_t c = 0; c < width.size(); ++c) text += "  " + padded(cell(row.values[c], table.columns[c].unit), width[c], true);
    text += (row.note.empty() ? "" : "  " + row.note) + '\n';
  }
  if (table.rows.size() > count) text += fmt::format("    and {} more with --json\n", table.rows.size() - count);
  return text;
}

}  // namespace settle
