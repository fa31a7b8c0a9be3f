// Newton inside implicit steps: the Jacobian of the step's start serves until it no longer converges, then full Newton with limiting.
#include "sim/implicit_stepper.hpp"

#include <cmath>
#include <numeric>

namespace settle {
namespace {

constexpr int simplified_iterations = 6;
constexpr double slow = 0.5;  // a worse contraction per iteration is not worth waiting for
constexpr int full_iterations = 100;

}  // namespace

template <Scalar S>
ImplicitStepper<S>::ImplicitStepper(const System<S>& system, const StepOptions& options, int error_order)
    : ControlledStepper<S>(system, options, error_order), newton_(system, newton_options_) {
  newton_options_.reltol = options.reltol * options.newton_share;
  newton_options_.iterations = full_iterations;
}

template <Scalar S>
void ImplicitStepper<S>::reset() {
  ControlledStepper<S>::reset();
  fresh_ = true;
}

template <Scalar S>
StepCounts ImplicitStepper<S>::counts() const {
  StepCounts counts = ControlledStepper<S>::counts();
  counts.jacobians += newton_.jacobians();
  counts.factorizations += newton_.factorizations();
  return counts;
}

template <Scalar S>
void ImplicitStepper<S>::prepare(const Block<S>& x, double t, double h, bool again) {
  if (again) return;
  const double start = this->stage_time(t, h, 0.0);
  this->linear_.at(x, start);
  if (!fresh_) return;
  this->system_.rate(x, start, f_);
  ++this->counts_.rates;
  for (Index i = 0; i < f_.rows(); ++i)
    if (this->linear_.algebraic(i)) f_.row(i).setZero();
}

template <Scalar S>
void ImplicitStepper<S>::filter(double c, Block<S>& b) {
  this->linear_.shift(c);
  this->linear_.solve(b);
}

template <Scalar S>
void ImplicitStepper<S>::rate_of_stage(const Block<S>& x0, const Block<S>& x1, double c, const Block<S>* g, Block<S>& f) {
  moved_ = c * (x1 - x0);
  this->linear_.mass_times(moved_, f);
  if (g) f -= *g;
}

template <Scalar S>
void ImplicitStepper<S>::solve_stage(const Block<S>& x0, double t, double c, const Block<S>* g, Block<S>& x1) {
  guess_ = x1;
  if (simplified(x0, t, c, g, x1)) return;
  x1 = guess_;
  std::vector<Index> samples(static_cast<std::size_t>(x1.cols()));
  std::iota(samples.begin(), samples.end(), Index{0});
  const std::vector<NewtonOutcome> outcomes = newton_.run(x1, {.t = t, .c = c, .x0 = &x0, .g = g}, samples);
  for (Index k = 0; k < x1.cols(); ++k) {
    const NewtonOutcome& outcome = outcomes[static_cast<std::size_t>(k)];
    this->counts_.iterations += outcome.iterations;
    if (outcome.converged) continue;
    const Index unknown = outcome.last.back().unknown;
    throw NoEquilibrium(unknown, k, outcome.broken.empty() ? "Newton does not converge at " + this->system_.name(unknown) : outcome.broken);
  }
}

/// Newton with the Jacobian of the step's start; false if it converges too slowly.
template <Scalar S>
bool ImplicitStepper<S>::simplified(const Block<S>& x0, double t, double c, const Block<S>* g, Block<S>& x1) {
  this->linear_.shift(c);
  double before = INFINITY;
  for (int n = 0; n < simplified_iterations; ++n) {
    this->system_.rate(x1, t, dx_);
    ++this->counts_.rates;
    ++this->counts_.iterations;
    if (g) dx_ += *g;
    Block<S> inertia;
    moved_ = c * (x1 - x0);
    this->linear_.mass_times(moved_, inertia);
    dx_ -= inertia;
    this->linear_.solve(dx_);
    x1 += dx_;
    const double now = largest(dx_, x1), contraction = now / before;
    if (!std::isfinite(now)) return false;
    if (now == 0.0 || (n > 0 && contraction < slow && now * contraction / (1.0 - contraction) <= 1.0)) return true;
    if (n > 0 && contraction > slow) return false;
    before = now;
  }
  return false;
}

/// The largest update relative to what Newton may leave.
template <Scalar S>
double ImplicitStepper<S>::largest(const Block<S>& dx, const Block<S>& x) const {
  double found = 0.0;
  for (Index i = 0; i < dx.rows(); ++i)
    for (Index k = 0; k < dx.cols(); ++k) {
      const double tolerated = this->options_.newton_share * (this->options_.reltol * std::abs(x(i, k)) + this->system_.tolerance(i));
      const double ratio = std::abs(dx(i, k)) / tolerated;
      if (!(ratio <= found)) found = ratio;
    }
  return found;
}

template class ImplicitStepper<double>;
template class ImplicitStepper<Complex>;

}  // namespace settle
