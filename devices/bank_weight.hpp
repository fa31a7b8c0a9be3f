// The conductance of a banked device and the field value that gives it one.
#pragma once

#include <fmt/format.h>

#include "devices/bank.hpp"
#include "devices/weight.hpp"

namespace settle {

/// di/dv between the first two terminals, all terminals at zero volts, states where they begin.
template <Device D>
double small_signal_conductance(const D& device) {
  using Shape = typename D::Shape;
  using Number = Dual<double, 1>;
  Port<Number, Shape> port;
  port.v[0] = Number::variable(0.0, 0);
  for (std::size_t n = 0; n < Shape::states; ++n) port.state[n] = Number(device.initial(n));
  return device.m * device.flow(port).current[0].slope[0];
}

template <Device D>
double BankKind<D>::conductance_of(const Values& values, const Environment& environment) const {
  if (weight.empty()) return Kind::conductance_of(values, environment);
  return small_signal_conductance(prepared(values, environment));
}

/// The bounds of the field `weight`, with a number in place of infinity.
template <Device D>
std::array<double, 2> weight_bounds(const D& device, const Field& field) {
  constexpr double far = 1e30;
  const std::array<double, 2> range = device.weight_range();
  return {std::max(range[0] == range[0] ? range[0] : field.lower, -far), std::min(range[1] == range[1] ? range[1] : field.upper, far)};
}

template <Device D>
std::array<double, 2> BankKind<D>::weight_range(const Values& values, const Environment& environment) const {
  if (weight.empty()) return Kind::weight_range(values, environment);
  return weight_bounds(prepared(values, environment), description_.fields[field_index(weight)].field);
}

template <Device D>
double BankKind<D>::weight_for(const Values& values, double conductance, const Environment& environment) const {
  if (weight.empty()) return Kind::weight_for(values, conductance, environment);
  D device = prepared(values, environment);
  const auto& [field, member] = description_.fields[field_index(weight)];
  const auto conductance_at = [&device, member = member, &environment](double value) {
    device.*member = value;
    device.prepare(environment);
    return small_signal_conductance(device);
  };
  const auto [low, high] = weight_bounds(device, field);
  const auto [least, most] = std::minmax({conductance_at(low), conductance_at(high)});
  if (!(conductance >= least && conductance <= most))
    throw Error(Fault::netlist, fmt::format("a conductance of {:g} S is out of reach: {} = {:g} .. {:g} {} gives {:g} .. {:g} S", conductance, weight, low,
                                            high, field.unit, least, most));
  return inverse_of_monotone(conductance_at, low, high, conductance);
}

}  // namespace settle
