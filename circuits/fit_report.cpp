// What a fit has found: parameters with their errors, data against fit in a few rows and as curves, and the card.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/fit.hpp"
#include "circuits/report_sparkline.hpp"
#include "sim/matrix_file.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::size_t rows_shown = 12;

/// "1.4", "15.3 mV", "0.0153 1/V": a prefix goes before a plain unit only.
std::string quantity(double value, const std::string& unit, int digits) {
  if (!unit.empty() && unit.find_first_of("/1^") == std::string::npos) return format_engineering(value, unit, digits);
  return fmt::format("{:.{}g}{}{}", value, digits, unit.empty() ? "" : " ", unit);
}

std::string parameter_text(const FittedParameter& p) {
  const std::string error = p.at_bound ? "at its bound" : std::isfinite(p.error) ? "+- " + quantity(p.error, p.unit, 3) : "not determined";
  return fmt::format("  {}{}{}\n", padded(p.name, 16), padded(quantity(p.value, p.unit, 6), 18), error);
}

std::string table_text(const FitReport& report) {
  std::string text = fmt::format("  {}{}{}{}\n", padded(report.x_name, 14), padded(report.y_name + " data", 16), padded("fit", 16), "fit - data");
  const std::size_t n = report.y.size(), shown = std::min(n, rows_shown);
  for (std::size_t j = 0; j < shown; ++j) {
    const std::size_t k = shown < 2 ? 0 : j * (n - 1) / (shown - 1);
    text += fmt::format("  {}{}{}{}\n", padded(quantity(report.x[k], report.x_unit, 4), 14), padded(format_engineering(report.y[k], report.y_unit), 16),
                        padded(format_engineering(report.fit[k], report.y_unit), 16), format_engineering(report.fit[k] - report.y[k], report.y_unit, 3));
  }
  return text;
}

std::string curves_text(const FitReport& report, bool unicode, std::size_t width) {
  const auto [low, high] = std::minmax_element(report.y.begin(), report.y.end());
  std::vector<double> rest(report.y.size());
  double most = 0.0;
  for (std::size_t k = 0; k < rest.size(); ++k) {
    rest[k] = report.fit[k] - report.y[k];
    most = std::max(most, std::abs(rest[k]));
  }
  const std::size_t cells = std::clamp<std::size_t>(width > 40 ? width - 36 : 16, 16, 64);
  const auto span = [&](double from, double to) { return fmt::format("{} ... {}", format_engineering(from, report.y_unit, 3), format_engineering(to, report.y_unit, 3)); };
  return fmt::format("  data  {}  {}\n  fit   {}\n  rest  {}  {}\n", sparkline(report.y, *low, *high, cells, unicode), span(*low, *high),
                     sparkline(report.fit, *low, *high, cells, unicode), sparkline(rest, -most, most, cells, unicode), span(-most, most));
}

}  // namespace

std::string fit_text(const FitReport& report, bool unicode, std::size_t width) {
  std::string text = fmt::format("{} fitted to {}: {} rows\n{}\n", report.kind, report.file, report.y.size(), report.notes);
  for (const FittedParameter& p : report.parameters) text += parameter_text(p);
  text += fmt::format("\n  rms {}, {:.3g} %; {} iterations{}\n\n", format_engineering(report.rms, report.y_unit, 3), 100.0 * report.relative, report.iterations,
                      report.converged ? "" : ", which were not enough: the search did not come to rest");
  return text + table_text(report) + "\n" + curves_text(report, unicode, width) + "\n" + report.card + "\n";
}

void write_fit(const std::string& spec, const FitReport& report) {
  Block<double> columns(static_cast<Index>(report.y.size()), 3);
  for (Index k = 0; k < columns.rows(); ++k) {
    const auto row = static_cast<std::size_t>(k);
    columns.row(k) << report.x[row], report.y[row], report.fit[row];
  }
  const auto head = [](const std::string& name, const std::string& unit) { return unit.empty() ? name : name + " [" + unit + "]"; };
  write_matrix(spec, columns, head(report.x_name, report.x_unit) + "," + head(report.y_name, report.y_unit) + ",fit", report.y_unit);
}

}  // namespace settle
