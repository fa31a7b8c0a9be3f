// Figures and claims in a document for programs.
#pragma once

#include <nlohmann/json.hpp>

#include "circuits/figure.hpp"

namespace settle {

/// "figures" and "claims", where there are any.
void add_figures(nlohmann::ordered_json& document, const FigureReport& report);

}  // namespace settle
