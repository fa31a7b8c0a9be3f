// Columns of measured data found by the names and units of their header.
#include "circuits/fit_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "sim/error.hpp"

namespace settle {
namespace {

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// 1e-6 for "uA" where amperes are wanted; nothing for another quantity. In a header M is mega.
std::optional<double> factor_of(const std::string& unit, const std::string& wanted) {
  if (unit.empty() || unit == wanted || unit == "1") return 1.0;
  if (wanted.empty() || !unit.ends_with(wanted)) return {};
  static constexpr std::array<std::pair<std::string_view, double>, 12> prefixes{{{"f", 1e-15}, {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6},
                                                                                 {"\xC2\xB5", 1e-6}, {"\xCE\xBC", 1e-6}, {"\xB5", 1e-6}, {"m", 1e-3},
                                                                                 {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}}};
  const std::string prefix = unit.substr(0, unit.size() - wanted.size());
  for (const auto& [letters, factor] : prefixes)
    if (prefix == letters) return factor;
  return {};
}

std::vector<std::string> names_of(const std::vector<TableColumn>& header) {
  std::vector<std::string> names;
  for (const TableColumn& column : header) names.push_back("'" + column.name + "'");
  return names;
}

class Columns {
 public:
  Columns(const std::string& file, const CsvTable& table) : file_(file), table_(table) {}

  /// Its place; npos if there is none.
  std::size_t find(const WantedColumn& wanted, std::size_t order) const {
    if (table_.header.empty()) return order < static_cast<std::size_t>(table_.values.cols()) ? order : std::string::npos;
    for (std::size_t k = 0; k < table_.header.size(); ++k)
      if (std::find(wanted.names.begin(), wanted.names.end(), lowered(table_.header[k].name)) != wanted.names.end()) return k;
    return std::string::npos;
  }

  std::vector<double> take(const WantedColumn& wanted, std::size_t order) const {
    const std::size_t k = find(wanted, order);
    if (k == std::string::npos) {
      if (!wanted.required) return {};
      const std::string has = table_.header.empty() ? fmt::format("{} columns without a header", table_.values.cols())
                                                    : fmt::format("{}", fmt::join(names_of(table_.header), ", "));
      throw Error(Fault::file, fmt::format("{}: no column '{}'; it may be called {}; the file has {}", file_, wanted.names.front(), fmt::join(wanted.names, " or "), has));
    }
    const std::string unit = table_.header.empty() ? "" : table_.header[k].unit;
    const std::optional<double> factor = factor_of(unit, wanted.unit);
    if (!factor) throw Error(Fault::file, fmt::format("{}: column '{}' is in {}, but {} is expected, such as m{} or u{}", file_, table_.header[k].name, unit,
                                                      wanted.unit.empty() ? "a plain number" : wanted.unit, wanted.unit, wanted.unit));
    std::vector<double> values;
    for (Index row = 0; row < table_.values.rows(); ++row) values.push_back(*factor * table_.values(row, static_cast<Index>(k)));
    return values;
  }

 private:
  const std::string& file_;
  const CsvTable& table_;
};

}  // namespace

MeasuredData read_measured(const std::string& file, const std::vector<WantedColumn>& wanted, std::size_t rows) {
  const CsvTable table = read_csv(file);
  if (table.lines.size() < rows) throw Error(Fault::file, fmt::format("{}: {} rows of data; at least {} are needed", file, table.lines.size(), rows));
  MeasuredData data{file, {}, table.lines};
  const Columns columns(file, table);
  for (std::size_t k = 0; k < wanted.size(); ++k) data.columns.push_back(columns.take(wanted[k], k));
  return data;
}

}  // namespace settle
