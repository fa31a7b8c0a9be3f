// The frequencies of a small-signal analysis, as SPICE writes them: dec|oct|lin points start stop.
#pragma once

#include "circuits/analysis.hpp"

namespace settle {

std::vector<CardParameter> sweep_parameters();
/// From the word `first` on; reports what is wrong with them.
std::optional<std::vector<double>> read_sweep(const AnalysisCard& card, std::size_t first, const Analysis& analysis, Diagnostics& diagnostics);

}  // namespace settle
