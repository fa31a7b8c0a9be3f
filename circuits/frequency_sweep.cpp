// Reading a frequency sweep, and its points: `n` per decade or octave, or `n` in all for a linear sweep.
#include "circuits/frequency_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace settle {
namespace {

std::vector<double> frequencies(const std::string& spacing, double n, double start, double stop) {
  std::vector<double> f;
  if (spacing == "lin") {
    const auto count = static_cast<std::size_t>(n);
    for (std::size_t k = 0; k < count; ++k) f.push_back(count > 1 ? start + static_cast<double>(k) * (stop - start) / static_cast<double>(count - 1) : start);
    return f;
  }
  if (spacing == "oct") {
    for (double k = 0.0; start * std::pow(2.0, k / n) <= stop * (1.0 + 1e-9); ++k) f.push_back(start * std::pow(2.0, k / n));
    return f;
  }
  // As ngspice does it: as many whole steps of a decade's n-th part as fit, spread so that the last point is exactly `stop`.
  const double decades = std::log10(stop / start), steps = std::max(std::floor(decades * n + 1e-9), stop > start ? 1.0 : 0.0);
  for (double k = 0.0; k <= steps; ++k) f.push_back(steps > 0.0 ? start * std::pow(10.0, decades * k / steps) : start);
  return f;
}

}  // namespace

std::vector<CardParameter> sweep_parameters() {
  return {{"spacing", "", "", "dec: points per decade, oct: per octave, lin: in all"},
          {"points", "", "", "how many"},
          {"start", "Hz", "", "first frequency"},
          {"stop", "Hz", "", "last frequency"}};
}

std::optional<std::vector<double>> read_sweep(const AnalysisCard& card, std::size_t first, const Analysis& analysis, Diagnostics& diagnostics) {
  const bool given = card.words.size() > first;
  const std::string spacing = given ? card.words[first].text : "";
  if (spacing != "dec" && spacing != "oct" && spacing != "lin") {
    diagnostics.error(given ? card.words[first].where : card.where, given ? fmt::format("unknown spacing '{}'; it is dec, oct or lin", spacing) : "how are the points spaced? usage: " + analysis.usage());
    return {};
  }
  const auto points = number_at(card, first + 1, "points", diagnostics);
  const auto start = points ? number_at(card, first + 2, "start", diagnostics) : std::nullopt;
  const auto stop = start ? number_at(card, first + 3, "stop", diagnostics) : std::nullopt;
  if (!stop) return {};
  const auto refuse = [&](std::size_t word, const std::string& text) {
    diagnostics.error(card.words[first + word].where, text);
    return std::nullopt;
  };
  if (!(*points >= 1.0 && *points <= 1e7)) return refuse(1, "the number of points must be between 1 and 1e7");
  if (*start < 0.0 || (spacing != "lin" && *start <= 0.0)) return refuse(2, fmt::format("the first frequency of a {} sweep must be above 0 Hz; use lin to start at 0", spacing));
  if (*stop < *start) return refuse(3, fmt::format("the last frequency, {} Hz, lies below the first, {} Hz", *stop, *start));
  return frequencies(spacing, *points, *start, *stop);
}

}  // namespace settle
