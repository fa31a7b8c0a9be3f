// ImplicitStepper: stages M c (x1 - x0) = f(x1, t) + g solved by Newton, on one Jacobian per step as long as that converges.
#pragma once

#include "sim/controlled_stepper.hpp"
#include "sim/newton_iteration.hpp"

namespace settle {

template <Scalar S>
class ImplicitStepper : public ControlledStepper<S> {
 public:
  void reset() override;
  StepCounts counts() const override;

 protected:
  ImplicitStepper(const System<S>& system, const StepOptions& options, int error_order);

  /// Solves for x1, given a guess in it; throws NoEquilibrium. The Jacobian is the one of the step's start (`prepare`).
  void solve_stage(const Block<S>& x0, double t, double c, const Block<S>* g, Block<S>& x1);
  /// Called first in a step: J and, after a reset, f at its start; M has no part in the rows of f_ that are algebraic.
  void prepare(const Block<S>& x, double t, double h, bool again);
  /// b becomes the solution of (c M - J) y = b with the J of the step's start: filters an estimate made from rates.
  void filter(double c, Block<S>& b);
  /// f at x1 as the stage's equation has it, M c (x1 - x0) - g: exactly in the range of M.
  void rate_of_stage(const Block<S>& x0, const Block<S>& x1, double c, const Block<S>* g, Block<S>& f);

  Block<S> f_;               // M x' at the start of the step
  bool fresh_ = true;        // no step since the last reset
 private:
  bool simplified(const Block<S>& x0, double t, double c, const Block<S>* g, Block<S>& x1);
  double largest(const Block<S>& dx, const Block<S>& x) const;

  NewtonOptions newton_options_;
  NewtonIteration<S> newton_;
  Block<S> moved_, dx_, guess_;
};

}  // namespace settle
