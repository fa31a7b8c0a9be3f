// Looking for a number by its label among facts, tables, measures and columns.
#include "circuits/figure_source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <limits>

#include "circuits/lexer.hpp"
#include "circuits/source.hpp"

namespace settle {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Labels are compared in lower case and without the blanks around them.
std::string plain(const std::string& label) { return std::string(trimmed_view(lower_case(label))); }
bool same(const std::string& label, const std::string& wanted) { return plain(label) == wanted; }

std::vector<std::string> parts_of(const std::string& label) {
  constexpr std::string_view divider = " / ";
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end; (end = label.find(divider, begin)) != std::string::npos; begin = end + divider.size()) parts.push_back(plain(label.substr(begin, end - begin)));
  parts.push_back(plain(label.substr(begin)));
  return parts;
}

std::string unit_of(const std::string& unit) { return unit == "1" ? "" : unit; }

std::optional<SourcedNumber> fact(const AnalysisResult& result, const std::string& label) {
  for (const Fact& fact : result.stats.facts) {
    if (!same(fact.name, label)) continue;
    if (!fact.text.empty() && fact.unit.empty() && fact.value == 0.0) return SourcedNumber{none, "", fmt::format("'{}' of {} is no number: {}", fact.name, result.name, fact.text)};
    return SourcedNumber{fact.value, unit_of(fact.unit), fmt::format("'{}' of {} is not a number here", fact.name, result.name)};
  }
  return {};
}

/// All entries of tables that a label of two or three parts means, with the titles of their tables.
std::vector<std::pair<std::string, SourcedNumber>> entries(const AnalysisResult& result, const std::vector<std::string>& parts) {
  std::vector<std::pair<std::string, SourcedNumber>> found;
  if (parts.size() < 2 || parts.size() > 3) return found;
  const std::string &row_name = parts[parts.size() - 2], &column_name = parts.back();
  for (const FactTable& table : result.stats.tables) {
    if (parts.size() == 3 && !same(table.title, parts[0])) continue;
    for (const FactTable::Row& row : table.rows)
      for (std::size_t k = 0; k < table.columns.size() && same(row.name, row_name); ++k)
        if (same(table.columns[k].name, column_name))
          found.push_back({table.title, {row.values[k], unit_of(table.columns[k].unit), fmt::format("{} / {} of {} is empty", row.name, table.columns[k].name, result.name)}});
  }
  return found;
}

std::optional<SourcedNumber> entry(const AnalysisResult& result, const std::string& label) {
  const auto found = entries(result, parts_of(label));
  if (found.empty()) return {};
  if (found.size() == 1) return found.front().second;
  return SourcedNumber{none, "", fmt::format("{} tables of {} have '{}'; name one: '{} / {}'", found.size(), result.name, label, found.front().first, label)};
}

std::optional<SourcedNumber> measure(const AnalysisResult& result, const std::string& label) {
  for (const Measured& measure : result.measures)
    if (same(measure.name, label)) return SourcedNumber{measure.value.value_or(none), unit_of(measure.unit), measure.failure};
  return {};
}

std::optional<SourcedNumber> last(const AnalysisResult& result, const std::string& label) {
  for (const ColumnDigest& column : result.columns)
    if (same(column.label.name, label) && result.stats.points > 0)
      return SourcedNumber{result.complex ? std::abs(column.final) : column.final.real(), unit_of(column.label.unit), ""};
  return {};
}

/// What a mistaken label could have been.
std::string listed(const AnalysisResult& result) {
  constexpr std::size_t most = 24;
  std::vector<std::string> names;
  for (const Fact& fact : result.stats.facts) names.push_back("'" + plain(fact.name) + "'");
  for (const Measured& measure : result.measures) names.push_back("'" + measure.name + "'");
  for (const FactTable& table : result.stats.tables) {
    std::vector<std::string> rows, columns;
    for (const FactTable::Row& row : table.rows)
      if (rows.size() < most) rows.push_back(row.name);
    for (const FactTable::Column& column : table.columns) columns.push_back(column.name);
    names.push_back(fmt::format("row / column of '{}' (rows {}; columns {})", table.title, fmt::join(rows, ", "), fmt::join(columns, ", ")));
  }
  for (const ColumnDigest& column : result.columns)
    if (names.size() < most) names.push_back("'" + column.label.name + "'");
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

SourcedNumber find_number(const AnalysisResult& result, const std::string& label) {
  if (!result.finished) return {none, "", fmt::format("{} did not finish", result.name)};
  const std::string wanted = plain(label);
  for (const auto& look : {fact, entry, measure, last})
    if (std::optional<SourcedNumber> found = look(result, wanted)) return *found;
  return {none, "", fmt::format("{} has no '{}'; it has {}", result.name, label, listed(result))};
}

std::optional<double> conversion(const std::string& from, const std::string& to) {
  static constexpr std::array<std::pair<const char*, double>, 9> prefixes{{{"f", 1e15}, {"p", 1e12}, {"n", 1e9}, {"u", 1e6}, {"m", 1e3}, {"k", 1e-3}, {"M", 1e-6}, {"G", 1e-9}, {"T", 1e-12}}};
  if (from == to || to.empty()) return 1.0;
  if (from.empty()) return to == "%" ? 100.0 : 1.0;
  for (const auto& [prefix, factor] : prefixes) {
    if (prefix + from == to) return factor;
    if (prefix + to == from) return 1.0 / factor;
  }
  return {};
}

}  // namespace settle
