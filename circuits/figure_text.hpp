// Figures and claims as text: numbers rounded to what their spread lets them say.
#pragma once

#include <string>
#include <vector>

#include "circuits/figure.hpp"

namespace settle {

struct ReportStyle;

/// A unit with the prefix that suits all lines of a figure, and what its values are multiplied with.
struct ShownUnit {
  std::string unit;
  double factor = 1.0;
};
ShownUnit shown_unit(const std::string& unit, const std::vector<FigureRow>& rows);

/// "87.71 +- 0.23": two digits of the deviation; four digits of a lone number; "none" without a value. `sign` stands for +-.
std::string rounded(const FigureRow& row, double factor, const std::string& sign);
/// "holds", "does not hold", "cannot be decided".
std::string text_of(Verdict verdict);

/// Figures that vary with the same stepped parameters, for one table; in the order of the deck.
std::vector<std::vector<const Figure*>> by_steps(const FigureReport& report);
/// True if a table of figures that vary with the same parameters has a line per figure; else it has one per step.
bool figures_are_lines(const FigureReport& report, const std::vector<const Figure*>& figures);

/// What stands behind the results of a run.
std::string figures_text(const FigureReport& report, const ReportStyle& style);

}  // namespace settle
