// How a Bank's rates depend on a field, paired with an error signal: lambda^T df/dw.
#pragma once

#include <cmath>

#include "devices/bank.hpp"

namespace settle {

/// lambda^T f of one device at one sample, with the fields of `device` and its memory states where these say they begin.
template <Device D>
template <Scalar S>
S Bank<D>::paired(std::size_t k, const D& device, const Block<S>& x, Index sample, double t, const Block<S>& lambda) const {
  const Place& p = place_[k];
  Port<S, Shape> port = gather<S>(p, x, sample, t);
  for (std::size_t n = 0; n < N; ++n)
    if (description_.states[n].memory) port.state[n] += device.initial(n) - device_[k].initial(n);
  const Flow<S, Shape> flow = device.flow(port);
  S sum(0.0);
  if constexpr (D::conducts)
    for (std::size_t i = 0; i < P; ++i) sum -= lambda(into(k, i), sample) * gain(k, i) * device.m * flow.current[i];
  for (std::size_t n = 0; n < N; ++n) sum += lambda(p.row[P + n], sample) * flow.drift[n];
  for (std::size_t q = 0; q < Q; ++q)
    if (p.charge[q] >= 0) sum += lambda(p.charge[q], sample) * device.m * flow.charge[q];
  return sum;
}

/// Most fields enter linearly (a conductance): a wide central difference is then exact, and its second difference vanishes. Otherwise a difference
/// of five points.
template <Device D>
template <Scalar S>
bool Bank<D>::pullback(std::size_t field, const Block<S>& x, const Moment& now, const Block<S>& lambda, S* gradient) const {
  const auto member = description_.fields[field].member;
  for (std::size_t k = 0; k < device_.size(); ++k) {
    const double w = device_[k].*member, scale = std::abs(w) > 0.0 ? std::abs(w) : 1.0;
    if (!(w == w)) return false;
    const auto moved = [&](double by) {
      D device = device_[k];
      device.*member = w + by;
      device.prepare(environment_);
      return device;
    };
    constexpr double wide = 0.5, narrow = 1e-3;
    const std::array<D, 7> at{moved(0.0), moved(wide * scale), moved(-wide * scale), moved(narrow * scale), moved(-narrow * scale), moved(2.0 * narrow * scale), moved(-2.0 * narrow * scale)};
    for (Index s = 0; s < x.cols(); ++s) {
      const auto value = [&](std::size_t which) { return paired<S>(k, at[which], x, s, now.t, lambda); };
      const S here = value(0), up = value(1), down = value(2);
      constexpr double rounding = 1e-14;
      if (std::abs(up - 2.0 * here + down) <= rounding * (std::abs(up) + 2.0 * std::abs(here) + std::abs(down)))
        gradient[k] += (up - down) / (2.0 * wide * scale);
      else
        gradient[k] += (8.0 * (value(3) - value(4)) - (value(5) - value(6))) / (12.0 * narrow * scale);
    }
  }
  return true;
}

}  // namespace settle
