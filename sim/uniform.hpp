// Uniform steps: a system moved by steps of one length. A periodic response sampled so keeps its symmetries to rounding whatever the step.
#pragma once

#include <functional>
#include <string>

#include "sim/stepper.hpp"

namespace settle {

template <Scalar S>
class UniformSteps {
 public:
  /// The system must outlive this object.
  UniformSteps(const System<S>& system, const std::string& method, double h);

  /// Moves x by `count` steps; after each `visit(k, x)` with k = 1 .. count. Throws Error where a step cannot be taken.
  void go(Block<S>& x, long count, const std::function<void(long k, const Block<S>& x)>& visit);
  double time() const { return static_cast<double>(taken_) * h_; }
  StepCounts counts() const { return stepper_->counts(); }

 private:
  std::unique_ptr<Stepper<S>> stepper_;
  double h_;
  long taken_ = 0;
};

extern template class UniformSteps<double>;
extern template class UniformSteps<Complex>;

}  // namespace settle
