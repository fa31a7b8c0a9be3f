// Reading faults: one uniform number per crossing decides, so a fault more does not move the others.
#include "circuits/array_faults.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "sim/number.hpp"

namespace settle {
namespace {

using Sort = ArrayFault::Sort;

constexpr std::array<std::pair<const char*, Sort>, 4> sorts{
    {{"stuck_on", Sort::stuck_on}, {"stuck_off", Sort::stuck_off}, {"open", Sort::open}, {"short", Sort::shorted}}};

}  // namespace

std::vector<ArrayFault> FaultReader::read(const std::array<double, 2>& reach) {
  draw();
  for (const auto& [name, sort] : sorts)
    if (const GivenOption* given = words_.find(name); given && given->values.size() > 1) list(*given, sort);
  const std::array<double, 4> g = conductances(reach);
  std::vector<ArrayFault> faults;
  for (const auto& [crossing, sort] : sorts_) faults.push_back({crossing, sort, g[static_cast<std::size_t>(sort)]});
  return faults;
}

void FaultReader::draw() {
  std::array<double, sorts.size()> share{};
  double sum = 0.0;
  const GivenOption* last = nullptr;
  for (std::size_t k = 0; k < sorts.size(); ++k) {
    const GivenOption* given = words_.find(sorts[k].first);
    if (!given || given->values.size() > 1) continue;
    last = given;
    sum += share[k] = words_.number(sorts[k].first, 0.0);
  }
  if (sum > 1.0 + 1e-12)
    return scope_.error(card_.where(last->values.front()), fmt::format("the shares of faulty cells sum to {:g}; together they can be at most 1 (a yield of 0)", sum));
  if (sum == 0.0) return;
  for (std::size_t i = 0; i < shape_.rows; ++i)
    for (std::size_t j = 0; j < shape_.width(); ++j) {
      double u = crossing_stream(scope_.elaboration().seed, {array_, "fault"}, i, j).uniform_at(0);
      for (std::size_t k = 0; k < sorts.size(); u -= share[k++])
        if (u < share[k]) {
          sorts_[i * shape_.width() + j] = sorts[k].second;
          break;
        }
    }
}

void FaultReader::list(const GivenOption& given, Sort sort) {
  if (given.values.size() % 2 != 0)
    return scope_.error(card_.where(given.values.back()), fmt::format("the last crossing of '{}' has a row but no column: {}=(row,column) (row,column) ...", given.name, given.name));
  for (std::size_t k = 0; k < given.values.size(); k += 2) {
    std::size_t crossing = 0;
    if (!take_place(given, k, crossing)) continue;
    const Location where = card_.where(given.values[k]);
    if (const auto [it, fresh] = listed_.try_emplace(crossing, where); !fresh)
      scope_.error(where, fmt::format("{} has two faults", crossing_name(array_, shape_, crossing)), {{it->second, "the first one is here"}});
    sorts_[crossing] = sort;
  }
}

bool FaultReader::take_place(const GivenOption& given, std::size_t k, std::size_t& crossing) {
  const double row = index(given.values[k], shape_.rows, "row"), column = index(given.values[k + 1], shape_.width(), "column");
  if (std::isnan(row) || std::isnan(column)) return false;
  crossing = static_cast<std::size_t>(row) * shape_.width() + static_cast<std::size_t>(column);
  return true;
}

double FaultReader::index(std::string_view word, std::size_t width, const char* what) {
  const double value = scope_.number(card_, word, {.owner = array_});
  if (std::isnan(value) || (value == std::floor(value) && value >= 0.0 && value < static_cast<double>(width))) return value;
  scope_.error(card_.where(word), fmt::format("'{}' has no {} {:g}; they count from 0 to {}", array_, what, value, width - 1));
  return std::numeric_limits<double>::quiet_NaN();
}

std::array<double, 4> FaultReader::conductances(const std::array<double, 2>& reach) {
  std::array<double, 4> g{};
  g[static_cast<std::size_t>(Sort::stuck_on)] = conductance("gon", "stuck_on", reach[1]);
  g[static_cast<std::size_t>(Sort::stuck_off)] = conductance("goff", "stuck_off", reach[0]);
  g[static_cast<std::size_t>(Sort::shorted)] = 1.0 / words_.number("rshort", 1.0);
  return g;
}

double FaultReader::conductance(const char* option, const char* sort, double standard) {
  const GivenOption* given = words_.find(sort);
  const double g = words_.number(option, standard);
  if (given && !std::isfinite(g))
    scope_.error(card_.where(given->name), fmt::format("the model does not say what conductance a cell {} has; give {}=", sort, option));
  return g;
}

}  // namespace settle
