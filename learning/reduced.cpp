// Newton's iteration on small matrices.
#include "learning/reduced.hpp"

#include <algorithm>
#include <cmath>

namespace settle {
namespace {

constexpr int most_iterations = 40;
constexpr double settled = 1e-13, rounding = 1e-9;  // of the largest voltage

}  // namespace

std::optional<Reduced> Reduced::of(const Netlist& netlist, const Neurons& neurons, const Dynamics<double>& dynamics) {
  auto network = Network::of(netlist, neurons, dynamics.circuit());
  return network ? std::optional(Reduced(std::move(*network))) : std::nullopt;
}

void Reduced::take_drive(const Dynamics<double>& dynamics) {
  Block<double> f;
  dynamics.rate(Block<double>::Zero(net_.unknowns, 1), 0.0, f);
  b_.resize(count());
  for (Index k = 0; k < count(); ++k) b_[k] = f(net_.membrane[static_cast<std::size_t>(k)], 0);
}

/// Membranes as all unknowns; currents of sources stay zero: nothing that learns looks at them.
template <Scalar S>
void Reduced::spread(const Vector<S>& u, Block<S>& x) const {
  x.setZero(net_.unknowns, 1);
  for (Index k = 0; k < count(); ++k) {
    const std::size_t n = static_cast<std::size_t>(k);
    x(net_.membrane[n], 0) = u[k];
    if (net_.activity[n] >= 0) x(net_.activity[n], 0) = net_.phi[n].eval<S>(std::span<const S>(&u[k], 1));
  }
}

template <Scalar S>
Vector<S> Reduced::balance(const Vector<S>& u, const Block<S>& x) const {
  Vector<S> r = Vector<S>::Zero(count());
  for (Index k = 0; k < count(); ++k)
    if (net_.activity[static_cast<std::size_t>(k)] >= 0) r[k] = x(net_.activity[static_cast<std::size_t>(k)], 0);
  return b_ + net_.A * u + net_.W * r;
}

/// What sources must bring to their nodes.
void Reduced::fill_currents(const Dynamics<double>& dynamics, Block<double>& x) const {
  Block<double> f;
  dynamics.rate(x, 0.0, f);
  for (std::size_t n = 0; n < net_.activity.size(); ++n)
    if (net_.activity[n] >= 0) x(net_.current[n], 0) = f(net_.activity[n], 0);
}

Vector<double> Reduced::gains(const Vector<double>& u) const {
  Vector<double> D = Vector<double>::Zero(count());
  for (Index k = 0; k < count(); ++k) {
    double slope = 0.0;
    if (net_.activity[static_cast<std::size_t>(k)] >= 0) net_.phi[static_cast<std::size_t>(k)].gradient<double>(std::span<const double>(&u[k], 1), std::span<double>(&slope, 1));
    D[k] = slope;
  }
  return D;
}

void Reduced::factor(const Vector<double>& u) const {
  D_ = gains(u);
  factors_.compute(net_.A + net_.W * D_.asDiagonal());
}

/// Newton's iteration, with factors kept as long as they serve.
int Reduced::rest(const Dynamics<double>& dynamics, Block<double>& x) {
  take_drive(dynamics);
  Vector<double> u = Vector<double>::Zero(count());
  for (Index k = 0; k < count() && x.rows() == net_.unknowns; ++k) u[k] = x(net_.membrane[static_cast<std::size_t>(k)], 0);
  double before = INFINITY;
  bool stale = true;
  for (int n = 1; n <= most_iterations; ++n) {
    spread(u, x);
    if (stale) factor(u);
    const Vector<double> step = factors_.solve(balance(u, x));
    const double size = step.cwiseAbs().maxCoeff(), scale = std::max(u.cwiseAbs().maxCoeff(), 1e-6);
    if (!std::isfinite(size)) return -1;
    constexpr double near = 1e-2, serving = 0.2;  // far from rest only Newton itself says which rest state is found
    stale = size > near * scale || size > serving * before;
    u -= step;
    if (size < settled * scale || (size > 0.5 * before && size < rounding * scale)) {
      spread(u, x);
      fill_currents(dynamics, x);
      u_ = u, here_ = false;
      return n;
    }
    before = size;
  }
  return -1;
}

void Reduced::factor_here() const {
  if (!here_) factor(u_), here_ = true;
}

Reduced::Correction Reduced::correction(const Eigen::SparseMatrix<double>& K) const {
  factor_here();
  const std::vector<Index>& neuron = net_.neuron_at();
  std::vector<Index> of_r(static_cast<std::size_t>(net_.unknowns), -1);
  for (Index k = 0; k < count(); ++k) of_r[static_cast<std::size_t>(net_.reading(k))] = k;
  Correction correction{Eigen::MatrixXd::Zero(count(), count()), {}};
  for (Index j = 0; j < K.cols(); ++j)
    for (Eigen::SparseMatrix<double>::InnerIterator it(K, j); it; ++it) correction.K(neuron[static_cast<std::size_t>(it.row())], of_r[static_cast<std::size_t>(j)]) += it.value();
  Vector<double> D = D_;
  for (Index k = 0; k < count(); ++k)
    if (net_.activity[static_cast<std::size_t>(k)] < 0) D[k] = 1.0;
  correction.factors.compute(net_.A + net_.W * D_.asDiagonal() - correction.K * D.asDiagonal());
  return correction;
}

template <Scalar S>
bool Reduced::nudged(const Block<double>& rest, const std::vector<NudgeTerm>& terms, const Given& given, S beta, Block<S>& x, const Correction* correction) const {
  const std::vector<Index>& neuron = net_.neuron_at();
  Vector<S> u(count());
  for (Index k = 0; k < count(); ++k) u[k] = rest(net_.membrane[static_cast<std::size_t>(k)], 0);
  const Vector<S> u0 = u;
  Vector<S> moved(count());
  const auto& factors = correction ? correction->factors : factors_;
  double before = INFINITY, first = 0.0;
  for (int n = 1; n <= most_iterations; ++n) {
    spread(u, x);
    Vector<S> f = balance(u, x);
    for (const NudgeTerm& term : terms) f[neuron[static_cast<std::size_t>(term.row)]] -= beta * value_of(term, x, given, 0);
    if (correction) {
      for (Index k = 0; k < count(); ++k) {
        const Index at = net_.reading(k);
        moved[k] = x(at, 0) - rest(at, 0);
      }
      f -= correction->K * moved;
    }
    Vector<S> step;
    if constexpr (std::same_as<S, double>) step = factors.solve(f);
    else {
      step.resize(count());
      step.real() = factors.solve(Vector<double>(f.real()));
      step.imag() = factors.solve(Vector<double>(f.imag()));
    }
    const double size = step.cwiseAbs().maxCoeff(), scale = std::max(u.cwiseAbs().maxCoeff(), 1e-6);
    if (n == 1) first = size;  // what a small nudge would do
    constexpr double far = 3.0;
    if (!std::isfinite(size) || (size > before && size > rounding * scale) || (u - u0).cwiseAbs().maxCoeff() > far * std::max(first, settled * scale)) return false;
    u -= step;
    if (size < settled * scale || (size > 0.9 * before && size < rounding * scale)) {
      spread(u, x);
      return true;
    }
    before = size;
  }
  return false;
}

Vector<double> Reduced::solve(const Vector<double>& b) const {
  Vector<double> into(count()), x = Vector<double>::Zero(net_.unknowns);
  for (Index k = 0; k < count(); ++k) into[k] = b[net_.membrane[static_cast<std::size_t>(k)]];
  factor_here();
  const Vector<double> u = factors_.solve(into);
  for (Index k = 0; k < count(); ++k) {
    x[net_.membrane[static_cast<std::size_t>(k)]] = u[k];
    if (net_.activity[static_cast<std::size_t>(k)] >= 0) x[net_.activity[static_cast<std::size_t>(k)]] = D_[k] * u[k];
  }
  return x;
}

Vector<double> Reduced::solve_transposed(const Vector<double>& b) const {
  factor_here();
  Vector<double> on(count()), x = Vector<double>::Zero(net_.unknowns);
  for (Index k = 0; k < count(); ++k) {
    on[k] = b[net_.membrane[static_cast<std::size_t>(k)]];
    if (net_.activity[static_cast<std::size_t>(k)] >= 0) on[k] += D_[k] * b[net_.activity[static_cast<std::size_t>(k)]];
  }
  const Vector<double> lambda = factors_.transpose().solve(on);
  for (Index k = 0; k < count(); ++k) x[net_.membrane[static_cast<std::size_t>(k)]] = lambda[k];
  return x;
}

template bool Reduced::nudged(const Block<double>&, const std::vector<NudgeTerm>&, const Given&, double, Block<double>&, const Correction*) const;
template bool Reduced::nudged(const Block<double>&, const std::vector<NudgeTerm>&, const Given&, Complex, Block<Complex>&, const Correction*) const;

}  // namespace settle
