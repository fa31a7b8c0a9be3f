// Predictor and corrector along a line of beta, and the spectrum on the way.
#include "learning/rest_branch.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>

#include <algorithm>
#include <cmath>

namespace settle {
namespace {

constexpr int most_iterations = 12;
constexpr double settled = 1e-13;      // of the unknowns' scales
constexpr double rounding = 1e-9;      // steps below it may be rounding of an ill-conditioned circuit
constexpr double longest_move = 0.25;  // of the response's own size, per step
constexpr double shortest_step = 1e-7; // of the line

}  // namespace

template <Scalar S>
RestBranch<S>::RestBranch(const Circuit& circuit, const Teaching& teaching, const Block<double>& rest, const Given* given)
    : own_(std::make_unique<NudgedCircuit<S>>(circuit, NudgedOptions{.frozen = true})), terms_(nudge_terms(teaching, circuit)),
      nudged_(own_->free(), terms_, strength(), given), linear_(nudged_) {
  start_at(rest);
}

template <Scalar S>
RestBranch<S>::RestBranch(const LimitedSystem<S>& free, std::vector<NudgeTerm> terms, const Block<double>& rest, const Given* given)
    : terms_(std::move(terms)), nudged_(free, terms_, strength(), given), linear_(nudged_) {
  start_at(rest);
}

template <Scalar S>
void RestBranch<S>::start_at(const Block<double>& rest) {
  start_ = rest.cast<S>();
  scale_ = start_.col(0).cwiseAbs();
  const double largest = std::max(scale_.size() ? scale_.maxCoeff() : 0.0, 1e-12);
  for (Index k = 0; k < scale_.size(); ++k) scale_[k] = std::max({scale_[k], nudged_.tolerance(k), 1e-9 * largest});
}

template <Scalar S>
double RestBranch<S>::size_of(const Block<S>& dx) const { return (dx.col(0).cwiseAbs().array() / scale_.array()).maxCoeff(); }

template <Scalar S>
void RestBranch<S>::rate(const Block<S>& x, S beta, Block<S>& f) {
  beta_ = beta;
  nudged_.rate(x, 0.0, f);
}

template <Scalar S>
Vector<S> RestBranch<S>::g(const Block<S>& x) const {
  const Vector<S> currents = nudged_.currents(x, 0);
  Vector<S> all = Vector<S>::Zero(x.rows());
  for (std::size_t k = 0; k < terms_.size(); ++k) all[terms_[k].row] += currents[static_cast<Index>(k)];
  return all;
}

template <Scalar S>
bool RestBranch<S>::correct(Block<S>& x, S beta) {
  beta_ = beta;
  double before = std::numeric_limits<double>::infinity();
  Block<S> step;
  try {
    for (int k = 0; k < most_iterations; ++k) {
      rate(x, beta, step);
      linear_.at(x, 0.0);
      linear_.shift(0.0);
      linear_.solve(step);
      const double moved = size_of(step);
      if (!std::isfinite(moved)) return false;
      if (moved < settled) return true;
      if (moved > 0.5 * before) return before < rounding;  // Newton's steps shrink at least by half near the branch, until rounding has the last word
      x += step;
      before = moved;
    }
  } catch (const SingularMatrix&) {
    return false;
  }
  return before < rounding;
}

template <Scalar S>
bool RestBranch<S>::follow(Block<S>& x, S from, S to, S* reached) {
  if (reached) *reached = from;
  if (from == to) return true;
  double s = 0.0, h = 0.125;
  Block<S> previous = x;
  double s_previous = 0.0;
  while (s < 1.0) {
    const double next = std::min(1.0, s + h);
    Block<S> guess = x;
    if (s > s_previous) guess += (next - s) / (s - s_previous) * (x - previous);
    Block<S> trial = guess;
    const bool found = correct(trial, from + next * (to - from));
    const double missed = found ? size_of(trial - guess) : INFINITY, moved = size_of(trial - x);
    // A corrected point far from the predicted one may lie on another branch.
    if (found && missed <= std::max(longest_move * std::max(moved, 1e-6), 1e-9) + (s_previous == s ? longest_move : 0.0)) {
      previous = x, s_previous = s;
      x = trial, s = next;
      if (reached) *reached = from + s * (to - from);
      h *= missed < 0.05 * longest_move * moved ? 2.0 : 1.0;
    } else {
      h *= 0.5;
      if (h < shortest_step) return false;
    }
  }
  return true;
}

template <Scalar S>
Block<S> RestBranch<S>::dense_jacobian(const Block<S>& x, S beta) {
  beta_ = beta;
  Vector<S> values;
  nudged_.jacobian(x, 0.0, 0, values);
  const Pattern& p = nudged_.pattern();
  Block<S> J = Block<S>::Zero(p.size, p.size);
  for (Index j = 0; j < p.size; ++j)
    for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) J(p.row[static_cast<std::size_t>(k)], j) = values[k];
  return J;
}

/// J^-1 M has the inverses of the finite eigenvalues, and zeros for the others.
template <Scalar S>
double RestBranch<S>::growth(const Block<S>& x, S beta) {
  const Pattern& p = nudged_.pattern();
  const Vector<double>& mass = nudged_.mass();
  Block<S> M = Block<S>::Zero(p.size, p.size);
  for (Index j = 0; j < p.size; ++j)
    for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) M(p.row[static_cast<std::size_t>(k)], j) = mass[k];
  const Eigen::MatrixXcd A = Block<S>(dense_jacobian(x, beta).partialPivLu().solve(M)).template cast<Complex>();
  const Eigen::VectorXcd mu = Eigen::ComplexEigenSolver<Eigen::MatrixXcd>(A, false).eigenvalues();
  const double largest = mu.cwiseAbs().maxCoeff();
  double growth = -std::numeric_limits<double>::infinity();
  for (const Complex& each : mu)
    if (std::abs(each) > 1e-12 * largest) growth = std::max(growth, (1.0 / each).real());
  return growth;
}

template class RestBranch<double>;
template class RestBranch<Complex>;

}  // namespace settle
