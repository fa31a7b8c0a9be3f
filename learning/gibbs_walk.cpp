// Noise currents, explicit and implicit steps, time constants as eigenvalues of (-J)^-1 M.
#include "learning/gibbs_walk.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>

#include "sim/number.hpp"

namespace settle {
namespace {

Eigen::MatrixXd dense(const Pattern& pattern, const Vector<double>& values) {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(pattern.size, pattern.size);
  for (Index j = 0; j < pattern.size; ++j)
    for (int k = pattern.start[static_cast<std::size_t>(j)]; k < pattern.start[static_cast<std::size_t>(j) + 1]; ++k) matrix(pattern.row[static_cast<std::size_t>(k)], j) += values[k];
  return matrix;
}

/// Of G^-1 M. Where G is symmetric and positive definite and M symmetric, as in most reciprocal circuits, at a tenth of the cost.
Eigen::VectorXcd eigenvalues(const Eigen::MatrixXd& G, const Eigen::MatrixXd& M) {
  const auto symmetric = [](const Eigen::MatrixXd& A) { return (A - A.transpose()).cwiseAbs().maxCoeff() <= 1e-12 * A.cwiseAbs().maxCoeff(); };
  const Eigen::LLT<Eigen::MatrixXd> factors(G);
  if (symmetric(G) && symmetric(M) && factors.info() == Eigen::Success) {
    const Eigen::MatrixXd half = factors.matrixL().solve(M), whole = factors.matrixL().solve(half.transpose());
    return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(whole, Eigen::EigenvaluesOnly).eigenvalues().cast<Complex>();
  }
  const Eigen::MatrixXd decay = G.partialPivLu().solve(M);
  if (!decay.allFinite()) return Eigen::VectorXcd::Constant(1, NAN);
  return Eigen::EigenSolver<Eigen::MatrixXd>(decay, false).eigenvalues();
}

}  // namespace

std::vector<char> massless_rows(const System<double>& system) {
  const Pattern& pattern = system.pattern();
  std::vector<char> massless(static_cast<std::size_t>(pattern.size), 1);
  for (std::size_t k = 0; k < pattern.row.size(); ++k)
    if (system.mass()[static_cast<Index>(k)] != 0.0) massless[static_cast<std::size_t>(pattern.row[k])] = 0;
  return massless;
}

TimeConstants time_constants(const System<double>& system, const Block<double>& x) {
  Vector<double> values;
  system.jacobian(x, 0.0, 0, values);
  const Eigen::VectorXcd tau = eigenvalues(-dense(system.pattern(), values), dense(system.pattern(), system.mass()));
  if (!tau.allFinite()) throw Error(Fault::simulation, "some voltages of the circuit neither settle nor leave their rest, so noise carries them away without end; give their nodes a conductance to ground");
  TimeConstants found{.slowest = tau.cwiseAbs().maxCoeff(), .fastest = INFINITY};
  constexpr double rounding = 1e-10;  // of a product of matrices whose true eigenvalue is zero
  for (Index k = 0; k < tau.size(); ++k)
    if (std::abs(tau[k]) > rounding * found.slowest) found.fastest = std::min(found.fastest, std::abs(tau[k]));
    else found.all_move = false;
  return found;
}

GibbsWalk::GibbsWalk(const LimitedSystem<double>& system, std::vector<NoiseInput> inputs, const GibbsSteps& steps)
    : system_(system), inputs_(std::move(inputs)), steps_(steps), mass_(system.pattern()), newton_(system, options_), massless_(massless_rows(system)) {
  if (!steps.implicit) mass_.factor(system.mass());
}

void GibbsWalk::start(std::uint64_t seed, const std::string& phase, std::uint64_t drawing) {
  stream_.clear();
  std::map<std::string, int> seen;  // several of one name: between ports
  for (const NoiseInput& input : inputs_) {
    const std::string name = fmt::format("{} {} {}", phase, input.device, input.what);
    stream_.emplace_back(seed, "learning.gibbs", fmt::format("{} {}", name, seen[name]++), drawing);
  }
  draw(system_.size());
}

/// A, on average over the step: sqrt(S / 2h) xi.
void GibbsWalk::draw(Index rows) {
  before_.swap(g_);
  g_.setZero(rows, 1);
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    const NoiseInput& input = inputs_[k];
    const double i = std::sqrt(0.5 * input.density / steps_.h) * stream_[k].normal();
    if (input.from >= 0) g_(input.from, 0) -= input.out * i;
    if (input.to >= 0) g_(input.to, 0) += input.in * i;
  }
}

void GibbsWalk::step_explicitly(Block<double>& x) {
  draw(x.rows());
  system_.rate(x, 0.0, f_);
  f_ += 0.5 * (before_ + g_);
  mass_.solve(f_);
  x += steps_.h * f_;
}

/// f(x1) - M (2/h) (x1 - x0) + f(x0) + 2 g = 0.
void GibbsWalk::step_implicitly(Block<double>& x) {
  draw(x.rows());
  system_.rate(x, 0.0, f_);
  f_ += 2.0 * g_;
  for (Index k = 0; k < f_.rows(); ++k)
    if (massless_[static_cast<std::size_t>(k)]) f_(k, 0) = 0.0;
  x0_ = x;
  const NewtonOutcome outcome = newton_.run(x, {.t = 0.0, .c = 2.0 / steps_.h, .x0 = &x0_, .g = &f_}, {0}).front();
  if (outcome.converged) return;
  throw Error(Fault::simulation, fmt::format("no implicit step of {} in the noisy circuit: {}; take a smaller dt", format_engineering(steps_.h, "s"),
                                             outcome.broken.empty() ? "Newton does not converge at " + system_.name(outcome.last.back().unknown) : outcome.broken));
}

}  // namespace settle
