// What a Bank shows of its devices: currents, power, states and charges, in the large and for small deviations.
#pragma once

#include "devices/bank.hpp"

namespace settle {

/// i, p, i<terminal>..., states..., charges..., g: look() and observe_small() count on this order.
template <Device D>
std::vector<Quantity> Bank<D>::quantities(Index) const {
  std::vector<Quantity> all{{"i", "A", "current into '" + description_.terminals[0] + "'"}, {"p", "W", "power taken up"}};
  for (const auto& terminal : description_.terminals) all.push_back({"i" + terminal, "A", "current into '" + terminal + "'"});
  for (const auto& state : description_.states) all.push_back({state.name, state.unit, "internal state"});
  for (const auto& charge : description_.charges) all.push_back({charge.name, "C", "charge"});
  if (!description_.weight.empty()) all.push_back({"g", "S", "small-signal conductance at zero volts, with the states as they are"});
  return all;
}

/// All currents into the ports, displacement currents included; slopes are only asked for where there is a charge.
template <Device D>
template <Scalar S>
std::array<S, Bank<D>::P> Bank<D>::port_currents(std::size_t k, const Solution<S>& solution, Index sample) const {
  const Place& p = place_[k];
  const double m = device_[k].m;
  const Flow<Number<S>, Shape> flow = slopes<S>(k, solution.x(), sample, solution.moment().t);
  std::array<S, P> current;
  for (std::size_t i = 0; i < P; ++i) current[i] = m * flow.current[i].value;
  for (std::size_t q = 0; q < Q; ++q) {
    if (p.charge[q] == absent) continue;
    S dq{};
    if (p.charge[q] >= 0)
      dq = solution.slope()(p.charge[q], sample);
    else
      for (std::size_t j = 0; j < P; ++j) dq += m * flow.charge[q].slope[j] * solution.slope()(p.row[j], sample);
    current[static_cast<std::size_t>(description_.charges[q].from)] += dq;
    current[static_cast<std::size_t>(description_.charges[q].to)] -= dq;
  }
  return current;
}

/// A terminal's current includes that of an internal port joined to it.
template <Device D>
template <Scalar S>
S Bank<D>::terminal_current(std::size_t k, std::size_t terminal, const std::array<S, P>& current) const {
  S total = current[terminal];
  for (std::size_t p = description_.terminals.size(); p < P; ++p)
    if (device_[k].joined(p) == static_cast<int>(terminal)) total += current[p];
  return total;
}

template <Device D>
template <Scalar S>
S Bank<D>::look(Index device, std::size_t quantity, const Solution<S>& solution, Index sample) const {
  const std::size_t k = index(device), first_state = 2 + description_.terminals.size();
  const Place& p = place_[k];
  if (quantity == first_state + N + Q) {
    Port<S, Shape> unbiased = gather<S>(p, solution.x(), sample, solution.moment().t);
    unbiased.v = {};
    return device_[k].m * device_[k].flow(seed(unbiased)).current[0].slope[0];
  }
  if (quantity >= first_state + N) {
    const std::size_t q = quantity - first_state - N;
    return device_[k].m * device_[k].flow(gather<S>(p, solution.x(), sample, solution.moment().t)).charge[q];
  }
  if (quantity >= first_state) return solution.x()(p.row[P + quantity - first_state], sample);
  const std::array<S, P> current = port_currents<S>(k, solution, sample);
  if (quantity != 1) return terminal_current<S>(k, quantity == 0 ? 0 : quantity - 2, current);
  S power{};
  for (std::size_t i = 0; i < P; ++i) power += current[i] * solution.x()(p.row[i], sample);
  return power;
}

template <Device D>
Complex Bank<D>::observe_small(Index device, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const {
  const std::size_t k = index(device), first_state = 2 + description_.terminals.size();
  const Place& p = place_[k];
  if (quantity == first_state + N + Q) return 0.0;  // memory does not follow small signals
  if (quantity >= first_state && quantity < first_state + N) return small.x()(p.row[P + quantity - first_state], 0);
  const Flow<Number<double>, Shape> flow = slopes<double>(k, rest.x(), 0, rest.moment().t);
  const auto contracted = [&](const Number<double>& y, const Block<Complex>& with) {
    Complex sum{};
    for (std::size_t j = 0; j < L; ++j) sum += y.slope[j] * with(p.row[j], 0);
    return device_[k].m * sum;
  };
  if (quantity >= first_state + N) return contracted(flow.charge[quantity - first_state - N], small.x());
  std::array<Complex, P> current;
  for (std::size_t i = 0; i < P; ++i) current[i] = contracted(flow.current[i], small.x());
  for (std::size_t q = 0; q < Q; ++q) {
    if (p.charge[q] == absent) continue;
    const Complex dq = contracted(flow.charge[q], small.slope());
    current[static_cast<std::size_t>(description_.charges[q].from)] += dq;
    current[static_cast<std::size_t>(description_.charges[q].to)] -= dq;
  }
  if (quantity != 1) return terminal_current<Complex>(k, quantity == 0 ? 0 : quantity - 2, current);
  Complex power{};  // first order: i0 dv + v0 di
  for (std::size_t i = 0; i < P; ++i)
    power += device_[k].m * flow.current[i].value * small.x()(p.row[i], 0) + rest.x()(p.row[i], 0) * current[i];
  return power;
}

}  // namespace settle
