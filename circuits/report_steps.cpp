// Tables of `.step` runs.
#include "circuits/report_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/report_sparkline.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::size_t most_rows = 20;
constexpr std::size_t cell = 13;

using Cells = std::vector<std::string>;

Cells titles(const AnalysisResult& result) {
  Cells row;
  for (const auto& [name, value] : result.step) row.push_back(name);
  for (const Measured& m : result.measures) row.push_back(m.name);
  if (result.measures.empty())
    for (const ColumnDigest& column : result.columns) row.push_back(column.label.name);
  return row;
}

Cells values(const AnalysisResult& result) {
  Cells row;
  for (const auto& [name, value] : result.step) row.push_back(format_engineering(value, ""));
  for (const Measured& m : result.measures) row.push_back(m.value ? format_engineering(*m.value, m.unit) : "none");
  if (!result.measures.empty()) return row;
  for (const ColumnDigest& column : result.columns)
    row.push_back(format_engineering(result.complex ? std::abs(column.final) : column.final.real(), column.label.unit));
  return row;
}

std::string line(const Cells& row, std::size_t count) {
  std::string text = " ";
  for (std::size_t k = 0; k < std::min(count, row.size()); ++k) text += " " + padded(shortened(row[k], cell - 1), cell - 1, true);
  return text + "\n";
}

double seconds(const StepResults& results) {
  double sum = 0.0;
  for (const AnalysisResult* result : results) sum += result->stats.seconds;
  return sum;
}

}  // namespace

std::vector<StepResults> by_analysis(const RunReport& report) {
  std::vector<StepResults> groups;
  for (const AnalysisResult& result : report.analyses) {
    const auto same = [&](const StepResults& group) { return group.front()->name == result.name; };
    const auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) groups.push_back({&result});
    else group->push_back(&result);
  }
  return groups;
}

std::string step_table(const StepResults& results, const ReportStyle& style) {
  const AnalysisResult& first = *results.front();
  const Cells head = titles(first);
  const std::size_t fit = std::max(first.step.size() + 1, (static_cast<std::size_t>(style.width) - 1) / cell);
  std::string text = fmt::format("\n{}   {} steps   {}   {}{}\n", first.name, results.size(), format_engineering(seconds(results), "s", 3), first.stats.method,
                                 first.measures.empty() ? "   last values" : "");
  text += line(head, fit);
  for (std::size_t k = 0; k < std::min(most_rows, results.size()); ++k) text += line(values(*results[k]), fit);
  if (results.size() > most_rows) text += fmt::format("  and {} more steps in the trace\n", results.size() - most_rows);
  if (head.size() > fit) text += fmt::format("  and {} more columns with --json\n", head.size() - fit);
  return text;
}

}  // namespace settle
