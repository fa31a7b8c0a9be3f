// Step control: PI (Gustafsson 1991, doi:10.1145/210232.210242) on the error ratio, with a floor that names the culprit.
#include "sim/controlled_stepper.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/newton.hpp"

namespace settle {
namespace {

constexpr double safety = 0.9, shortest = 0.2, longest = 6.0;
constexpr double after_failure = 0.25;
constexpr double least_roundings = 64.0;  // a shorter step would drown in the rounding of t
// A linear system keeps its factors while the step keeps its length: worth a step up to this much shorter than allowed. Measured on a
// wired crossbar of 64 x 64 and an RC ladder of 10,000 nodes: 1.5 and 2.0 cost more in steps than they save in factorizations.
constexpr double worth_keeping = 1.2;

}  // namespace

template <Scalar S>
ControlledStepper<S>::ControlledStepper(const System<S>& system, const StepOptions& options, int error_order, Linearized<S> linear)
    : system_(system), options_(options), linear_(std::move(linear)), norm_(system, options), error_order_(error_order) {}

template <Scalar S>
void ControlledStepper<S>::reset() {
  last_ratio_ = 1.0;
  again_ = false;
}

template <Scalar S>
StepCounts ControlledStepper<S>::counts() const {
  StepCounts counts = counts_;
  counts.jacobians += linear_.jacobians();
  counts.factorizations += linear_.factorizations();
  return counts;
}

template <Scalar S>
StepResult ControlledStepper<S>::try_step(Block<S>& x, double& t, double& h) {
  h = std::min(h, options_.h_max);
  StepError error{INFINITY, 0, 0};
  obstacle_.clear();
  try {
    advance(x, t, h, again_);
    error = norm_(x, next_, error_);
  } catch (const SingularMatrix& e) {
    error.unknown = e.unknown();
    obstacle_ = e.what();
  } catch (const NoEquilibrium& e) {
    error = {INFINITY, e.unknown(), e.sample()};
    obstacle_ = e.what();
  }
  if (options_.fixed ? !std::isfinite(error.ratio) : !(error.ratio <= 1.0)) {
    if (options_.fixed) too_short(t, h, error);
    ++counts_.rejected;
    const double shorter_h = shorter(h, error.ratio);
    if (shorter_h < std::max(options_.h_min, least_roundings * std::numeric_limits<double>::epsilon() * std::abs(t))) too_short(t, h, error);
    h = shorter_h;
    again_ = true;
    return StepResult::rejected;
  }
  ++counts_.steps;
  if (options_.fixed && error.ratio > 1.0) ++counts_.coarse;
  t0_ = t;
  h0_ = h;
  x0_.swap(x);
  x = next_;
  t += h;
  if (!options_.fixed) h = next_length(h, error.ratio);
  again_ = false;
  accepted();
  return StepResult::accepted;
}

template <Scalar S>
double ControlledStepper<S>::next_length(double h, double ratio) {
  ratio = std::max(ratio, 1e-10);
  const double k = error_order();
  double factor = safety * std::pow(ratio, -0.7 / k) * std::pow(last_ratio_, 0.4 / k);
  factor = std::clamp(factor, shortest, again_ ? 1.0 : longest);
  last_ratio_ = std::max(ratio, 1e-4);
  if (system_.linear() && factor >= 1.0 && factor <= worth_keeping) factor = 1.0;
  return std::min(h * factor, options_.h_max);
}

template <Scalar S>
double ControlledStepper<S>::shorter(double h, double ratio) const {
  if (!std::isfinite(ratio)) return h * after_failure;
  return h * std::clamp(safety * std::pow(ratio, -1.0 / error_order()), 0.1, safety);
}

template <Scalar S>
void ControlledStepper<S>::too_short(double t, double h, const StepError& error) const {
  std::string text = fmt::format("the step fell to {:.2g} s at t = {:.9g} s: ", h, t);
  if (!obstacle_.empty())
    text += obstacle_;
  else if (std::isfinite(error.ratio))
    text += fmt::format("the error of {} is still {:.2g} times what reltol={:g} tolerates", system_.name(error.unknown), error.ratio, options_.reltol);
  else
    text += system_.name(error.unknown) + " is not finite";
  if (system_.samples() > 1) text += fmt::format(" (sample {})", error.sample);
  throw Error(Fault::simulation, text + "; look for a jump or a missing capacitance there, or use a larger reltol");
}

template class ControlledStepper<double>;
template class ControlledStepper<Complex>;

}  // namespace settle
