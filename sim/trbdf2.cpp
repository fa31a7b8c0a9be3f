// TR-BDF2: a trapezoidal stage and one of the second-order backward formula, order 2, L-stable, with Newton
// (M. E. Hosea, L. F. Shampine 1996, doi:10.1016/0168-9274(95)00115-8).
#include <cmath>

#include "sim/implicit_stepper.hpp"

namespace settle {
namespace {

const double middle = 2.0 - std::sqrt(2.0);  // place of the first stage
const double d = 0.5 * middle;               // both stages share the matrix M / (h d) - J
const double w = 0.25 * std::sqrt(2.0);      // x1 = x0 + h (w f0 + w f_middle + d f1)

template <Scalar S>
class TrBdf2 : public ImplicitStepper<S> {
 public:
  TrBdf2(const System<S>& system, const StepOptions& options) : ImplicitStepper<S>(system, options, 3) {}

  /// The parabola through both ends and the inner stage, all of which obey the algebraic equations.
  void interpolate(double t, Block<S>& x) const override {
    const double u = (t - this->t0_) / this->h0_;
    x = (u - middle) * (u - 1.0) / middle * this->x0_ + u * (1.0 - u) / (middle * (1.0 - middle)) * inner_ +
        u * (u - middle) / (1.0 - middle) * end_;
  }

 private:
  void advance(const Block<S>& x, double t, double h, bool again) override {
    const double c = 1.0 / (h * d);
    this->prepare(x, t, h, again);
    stage_ = x;
    this->solve_stage(x, this->stage_time(t, h, middle), c, &this->f_, stage_);
    this->rate_of_stage(x, stage_, c, &this->f_, f_middle_);
    known_ = (w / d) * (this->f_ + f_middle_);
    this->next_ = x + (stage_ - x) / middle;
    this->solve_stage(x, this->stage_time(t, h, 1.0), c, &known_, this->next_);
    this->rate_of_stage(x, this->next_, c, &known_, f_end_);
    // Against the embedded formula of order 3 with the weights (1 - w) / 3, (3 w + 1) / 3, d / 3.
    this->error_ = ((4.0 * w - 1.0) * this->f_ - f_middle_ + 2.0 * d * f_end_) / (3.0 * d);
    this->filter(c, this->error_);
  }

  void accepted() override {
    this->f_.swap(f_end_);
    this->fresh_ = false;
    inner_ = stage_;
    end_ = this->next_;
  }

  Block<S> stage_, f_middle_, f_end_, known_;
  Block<S> inner_, end_;  // of the last accepted step
};

const Registered<StepperKind, StepperOf<TrBdf2>> registered("trbdf2", 2, "one-step trapezoidal and backward formula with Newton, L-stable");

}  // namespace
}  // namespace settle
