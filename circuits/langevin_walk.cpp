// Exact steps of linear circuits, drift-implicit Euler steps, explicit Euler-Maruyama steps.
#include "circuits/langevin_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/switching.hpp"
#include "sim/lyapunov.hpp"
#include "sim/newton_iteration.hpp"
#include "sim/number.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

const char* const purpose = "langevin";

/// z -> E z + L xi.
class Exact final : public LangevinWalk {
 public:
  Exact(NoisyRest& rest, const LangevinSteps& steps)
      : rest_(rest), seed_(steps.seed), step_(exact_step(rest.model().A, intensity(rest.model(), rest.inputs()), steps.h)), z_(rest.model().states()), xi_(z_.size()) {}

  void start(std::uint64_t trial) override {
    const Rows& rows = rest_.dynamics().circuit().rows();
    stream_.clear();
    for (Index row : rest_.model().charge_of) stream_.emplace_back(seed_, purpose, rows[rows.fixed_count() + row].name, trial);
    z_.setZero();
  }
  void step(double, Block<double>& x) override {
    for (Index k = 0; k < z_.size(); ++k) xi_[k] = stream_[static_cast<std::size_t>(k)].normal();
    z_ = step_.E * z_ + step_.L * xi_;
    x.col(0) = rest_.x().col(0) + rest_.model().X * z_;
  }
  Eigen::MatrixXd states_covariance(const LinearModel&, const Eigen::MatrixXd&) const override { return stationary(step_.E, step_.W); }

 private:
  NoisyRest& rest_;
  std::uint64_t seed_;
  ExactStep step_;
  Eigen::VectorXd z_, xi_;
  std::vector<Stream> stream_;
};

/// Noise currents of a step, one random stream per noise input.
class Currents {
 public:
  Currents(const NoisyRest& rest, const Dynamics<double>& moving, const LangevinSteps& steps)
      : rest_(rest), moving_(moving), steps_(steps), inputs_(rest.inputs()), own_(rest.thermal()), still_(moving.linear()) {}

  void start(std::uint64_t trial) {
    stream_.clear();
    std::map<std::string, std::uint64_t> seen;  // several of one name: between ports
    for (const NoiseInput& input : inputs_) {
      const std::string name = input.device + " " + input.what;
      stream_.emplace_back(steps_.seed, purpose, fmt::format("{} {}", name, seen[name]++), trial);
    }
  }
  /// A, on average over the step: b xi sqrt(S / 2h).
  void draw(const Block<double>& x, double t, Block<double>& g) {
    if (!still_ && own_) update_densities(moving_, x, t, rest_.environment(), inputs_);
    g.setZero(x.rows(), 1);
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      const NoiseInput& input = inputs_[k];
      const double i = std::sqrt(0.5 * input.density / steps_.h) * stream_[k].normal();
      if (input.from >= 0) g(input.from, 0) -= input.out * i;
      if (input.to >= 0) g(input.to, 0) += input.in * i;
    }
  }

 private:
  const NoisyRest& rest_;
  const Dynamics<double>& moving_;
  LangevinSteps steps_;
  std::vector<NoiseInput> inputs_;
  bool own_, still_;
  std::vector<Stream> stream_;
};

/// Switches turn at the ends of steps.
class Turns {
 public:
  explicit Turns(Dynamics<double>& moving) : moving_(moving), switching_(moving), modes_(moving.modes()) {}
  void start() { moving_.modes() = modes_; }
  void after(double t, Block<double>& x) {
    if (switching_.count() == 0) return;
    switching_.evaluate(t, x, g_);
    for (Index k = 0; k < g_.size(); ++k)
      if (g_[k] > 0.0) switching_.fire(k, t, x);
  }

 private:
  Dynamics<double>& moving_;
  Switching<double> switching_;
  Modes modes_;
  Vector<double> g_;
};

/// M (x1 - x0)/h = f(x1) + g.
class Implicit final : public LangevinWalk {
 public:
  Implicit(NoisyRest& rest, Dynamics<double>& moving, const LangevinSteps& steps)
      : moving_(moving), h_(steps.h), currents_(rest, moving, steps), turns_(moving), newton_(moving, options_) {}

  void start(std::uint64_t trial) override {
    currents_.start(trial);
    turns_.start();
  }
  void step(double t, Block<double>& x) override {
    currents_.draw(x, t, g_);
    x0_ = x;
    const NewtonOutcome outcome = newton_.run(x, {.t = t + h_, .c = 1.0 / h_, .x0 = &x0_, .g = &g_}, {0}).front();
    counts_.iterations += outcome.iterations;
    if (!outcome.converged) refuse(outcome, t);
    turns_.after(t + h_, x);
  }
  /// z -> (1 - h A)^-1 (z + noise of intensity h Q).
  Eigen::MatrixXd states_covariance(const LinearModel& model, const Eigen::MatrixXd& Q) const override {
    const Eigen::MatrixXd E = (Eigen::MatrixXd::Identity(Q.rows(), Q.rows()) - h_ * model.A).inverse();
    return stationary(E, h_ * E * Q * E.transpose());
  }
  StepCounts counts() const override {
    StepCounts counts = counts_;
    counts.factorizations = newton_.factorizations();
    return counts;
  }

 private:
  [[noreturn]] void refuse(const NewtonOutcome& outcome, double t) const {
    throw Error(Fault::simulation, fmt::format("no implicit step from {} to {}: {}; take a smaller tstep", format_engineering(t, "s"), format_engineering(t + h_, "s"),
                                               outcome.broken.empty() ? "Newton does not converge at " + moving_.name(outcome.last.back().unknown) : outcome.broken));
  }

  Dynamics<double>& moving_;
  double h_;
  Currents currents_;
  Turns turns_;
  NewtonOptions options_{.reltol = 1e-6};
  NewtonIteration<double> newton_;
  Block<double> x0_, g_;
  StepCounts counts_;
};

/// x + h M^-1 (f(x) + g).
class EulerMaruyama final : public LangevinWalk {
 public:
  EulerMaruyama(NoisyRest& rest, Dynamics<double>& moving, const LangevinSteps& steps)
      : rest_(rest), moving_(moving), h_(steps.h), currents_(rest, moving, steps), turns_(moving), mass_(moving.pattern()) {
    require_mass();
    require_stable();
    mass_.factor(moving.mass());
  }

  void start(std::uint64_t trial) override {
    currents_.start(trial);
    turns_.start();
  }
  void step(double t, Block<double>& x) override {
    currents_.draw(x, t, g_);
    moving_.rate(x, t, f_);
    f_ += g_;
    mass_.solve(f_);
    x += h_ * f_;
    turns_.after(t + h_, x);
  }
  Eigen::MatrixXd states_covariance(const LinearModel& model, const Eigen::MatrixXd& Q) const override {
    return stationary(Eigen::MatrixXd::Identity(Q.rows(), Q.rows()) + h_ * model.A, h_ * Q);
  }

 private:
  void require_mass() const {
    const Rows& rows = moving_.circuit().rows();
    for (const LinearModel::Combination& sum : rest_.model().constraints()) {
      if (rows.kind_of(rows.fixed_count() + sum.front().first).memory) continue;  // the linear model holds it
      throw Error(Fault::simulation, fmt::format("the explicit method=euler-maruyama cannot move {}, which has no capacitance or inductance of its own; use method=implicit (or exact, if "
                                                 "the circuit is linear), or give it a capacitor to ground", moving_.name(sum.front().first)));
    }
  }
  void require_stable() const {
    const double longest = longest_explicit_step(rest_.model().eigenvalues());
    if (h_ <= longest) return;
    throw Error(Fault::simulation, longest > 0.0 ? fmt::format("method=euler-maruyama is unstable with tstep={}: at most {} here (2/|lambda| of the fastest mode); take a smaller tstep, "
                                                               "or method=implicit or exact", format_engineering(h_, "s"), format_engineering(longest, "s"))
                                                 : "method=euler-maruyama is unstable whatever the step: the circuit itself has a mode that does not decay; use method=implicit");
  }

  NoisyRest& rest_;
  Dynamics<double>& moving_;
  double h_;
  Currents currents_;
  Turns turns_;
  Factorization<double> mass_;
  Block<double> f_, g_;
};

}  // namespace

double longest_explicit_step(const Eigen::VectorXcd& eigenvalues) {
  double longest = INFINITY;
  for (Index k = 0; k < eigenvalues.size(); ++k) longest = std::min(longest, eigenvalues[k].real() < 0.0 ? -2.0 * eigenvalues[k].real() / std::norm(eigenvalues[k]) : 0.0);
  return longest;
}

std::unique_ptr<LangevinWalk> langevin_walk(LangevinMethod method, NoisyRest& rest, Dynamics<double>& moving, const LangevinSteps& steps) {
  switch (method) {
    case LangevinMethod::exact: return std::make_unique<Exact>(rest, steps);
    case LangevinMethod::implicit: return std::make_unique<Implicit>(rest, moving, steps);
    case LangevinMethod::euler_maruyama: return std::make_unique<EulerMaruyama>(rest, moving, steps);
  }
  return nullptr;
}

}  // namespace settle
