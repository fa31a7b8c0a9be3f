// The equations of a Bank: rates, Jacobians, limiting, mass.
#pragma once

#include "devices/bank.hpp"

namespace settle {

template <Device D>
template <Scalar S>
void Bank<D>::require_holomorphic() const {
  if (std::same_as<S, double> || kind_.holomorphy != Holomorphy::nowhere || device_.empty()) return;
  throw Error(Fault::simulation, refusal(name(0), kind_));
}

template <Device D>
template <Scalar S>
void Bank<D>::rate(const Block<S>& x, const Moment& now, Block<S>& f) const {
  require_holomorphic<S>();
  for (std::size_t k = 0; k < device_.size(); ++k) {
    const D& device = device_[k];
    const Place& p = place_[k];
    if (silent(p)) continue;
    for (Index s = 0; s < x.cols(); ++s) {
      const Flow<S, Shape> flow = device.flow(gather<S>(p, x, s, now.t));
      if constexpr (D::conducts)
        for (std::size_t i = 0; i < P; ++i) f(into(k, i), s) -= gain(k, i) * device.m * flow.current[i];
      for (std::size_t n = 0; n < N; ++n) f(p.row[P + n], s) += flow.drift[n];
      for (std::size_t q = 0; q < Q; ++q)
        if (p.charge[q] >= 0) f(p.charge[q], s) += device.m * flow.charge[q] - x(p.charge[q], s);
    }
  }
}

template <Device D>
template <Scalar S>
void Bank<D>::stamp(std::size_t k, const Flow<Number<S>, Shape>& flow, Stamps<S>& J) const {
  const double m = device_[k].m;
  const Place& p = place_[k];
  for (std::size_t j = 0; j < L; ++j) {
    if constexpr (D::conducts)
      for (std::size_t i = 0; i < P; ++i)
        if (D::depends(i, j)) J.add(into(k, i), p.row[j], -gain(k, i) * m * flow.current[i].slope[j]);
    for (std::size_t n = 0; n < N; ++n)
      if (D::depends(P + n, j)) J.add(p.row[P + n], p.row[j], flow.drift[n].slope[j]);
    for (std::size_t q = 0; q < Q; ++q)
      if (D::depends(R + q, j) && p.charge[q] >= 0) J.add(p.charge[q], p.row[j], m * flow.charge[q].slope[j]);
  }
  for (std::size_t q = 0; q < Q; ++q)
    if (p.charge[q] >= 0) J.add(p.charge[q], p.charge[q], S(-1.0));
}

template <Device D>
template <Scalar S>
void Bank<D>::jacobian(const Block<S>& x, const Moment& now, Stamps<S>& J) const {
  for (std::size_t k = 0; k < device_.size(); ++k)
    if (!silent(place_[k])) stamp<S>(k, slopes<S>(k, x, 0, now.t), J);
}

/// i(v) ~ i(u) + di/du (v - u) with u the limited voltages; the same for drifts and charges.
template <Device D>
template <Scalar S>
bool Bank<D>::limited(const Block<S>& x, const Moment& now, S* memory, Block<S>& f, Stamps<S>& J) const {
  require_holomorphic<S>();
  bool any = false;
  for (std::size_t k = 0; k < device_.size(); ++k) {
    const Place& p = place_[k];
    if (silent(p)) continue;
    Port<S, Shape> port = gather<S>(p, x, 0, now.t);
    const std::array<S, P> v = port.v;
    if constexpr (D::limits) any = limit(device_[k], port.v, memory + k * P) || any;
    const Flow<Number<S>, Shape> flow = device_[k].flow(seed<S>(port));
    stamp<S>(k, flow, J);
    const auto linearized = [&](const Number<S>& y) {
      S value = y.value;
      for (std::size_t i = 0; i < P; ++i) value += y.slope[i] * (v[i] - port.v[i]);
      return value;
    };
    const double m = device_[k].m;
    if constexpr (D::conducts)
      for (std::size_t i = 0; i < P; ++i) f(into(k, i), 0) -= gain(k, i) * m * linearized(flow.current[i]);
    for (std::size_t n = 0; n < N; ++n) f(p.row[P + n], 0) += linearized(flow.drift[n]);
    for (std::size_t q = 0; q < Q; ++q)
      if (p.charge[q] >= 0) f(p.charge[q], 0) += m * linearized(flow.charge[q]) - x(p.charge[q], 0);
  }
  return any;
}

/// Limits the real parts of `v` in view of the previous ones in `memory`, and remembers them. True if something moved.
template <Device D>
template <Scalar S>
bool Bank<D>::limit(const D& device, std::array<S, P>& v, S* memory) {
  if constexpr (!D::limits) {
    return false;
  } else {
    std::array<double, P> wanted, previous;
    for (std::size_t i = 0; i < P; ++i) wanted[i] = re(v[i]), previous[i] = re(memory[i]);
    const bool first = std::any_of(previous.begin(), previous.end(), [](double u) { return !(u == u); });
    const std::array<double, P> now = device.limit(wanted, first ? wanted : previous);
    bool moved = false;
    for (std::size_t i = 0; i < P; ++i) {
      moved = moved || std::abs(now[i] - wanted[i]) > 1e-9 + 1e-6 * std::abs(wanted[i]);
      v[i] += now[i] - wanted[i];
      memory[i] = v[i];
    }
    return moved;
  }
}

template <Device D>
void Bank<D>::add_charge_mass(std::size_t k, std::size_t q, Stamps<double>& M) const {
  const Place& p = place_[k];
  if (p.charge[q] == absent) return;
  const Index from = p.row[static_cast<std::size_t>(description_.charges[q].from)];
  const Index to = p.row[static_cast<std::size_t>(description_.charges[q].to)];
  if (p.charge[q] >= 0) {
    M.add(from, p.charge[q], 1.0);
    M.add(to, p.charge[q], -1.0);
    return;
  }
  const Flow<Number<double>, Shape> flow = device_[k].flow(seed<double>(Port<double, Shape>{}));
  for (std::size_t j = 0; j < P; ++j) {
    if (!D::depends(R + q, j)) continue;
    M.add(from, p.row[j], device_[k].m * flow.charge[q].slope[j]);
    M.add(to, p.row[j], -device_[k].m * flow.charge[q].slope[j]);
  }
}

}  // namespace settle
