// Modes of a linearized circuit, all of them or the slowest.
#include "learning/modes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "circuits/linear_model.hpp"
#include "circuits/operating_point.hpp"
#include "sim/arnoldi.hpp"
#include "sim/linearized.hpp"

namespace settle {
namespace {

/// Growing modes first, then by how long they last.
bool lasts_longer(const Mode& a, const Mode& b) {
  const bool grows_a = a.value.real() > 0.0, grows_b = b.value.real() > 0.0;
  if (grows_a != grows_b) return grows_a;
  const double ra = std::abs(a.value.real()), rb = std::abs(b.value.real());
  if (std::abs(ra - rb) > 1e-9 * std::max(ra, rb)) return ra < rb;
  return a.value.imag() < b.value.imag();
}

Mode mode_of(const Dynamics<double>& dynamics, Complex value, const Eigen::VectorXcd& vector) {
  const Rows& rows = dynamics.circuit().rows();
  std::vector<std::pair<Index, double>> nodes;
  double sum = 0.0;
  for (Index k = 0; k < vector.size(); ++k)
    if (rows.kind_of(rows.fixed_count() + k).is_node) {
      nodes.emplace_back(k, std::norm(vector[k]));
      sum += std::norm(vector[k]);
    }
  const std::size_t kept = std::min<std::size_t>(3, nodes.size());
  std::partial_sort(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(kept), nodes.end(), [](const auto& a, const auto& b) { return a.second > b.second * (1.0 + 1e-9); });
  nodes.resize(kept);
  for (auto& [node, share] : nodes) share = sum > 0.0 ? share / sum : 0.0;
  return {value, std::move(nodes)};
}

Spectrum all_modes(const Dynamics<double>& dynamics, const Block<double>& x, double t) {
  const LinearModel model = linear_model(dynamics, x, t, {.purpose = ".stability"});
  Spectrum spectrum{.modes = {}, .complete = true, .states = model.states(), .worst_residual = 0.0};
  if (model.states() == 0) return spectrum;
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(model.A);
  if (solver.info() != Eigen::Success) throw Error(Fault::simulation, "the eigenvalues of the circuit were not found");
  for (Index k = 0; k < model.states(); ++k) spectrum.modes.push_back(mode_of(dynamics, solver.eigenvalues()[k], model.X * solver.eigenvectors().col(k)));
  return spectrum;
}

/// The largest eigenvalues of -J^-1 M are the slowest time constants.
Spectrum slowest_modes(const Dynamics<double>& dynamics, const Block<double>& x, double t, int wanted, Index states) {
  const Held<double> held(dynamics, memories(dynamics.circuit()));
  Linearized<double> linearized(held, 1);
  linearized.at(x, t);
  linearized.shift(0.0);
  Block<double> from(held.size(), 1), to;
  const auto apply = [&](const Eigen::VectorXd& v, Eigen::VectorXd& y) {
    from.col(0) = v;
    linearized.mass_times(from, to);
    linearized.solve(to);
    y = to.col(0);
  };
  Spectrum spectrum{.modes = {}, .complete = false, .states = states, .worst_residual = 0.0};
  for (const EigenPair& pair : largest_eigenpairs(held.size(), apply, wanted)) {
    spectrum.modes.push_back(mode_of(dynamics, -1.0 / pair.value, pair.vector));
    spectrum.worst_residual = std::max(spectrum.worst_residual, pair.residual);
  }
  return spectrum;
}

/// Unknowns with mass, memory states aside.
Index moving(const Dynamics<double>& dynamics) {
  const Held<double> held(dynamics, memories(dynamics.circuit()));
  const Linearized<double> linearized(held, 1);
  Index count = 0;
  for (Index k = 0; k < held.size(); ++k) count += linearized.algebraic(k) ? 0 : 1;
  return count;
}

}  // namespace

Spectrum spectrum_of(const Dynamics<double>& dynamics, const Block<double>& x, double t, int wanted, Index dense_most) {
  const Index states = moving(dynamics);
  Spectrum spectrum = states <= dense_most ? all_modes(dynamics, x, t) : slowest_modes(dynamics, x, t, wanted, states);
  std::stable_sort(spectrum.modes.begin(), spectrum.modes.end(), lasts_longer);
  return spectrum;
}

}  // namespace settle
