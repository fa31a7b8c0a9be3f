// Steps of one length, at times that are multiples of it.
#include "sim/uniform.hpp"

namespace settle {

template <Scalar S>
UniformSteps<S>::UniformSteps(const System<S>& system, const std::string& method, double h)
    : stepper_(make_stepper(method, system, StepOptions{.h_max = h, .fixed = true})), h_(h) {
  stepper_->reset();
}

template <Scalar S>
void UniformSteps<S>::go(Block<S>& x, long count, const std::function<void(long, const Block<S>&)>& visit) {
  for (long k = 1; k <= count; ++k) {
    double t = time(), h = h_;
    stepper_->try_step(x, t, h);
    ++taken_;
    visit(k, x);
  }
}

template class UniformSteps<double>;
template class UniformSteps<Complex>;

}  // namespace settle
