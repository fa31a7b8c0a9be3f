// The figures and claims of a deck, worked out from the results of its run.
#pragma once

#include "circuits/figure_cards.hpp"
#include "circuits/run.hpp"

namespace settle {

/// Names, texts and steps; without values. Of a netlist whose cards are known to be right.
FigureReport outline_of_figures(const Netlist& netlist);
/// The values, as far as the results reach.
FigureReport figures_of(const Netlist& netlist, const std::vector<AnalysisResult>& results);

}  // namespace settle
