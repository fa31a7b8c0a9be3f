// Figures over the steps of a run: mean and standard deviation over seeds, a line for every other step.
#include "circuits/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace settle {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

const Figure* FigureReport::find(std::string_view name) const {
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const Figure& figure) { return figure.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

std::vector<std::size_t> FigureReport::stepped(const Figure& figure) const {
  std::vector<std::size_t> result = figure.over;
  std::erase_if(result, [&](std::size_t parameter) { return parameters[parameter] == "seed"; });
  return result;
}

FigureRow FigureReport::row(const Figure& figure, std::size_t step) const {
  const std::vector<std::size_t> stepped_over = stepped(figure);
  const auto seed = std::find_if(figure.over.begin(), figure.over.end(), [&](std::size_t parameter) { return parameters[parameter] == "seed"; });
  const auto same = [&](std::size_t other) {
    return std::all_of(stepped_over.begin(), stepped_over.end(), [&](std::size_t parameter) { return steps[other][parameter] == steps[step][parameter]; });
  };
  std::map<double, double> by_seed;
  for (std::size_t s = 0; s < steps.size(); ++s)
    if (same(s) && !std::isnan(figure.values[s])) by_seed.emplace(seed == figure.over.end() ? 0.0 : steps[s][*seed], figure.values[s]);
  FigureRow result{{}, none, none, by_seed.size()};
  for (const std::size_t parameter : stepped_over) result.at.push_back(steps[step][parameter]);
  if (by_seed.empty()) return result;
  const double count = static_cast<double>(by_seed.size());
  double sum = 0.0, square = 0.0;
  for (const auto& [_, value] : by_seed) sum += value;
  result.mean = sum / count;
  for (const auto& [_, value] : by_seed) square += (value - result.mean) * (value - result.mean);
  if (by_seed.size() > 1) result.deviation = std::sqrt(square / (count - 1.0));
  return result;
}

std::vector<FigureRow> FigureReport::rows(const Figure& figure) const {
  std::vector<FigureRow> result;
  for (const std::size_t step : distinct(stepped(figure))) result.push_back(row(figure, step));
  return result;
}

std::vector<std::size_t> FigureReport::distinct(const std::vector<std::size_t>& chosen) const {
  std::vector<std::size_t> result;
  std::set<std::vector<double>> seen;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    std::vector<double> at;
    for (const std::size_t parameter : chosen) at.push_back(steps[s][parameter]);
    if (seen.insert(std::move(at)).second) result.push_back(s);
  }
  return result;
}

std::string FigureReport::missing(const Figure& figure) const {
  if (figure.failure.empty()) return "";
  const bool any = std::any_of(figure.values.begin(), figure.values.end(), [](double value) { return !std::isnan(value); });
  return (any ? "values are missing, the first " : "no value: ") + figure.failure;
}

std::size_t FigureReport::seeds() const {
  const auto seed = std::find(parameters.begin(), parameters.end(), "seed");
  return seed == parameters.end() ? 1 : distinct({static_cast<std::size_t>(seed - parameters.begin())}).size();
}

std::string FigureReport::place(const std::vector<std::size_t>& chosen, std::size_t step) const {
  std::string text;
  for (const std::size_t parameter : chosen) text += fmt::format("{}{}={:.6g}", text.empty() ? "" : " ", parameters[parameter], steps[step][parameter]);
  return text;
}

}  // namespace settle
