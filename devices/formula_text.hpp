// Pieces of equations as text, for the formulas of kinds.
#pragma once

#include <fmt/format.h>

#include <string>

namespace settle {

/// A number as text that reads back as itself, in brackets if it is negative.
inline std::string exact(double value) { return value < 0.0 ? fmt::format("({:.17g})", value) : fmt::format("{:.17g}", value); }

/// ln(1 + exp(x)) without overflow; which of its two forms holds is the real part's choice, as in the function of that name.
inline std::string softplus_text(const std::string& x) { return fmt::format("({0} > 0 ? {0}+ln(1+exp(-{0})) : ln(1+exp({0})))", x); }

/// exp(x), continued linearly above 80 as devices have it.
inline std::string limited_exp_text(const std::string& x) { return fmt::format("({0} > 80 ? ({0}-79)*exp(80) : exp({0}))", x); }

}  // namespace settle
