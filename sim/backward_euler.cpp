// Backward Euler: M (x1 - x0) = h f(x1), order 1, L-stable, with Newton; for comparison and for the very stubborn.
#include "sim/implicit_stepper.hpp"

namespace settle {
namespace {

template <Scalar S>
class BackwardEuler : public ImplicitStepper<S> {
 public:
  BackwardEuler(const System<S>& system, const StepOptions& options) : ImplicitStepper<S>(system, options, 2) {}

  void interpolate(double t, Block<S>& x) const override {
    const double u = (t - this->t0_) / this->h0_;
    x = (1.0 - u) * this->x0_ + u * end_;
  }

 private:
  void advance(const Block<S>& x, double t, double h, bool again) override {
    this->prepare(x, t, h, again);
    this->next_ = x;
    this->solve_stage(x, this->stage_time(t, h, 1.0), 1.0 / h, nullptr, this->next_);
    this->rate_of_stage(x, this->next_, 1.0 / h, nullptr, f_end_);
    this->error_ = 0.5 * (f_end_ - this->f_);  // h^2 x'' / 2
    this->filter(1.0 / h, this->error_);
  }

  void accepted() override {
    this->f_.swap(f_end_);
    this->fresh_ = false;
    end_ = this->next_;
  }

  Block<S> f_end_, end_;
};

const Registered<StepperKind, StepperOf<BackwardEuler>> registered("be", 1, "backward Euler with Newton, L-stable, damps everything");

}  // namespace
}  // namespace settle
