// The report of a run as one screen of text.
#include "circuits/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/figure_text.hpp"
#include "circuits/report_sparkline.hpp"
#include "circuits/report_steps.hpp"
#include "circuits/report_tables.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::size_t most_columns = 12;
constexpr std::size_t most_measures = 24;

std::string plural(std::size_t count, const std::string& word) { return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s"); }

std::string range_text(const AnalysisResult& result) {
  return fmt::format("{} {} to {}", result.axis.name, format_engineering(result.axis_first, result.axis.unit), format_engineering(result.axis_last, result.axis.unit));
}

/// "tran1   time 0 s to 4 ms   812 points, 790 steps (12 rejected)   14 ms   rodas4p"
std::string headline(const AnalysisResult& result) {
  const AnalysisStats& stats = result.stats;
  std::string line = result.name;
  if (stats.points > 1) line += fmt::format("   {}   {} points", range_text(result), stats.points);
  if (stats.steps > 1) line += fmt::format(", {} steps", stats.steps);
  if (stats.rejected > 0) line += fmt::format(" ({} rejected)", stats.rejected);
  line += fmt::format("   {}", format_engineering(stats.seconds, "s", 3));
  return line + (stats.method.empty() ? "" : "   " + stats.method) + "\n";
}

double shown_final(const AnalysisResult& result, const ColumnDigest& column) { return result.complex ? std::abs(column.final) : column.final.real(); }

std::size_t name_width(const AnalysisResult& result, std::size_t count) {
  std::size_t width = 0;
  for (std::size_t k = 0; k < count; ++k) width = std::max(width, columns_of(result.columns[k].label.name));
  return std::clamp<std::size_t>(width, 6, 24);
}

std::string pictures(const AnalysisResult& result, const ReportStyle& style) {
  constexpr std::size_t number = 13;
  const std::size_t count = std::min(most_columns, result.columns.size()), name = name_width(result, count);
  const bool moves = result.stats.points > 1;
  const std::size_t taken = 2 + name + 2 + 3 * number + 1, width = static_cast<std::size_t>(style.width);
  const std::size_t cells = std::clamp<std::size_t>(width > taken ? width - taken : 0, 12, 48);
  std::string text;
  if (moves && count > 0)
    text += fmt::format("  {}{}{}{}\n", padded(result.complex ? "(magnitude)" : "", name + 2 + cells), padded("least", number, true), padded("greatest", number, true),
                        padded("at the end", number, true));
  for (std::size_t k = 0; k < count; ++k) {
    const ColumnDigest& column = result.columns[k];
    const double noise = 1e-12 * std::max(std::abs(column.lowest), std::abs(column.highest));
    const auto shown = [&](double value) { return padded(format_engineering(std::abs(value) < noise ? 0.0 : value, column.label.unit), number, true); };
    text += fmt::format("  {}  ", padded(shortened(column.label.name, name), name));
    if (moves) text += sparkline(column.curve, column.lowest, column.highest, cells, style.unicode) + shown(column.lowest) + shown(column.highest);
    text += shown(shown_final(result, column)) + "\n";
  }
  if (result.columns.size() > count) text += fmt::format("  and {} more in the trace\n", result.columns.size() - count);
  return text;
}

std::string measures(const AnalysisResult& result) {
  std::string text;
  const std::size_t count = std::min(most_measures, result.measures.size());
  std::size_t width = 0;
  for (std::size_t k = 0; k < count; ++k) width = std::max(width, columns_of(result.measures[k].name));
  for (std::size_t k = 0; k < count; ++k) {
    const Measured& m = result.measures[k];
    text += fmt::format("  {} = {}\n", padded(m.name, width), m.value ? format_engineering(*m.value, m.unit, 6) : "none: " + m.failure);
  }
  if (result.measures.size() > count) text += fmt::format("  and {} more with --json\n", result.measures.size() - count);
  return text;
}

std::string array_line(const ArraySummary& array) {
  const std::string faults = array.faults == 0 ? "" : fmt::format(", {} of them faulty", array.faults);
  return fmt::format("crossbar {}: {} x {} {}{}\n", array.name, array.rows, array.columns, array.kind, faults);
}

std::string facts(const AnalysisResult& result) {
  std::string text;
  std::size_t width = 0;
  for (const Fact& fact : result.stats.facts) width = std::max(width, columns_of(fact.name));
  for (const Fact& fact : result.stats.facts)
    text += fmt::format("  {}  {}\n", padded(fact.name, width), fact.text.empty() ? format_engineering(fact.value, fact.unit) : fact.text);
  return text;
}

std::string circuit_line(const CircuitSummary& circuit) {
  std::size_t devices = 0;
  for (const auto& [kind, count] : circuit.devices) devices += count;
  std::string text = fmt::format("{}, {}, {} ({} algebraic)\n{}: {}\n", plural(circuit.nodes, "node"), fmt::format("{} driven", circuit.driven),
                                 plural(static_cast<std::size_t>(circuit.unknowns), "unknown"), circuit.algebraic, plural(devices, "device"), count_devices(circuit));
  for (const ArraySummary& array : circuit.arrays) text += array_line(array);
  return text;
}

std::string analysis_text(const AnalysisResult& result, const ReportStyle& style) {
  std::string text = "\n" + headline(result) + (result.stats.facts.empty() ? pictures(result, style) : facts(result));
  for (const FactTable& table : result.stats.tables) text += table_text(table);
  return text + measures(result);
}

std::string holomorphy_section(const std::vector<HolomorphyFinding>& findings, const Diagnostics& diagnostics) {
  constexpr std::size_t most_findings = 12;
  if (findings.empty()) return "complex-differentiable: yes\n";
  const std::size_t nowhere = static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [](const auto& f) { return f.how == Holomorphy::nowhere; }));
  std::string text = fmt::format("complex-differentiable: {}\n", nowhere > 0 ? "no" : "in pieces");
  for (std::size_t k = 0; k < std::min(most_findings, findings.size()); ++k) {
    const std::string place = diagnostics.place(findings[k].where);
    text += fmt::format("  {}{}\n", place.empty() ? "" : place + ": ", text_of(findings[k]));
  }
  if (findings.size() > most_findings) text += fmt::format("  and {} more with --json\n", findings.size() - most_findings);
  return text;
}

std::string title_line(const std::string& title) { return title.empty() ? "" : title + "\n"; }

}  // namespace

std::string count_devices(const CircuitSummary& circuit) {
  std::vector<std::pair<std::string, std::size_t>> kinds(circuit.devices.begin(), circuit.devices.end());
  std::stable_sort(kinds.begin(), kinds.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [kind, count] : kinds) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, kind);
  return text;
}

std::string text_report(const RunReport& report, const ReportStyle& style) {
  std::string text = title_line(report.title) + circuit_line(report.circuit);
  for (const auto& results : by_analysis(report)) text += results.size() == 1 ? analysis_text(*results.front(), style) : step_table(results, style);
  text += figures_text(report.figures, style);
  text += fmt::format("\n{} in all. Trace: {} (settle info {})\n", format_engineering(report.seconds, "s", 3), report.trace, report.trace);
  return text + (report.raw.empty() ? "" : fmt::format("Rawfile: {} (ngspice: load {})\n", report.raw, report.raw));
}

std::string text_check(const std::string& title, const CircuitSummary& circuit, const Diagnostics& diagnostics) {
  std::string text = title_line(title);
  if (!diagnostics.has_errors()) {
    text += circuit_line(circuit);
    for (const auto& part : circuit.floating) text += fmt::format("floating: {} around '{}'\n", plural(part.size(), "node"), part.empty() ? "" : part.front());
    text += holomorphy_section(circuit.not_holomorphic, diagnostics);
  }
  return text + fmt::format("{}, {}\n", plural(diagnostics.errors(), "error"), plural(diagnostics.warnings(), "warning"));
}

}  // namespace settle
