// ErrorNorm: a step's error relative to what is tolerated, one number, and the unknown to blame.
#pragma once

#include "sim/stepper.hpp"

namespace settle {

struct StepError {
  double ratio = 0.0;  // 1 is just tolerated; infinite if anything is not finite
  Index unknown = 0;   // the worst one
  Index sample = 0;
};

template <Scalar S>
class ErrorNorm {
 public:
  ErrorNorm(const System<S>& system, const StepOptions& options);
  /// Of the step x0 -> x1 with the estimated error e; the worst sample counts.
  StepError operator()(const Block<S>& x0, const Block<S>& x1, const Block<S>& e) const;

 private:
  StepError of_sample(const Block<S>& x0, const Block<S>& x1, const Block<S>& e, Index sample) const;

  double reltol_;
  Norm norm_;
  Vector<double> tolerance_;  // 0: not looked at
};

}  // namespace settle
