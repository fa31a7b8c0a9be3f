// ControlledStepper: what all steppers share, the choice of the step's length by its error.
#pragma once

#include <cmath>

#include "sim/error_norm.hpp"
#include "sim/linearized.hpp"

namespace settle {

/// A method gives `advance` and `interpolate`; this accepts or rejects and proposes the next step (a PI controller).
template <Scalar S>
class ControlledStepper : public Stepper<S> {
 public:
  StepResult try_step(Block<S>& x, double& t, double& h) final;
  void reset() override;
  StepCounts counts() const override;

 protected:
  /// `error_order`: the power of h with which the estimated error shrinks.
  ControlledStepper(const System<S>& system, const StepOptions& options, int error_order)
      : ControlledStepper(system, options, error_order, Linearized<S>(system)) {}
  ControlledStepper(const System<S>& system, const StepOptions& options, int error_order, Linearized<S> linear);

  /// From x at t over h: sets next_ and error_. `again` says that the step before, from the same point, was rejected.
  /// A SingularMatrix or NoEquilibrium rejects the step.
  virtual void advance(const Block<S>& x, double t, double h, bool again) = 0;
  /// The step is taken; x0_ -> x over h0_.
  virtual void accepted() {}
  /// The power of h of the estimate just made.
  virtual int error_order() const { return error_order_; }

  /// t + c h, kept inside the step by a few roundings: a source may jump at either end, and the step belongs to one side of each.
  static double stage_time(double t, double h, double c) {
    constexpr double few = 16.0 * std::numeric_limits<double>::epsilon();  // waveforms take times within 4 for the same
    return std::clamp(t + c * h, t + few * std::abs(t), t + h - few * std::abs(t + h));
  }

  const System<S>& system_;
  StepOptions options_;
  Linearized<S> linear_;
  StepCounts counts_;
  Block<S> next_, error_;
  Block<S> x0_;  // start of the last accepted step
  double t0_ = 0.0, h0_ = 0.0;

 private:
  double next_length(double h, double ratio);
  double shorter(double h, double ratio) const;
  [[noreturn]] void too_short(double t, double h, const StepError& error) const;

  ErrorNorm<S> norm_;
  int error_order_;
  double last_ratio_ = 1.0;  // of the step accepted before
  bool again_ = false;       // the step before was rejected
  std::string obstacle_;     // what a method could not overcome
};

}  // namespace settle
