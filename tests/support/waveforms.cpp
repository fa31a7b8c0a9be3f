// Norms between the columns of two rawfile plots.
#include "tests/support/waveforms.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace settle::testing {
namespace {

using Samples = std::vector<double>;

// Linear between the points; `times` ascends.
double value_at(const Samples& times, const Samples& values, double t) {
  const auto after = std::upper_bound(times.begin(), times.end(), t);
  if (after == times.begin()) return values.front();
  if (after == times.end()) return values.back();
  const std::size_t k = static_cast<std::size_t>(after - times.begin());
  const double step = times[k] - times[k - 1];
  return values[k - 1] + (values[k] - values[k - 1]) * (t - times[k - 1]) / step;
}

double largest(const std::vector<std::complex<double>>& column) {
  double most = 0;
  for (const auto& value : column) most = std::max(most, std::abs(value));
  return most;
}

double mean_period(const Samples& times, const Samples& values) {
  const double middle = (times.front() + times.back()) / 2;
  const std::size_t begin = static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), middle) - times.begin());
  const auto [low, high] = std::minmax_element(values.begin() + static_cast<long>(begin), values.end());
  const double level = (*low + *high) / 2;
  Samples crossings;
  for (std::size_t k = begin + 1; k < times.size(); ++k)
    if (values[k - 1] < level && values[k] >= level)
      crossings.push_back(times[k - 1] + (times[k] - times[k - 1]) * (level - values[k - 1]) / (values[k] - values[k - 1]));
  if (crossings.size() < 4) throw std::runtime_error("fewer than 3 periods in the second half of the run");
  return (crossings.back() - crossings.front()) / static_cast<double>(crossings.size() - 1);
}

}  // namespace

bool has_column(const RawPlot& plot, const std::string& name) {
  return std::find(plot.names.begin(), plot.names.end(), name) != plot.names.end();
}

Deviation over_time(const RawPlot& reference, const RawPlot& other, const std::string& name) {
  const Samples ta = reference.real("time"), tb = other.real("time"), a = reference.real(name), b = other.real(name);
  if (ta.size() < 2 || tb.size() < 2) throw std::runtime_error("fewer than two points in time");
  const double begin = std::max(ta.front(), tb.front()), end = std::min(ta.back(), tb.back());
  const double span = std::max(ta.back(), tb.back()) - std::min(ta.front(), tb.front());
  if (!(end - begin > 0.99 * span)) throw std::runtime_error("the two runs cover different times");
  Samples grid = ta.size() < tb.size() ? ta : tb;
  grid.erase(std::remove_if(grid.begin(), grid.end(), [&](double t) { return t < begin || t > end; }), grid.end());

  Deviation worst{reference.plotname, name};
  double integral = 0, before = 0, most = -1;
  for (std::size_t k = 0; k < grid.size(); ++k) {
    const double difference = value_at(ta, a, grid[k]) - value_at(tb, b, grid[k]);
    if (std::isnan(difference)) throw std::runtime_error(name + " is not a number at t=" + std::to_string(grid[k]));
    if (k > 0) integral += (difference * difference + before) / 2 * (grid[k] - grid[k - 1]);
    before = difference * difference;
    if (before > most) most = before, worst.where = grid[k];
  }
  const double range = std::max(largest(reference.column(name)), 1e-12);
  worst.error = std::sqrt(integral / (grid.back() - grid.front())) / range;
  return worst;
}

Deviation by_point(const RawPlot& reference, const RawPlot& other, const std::string& name, double of_range) {
  const auto &a = reference.column(name), &b = other.column(name);
  if (a.size() != b.size())
    throw std::runtime_error(name + " has " + std::to_string(b.size()) + " points instead of " + std::to_string(a.size()));
  const double floor = std::max(of_range * largest(a), name[0] == 'i' ? 1e-12 : 1e-9);
  Deviation worst{reference.plotname, name};
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double error = std::abs(a[k] - b[k]) / (std::abs(a[k]) + floor);
    if (std::isnan(error)) throw std::runtime_error(name + " is not a number at point " + std::to_string(k));
    if (error > worst.error) worst.error = error, worst.where = a.size() > 1 ? reference.columns[0][k].real() : 0;
  }
  return worst;
}

Deviation by_period(const RawPlot& reference, const RawPlot& other, const std::string& name) {
  const double a = mean_period(reference.real("time"), reference.real(name));
  const double b = mean_period(other.real("time"), other.real(name));
  return {reference.plotname, "period of " + name, std::abs(b - a) / a, a};
}

}  // namespace settle::testing
