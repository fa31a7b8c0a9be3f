// Tables of `.step` runs.
#include "circuits/report_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "circuits/report_sparkline.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::size_t most_rows = 20;
constexpr std::size_t cell = 13;

using Cells = std::vector<std::string>;

/// A number of a step, under its name; not a number where a step has none.
struct Column {
  std::string name;
  double value = not_given;
  std::string unit = {};
};

/// A fact in words has no number.
bool in_words(const Fact& fact) { return !fact.text.empty() && fact.value == 0.0 && fact.unit.empty(); }

double fact_of(const AnalysisResult& result, const std::string& name) {
  for (const Fact& fact : result.stats.facts)
    if (fact.name == name) return fact.value;
  return not_given;
}

/// Facts that differ from step to step.
std::vector<Column> varying(const StepResults& results) {
  std::vector<Column> all;
  for (const AnalysisResult* step : results)
    for (const Fact& fact : step->stats.facts)
      if (!in_words(fact) && std::none_of(all.begin(), all.end(), [&](const Column& known) { return known.name == fact.name; })) all.push_back({fact.name, fact.value, fact.unit});
  std::erase_if(all, [&](const Column& fact) { return std::all_of(results.begin(), results.end(), [&](const AnalysisResult* step) { return fact_of(*step, fact.name) == fact.value; }); });
  return all;
}

/// What is shown of a step: its measures, else its facts, else the last values of its columns.
std::vector<Column> columns(const AnalysisResult& result, const std::vector<Column>& facts) {
  std::vector<Column> row;
  for (const Measured& m : result.measures) row.push_back({m.name, m.value.value_or(not_given), m.unit});
  if (!row.empty()) return row;
  for (const Column& fact : facts) row.push_back({fact.name, fact_of(result, fact.name), fact.unit});
  if (!row.empty()) return row;
  for (const ColumnDigest& column : result.columns) row.push_back({column.label.name, result.complex ? std::abs(column.final) : column.final.real(), column.label.unit});
  return row;
}

Cells titles(const AnalysisResult& result, const std::vector<Column>& facts) {
  Cells row;
  for (const auto& [name, value] : result.step) row.push_back(name);
  for (const Column& column : columns(result, facts)) row.push_back(column.name);
  return row;
}

Cells values(const AnalysisResult& result, const std::vector<Column>& facts) {
  Cells row;
  for (const auto& [name, value] : result.step) row.push_back(format_engineering(value, ""));
  for (const Column& column : columns(result, facts)) row.push_back(std::isnan(column.value) ? "none" : format_engineering(column.value, column.unit == "1" ? "" : column.unit));
  return row;
}

std::string line(const Cells& row, std::size_t count) {
  std::string text = " ";
  for (std::size_t k = 0; k < std::min(count, row.size()); ++k) text += " " + padded(shortened(row[k], cell - 1), cell - 1, true);
  return text + "\n";
}

bool over_seeds(const AnalysisResult& result) {
  return std::any_of(result.step.begin(), result.step.end(), [](const auto& step) { return step.first == "seed"; });
}

/// Mean, standard deviation (of a sample), least and greatest of every column of a Monte Carlo study.
std::string statistics(const StepResults& results, const std::vector<Column>& facts, std::size_t fit) {
  std::vector<Cells> rows{{"mean"}, {"deviation"}, {"least"}, {"greatest"}};
  for (Cells& row : rows) row.resize(results.front()->step.size());
  const std::vector<Column> first = columns(*results.front(), facts);
  for (std::size_t c = 0; c < first.size(); ++c) {
    std::vector<double> x;
    for (const AnalysisResult* result : results)
      if (const auto row = columns(*result, facts); c < row.size() && !std::isnan(row[c].value)) x.push_back(row[c].value);
    const double count = static_cast<double>(x.size()), mean = std::accumulate(x.begin(), x.end(), 0.0) / count;
    double square = 0.0;
    for (const double each : x) square += (each - mean) * (each - mean);
    const auto shown = [&](double value) { return x.size() < 2 ? std::string("none") : format_engineering(value, first[c].unit == "1" ? "" : first[c].unit); };
    const auto [least, most] = std::minmax_element(x.begin(), x.end());
    rows[0].push_back(shown(mean));
    rows[1].push_back(shown(std::sqrt(square / (count - 1.0))));
    rows[2].push_back(shown(x.empty() ? 0.0 : *least));
    rows[3].push_back(shown(x.empty() ? 0.0 : *most));
  }
  std::string text;
  for (const Cells& row : rows) text += line(row, fit);
  return text;
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
  const std::vector<Column> facts = varying(results);
  const Cells head = titles(first, facts);
  const std::size_t fit = std::max(first.step.size() + 1, (static_cast<std::size_t>(style.width) - 1) / cell);
  std::string text = fmt::format("\n{}   {} steps   {}   {}{}\n", first.name, results.size(), format_engineering(seconds(results), "s", 3), first.stats.method,
                                 first.measures.empty() && facts.empty() ? "   last values" : "");
  text += line(head, fit);
  for (std::size_t k = 0; k < std::min(most_rows, results.size()); ++k) text += line(values(*results[k], facts), fit);
  if (results.size() > most_rows) text += fmt::format("  and {} more steps in the trace\n", results.size() - most_rows);
  if (over_seeds(first)) text += "\n" + statistics(results, facts, fit);
  if (head.size() > fit) text += fmt::format("  and {} more columns with --json\n", head.size() - fit);
  return text;
}

}  // namespace settle
