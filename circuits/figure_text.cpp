// Figures behind the results of a run, in aligned columns: ours, published, unit.
#include "circuits/figure_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "circuits/report.hpp"
#include "circuits/report_sparkline.hpp"

namespace settle {
namespace {

using Lines = std::vector<std::vector<std::string>>;

/// Columns as wide as their widest cell; the first `left` ones and the last one begin at the left.
std::string aligned(const Lines& lines, std::size_t left) {
  std::vector<std::size_t> width;
  for (const auto& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) {
      if (width.size() <= c) width.push_back(0);
      width[c] = std::max(width[c], columns_of(line[c]));
    }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (std::size_t c = 0; c < line.size(); ++c) row += "  " + padded(line[c], width[c], c >= left && c + 1 < line.size());
    text += row.substr(0, row.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

/// Four digits, without an exponent where five or six places do.
std::string plain(double value) {
  const std::string text = fmt::format("{:.4g}", value);
  return std::abs(value) >= 1e4 && std::abs(value) < 1e6 ? fmt::format("{:.0f}", std::stod(text)) : text;
}

std::string missing_seeds(const FigureReport& report, const Figure& figure, const FigureRow& row) {
  const bool over_seeds = figure.over.size() > report.stepped(figure).size();
  return over_seeds && row.seeds > 0 && row.seeds < report.seeds() ? fmt::format(" ({} of {} seeds)", row.seeds, report.seeds()) : "";
}

/// One line per figure, one column per step; the only one needs no head.
std::string text_by_figure(const FigureReport& report, const std::vector<const Figure*>& figures, const std::string& sign) {
  const std::vector<std::size_t> over = report.stepped(*figures.front()), steps = report.distinct(over);
  Lines lines;
  if (!over.empty()) lines.push_back({"", ""});
  for (const std::size_t step : steps)
    if (!over.empty()) lines[0].push_back(report.place(over, step));
  if (!over.empty()) lines[0].insert(lines[0].end(), {"", ""});
  std::string failures;
  for (const Figure* figure : figures) {
    const std::vector<FigureRow> rows = report.rows(*figure);
    const ShownUnit shown = shown_unit(figure->unit, rows);
    if (!figure->failure.empty()) failures += fmt::format("  {}: {}\n", figure->name, report.missing(*figure));
    if (std::all_of(rows.begin(), rows.end(), [](const FigureRow& row) { return row.seeds == 0; })) continue;
    lines.push_back({figure->name, figure->text});
    for (const FigureRow& row : rows) lines.back().push_back(rounded(row, shown.factor, sign) + missing_seeds(report, *figure, row));
    lines.back().insert(lines.back().end(), {shown.unit, figure->published.empty() ? "" : "published " + figure->published});
  }
  return aligned(lines, 2) + failures;
}

/// One line per step, one column per figure.
std::string text_by_step(const FigureReport& report, const std::vector<const Figure*>& figures, const std::string& sign) {
  const std::vector<std::size_t> over = report.stepped(*figures.front());
  Lines lines{{}};
  for (const std::size_t parameter : over) lines[0].push_back(report.parameters[parameter]);
  for (const std::size_t step : report.distinct(over)) {
    lines.emplace_back();
    for (const std::size_t parameter : over) lines.back().push_back(fmt::format("{:.6g}", report.steps[step][parameter]));
  }
  std::string text;
  for (const Figure* figure : figures) {
    const std::vector<FigureRow> rows = report.rows(*figure);
    const ShownUnit shown = shown_unit(figure->unit, rows);
    lines[0].push_back(figure->name + (shown.unit.empty() ? "" : "/" + shown.unit));
    for (std::size_t k = 0; k < rows.size(); ++k) lines[k + 1].push_back(rounded(rows[k], shown.factor, sign) + missing_seeds(report, *figure, rows[k]));
    text += fmt::format("  {}: {}{}\n", figure->name, figure->text, figure->published.empty() ? "" : "; published " + figure->published);
    if (!figure->failure.empty()) text += fmt::format("    {}\n", report.missing(*figure));
  }
  for (auto& line : lines) line.emplace_back();
  return aligned(lines, 0) + text;
}

}  // namespace

ShownUnit shown_unit(const std::string& unit, const std::vector<FigureRow>& rows) {
  static constexpr std::array<const char*, 11> scaled{"s", "V", "A", "W", "J", "C", "F", "H", "Hz", "S", "Ohm"};
  static constexpr std::array<const char*, 10> prefixes{"f", "p", "n", "u", "m", "", "k", "M", "G", "T"};
  double largest = 0.0;
  for (const FigureRow& row : rows)
    if (std::isfinite(row.mean)) largest = std::max(largest, std::abs(row.mean));
  const bool known = std::any_of(scaled.begin(), scaled.end(), [&](const char* each) { return unit == each; });
  if (!known || largest == 0.0 || (largest >= 0.1 && largest < 1e4)) return {unit, 1.0};
  const int group = std::clamp(static_cast<int>(std::floor(std::log10(largest) / 3.0)), -5, 4);
  return {prefixes[static_cast<std::size_t>(group + 5)] + unit, std::pow(10.0, -3 * group)};
}

std::string rounded(const FigureRow& row, double factor, const std::string& sign) {
  if (row.seeds == 0 || std::isnan(row.mean)) return "none";
  const double mean = factor * row.mean, deviation = factor * row.deviation;
  if (std::isnan(row.deviation)) return plain(mean);
  if (!(deviation > 0.0)) return fmt::format("{} {} 0", plain(mean), sign);
  const double size = std::max(std::abs(mean), deviation);
  const int exponent = size >= 1e5 || size < 1e-3 ? static_cast<int>(std::floor(std::log10(size))) : 0;
  const double scale = std::pow(10.0, -exponent);
  const int last = static_cast<int>(std::floor(std::log10(std::stod(fmt::format("{:.1e}", deviation * scale))))) - 1;  // place of the second digit
  const double unit = last > 0 ? std::pow(10.0, last) : 0.0;  // 0: decimals do it
  const auto digits = [&](double value) { return fmt::format("{:.{}f}", unit > 0.0 ? std::round(value / unit) * unit : value, std::max(0, -last)); };
  if (exponent == 0) return fmt::format("{} {} {}", digits(mean), sign, digits(deviation));
  return fmt::format("({} {} {})e{}", digits(mean * scale), sign, digits(deviation * scale), exponent);
}

std::string text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return "holds";
    case Verdict::fails: return "does not hold";
    case Verdict::undecided: break;
  }
  return "cannot be decided";
}

std::vector<std::vector<const Figure*>> by_steps(const FigureReport& report) {
  std::vector<std::vector<const Figure*>> groups;
  for (const Figure& figure : report.figures) {
    const auto same = [&](const auto& group) { return report.stepped(*group.front()) == report.stepped(figure); };
    const auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) groups.push_back({&figure});
    else group->push_back(&figure);
  }
  return groups;
}

bool figures_are_lines(const FigureReport& report, const std::vector<const Figure*>& figures) {
  constexpr std::size_t most_columns = 4;
  const std::size_t steps = report.distinct(report.stepped(*figures.front())).size();
  return steps == 1 || (steps <= most_columns && figures.size() > most_columns);
}

std::string figures_text(const FigureReport& report, const ReportStyle& style) {
  if (report.empty()) return "";
  const std::string sign = style.unicode ? "±" : "+-";
  std::string text;
  if (!report.figures.empty()) text += report.seeds() > 1 ? fmt::format("\nfigures, mean {} standard deviation over {} seeds\n", sign, report.seeds()) : "\nfigures\n";
  for (const auto& group : by_steps(report)) text += figures_are_lines(report, group) ? text_by_figure(report, group, sign) : text_by_step(report, group, sign);
  if (report.claims.empty()) return text;
  text += "\nclaims\n";
  for (const Claim& claim : report.claims) {
    const std::string why = claim.why.empty() ? "" : claim.verdict == Verdict::undecided ? ": " + claim.why : " (" + claim.why + ")";
    text += fmt::format("  {}: {}{}\n", text_of(claim.verdict), claim.text, why);
  }
  return text;
}

}  // namespace settle
