// Trapezoidal rule: M (x1 - x0) = h (f0 + f1) / 2, order 2, undamped, with Newton; starts with backward Euler after every discontinuity.
#include "sim/implicit_stepper.hpp"

namespace settle {
namespace {

template <Scalar S>
class Trapezoidal : public ImplicitStepper<S> {
 public:
  Trapezoidal(const System<S>& system, const StepOptions& options) : ImplicitStepper<S>(system, options, 3) {}

  /// The parabola through the last three points; a straight line where there are only two, and for algebraic unknowns, which may have a
  /// kink (a diode that begins to conduct) that a parabola would leap over.
  void interpolate(double t, Block<S>& x) const override {
    const double u = (t - this->t0_) / this->h0_;
    x = (1.0 - u) * this->x0_ + u * end_;
    if (before_h_ == 0.0) return;
    const double r = before_h_ / this->h0_;
    // u (u - 1) times the second divided difference over the nodes -r, 0, 1.
    for (Index i = 0; i < x.rows(); ++i)
      if (!this->linear_.algebraic(i)) x.row(i) += u * (u - 1.0) / (1.0 + r) * (end_.row(i) - this->x0_.row(i) - (this->x0_.row(i) - before_.row(i)) / r);
  }

  void reset() override {
    ImplicitStepper<S>::reset();
    last_h_ = 0.0;
  }

 private:
  int error_order() const override { return started_ ? 3 : 2; }

  void advance(const Block<S>& x, double t, double h, bool again) override {
    this->prepare(x, t, h, again);
    started_ = !this->fresh_;
    const double c = (started_ ? 2.0 : 1.0) / h;
    const Block<S>* known = started_ ? &this->f_ : nullptr;
    this->next_ = x;
    this->solve_stage(x, this->stage_time(t, h, 1.0), c, known, this->next_);
    this->rate_of_stage(x, this->next_, c, known, f_end_);
    if (started_)  // h^3 x''' / 12, x''' from the last three rates
      this->error_ = (h / (3.0 * (h + last_h_))) * (f_end_ - this->f_ - (h / last_h_) * (this->f_ - f_before_));
    else
      this->error_ = 0.5 * (f_end_ - this->f_);
    this->filter(c, this->error_);
  }

  void accepted() override {
    f_before_.swap(this->f_);
    this->f_.swap(f_end_);
    this->fresh_ = false;
    before_.swap(start_);
    start_ = this->x0_;
    before_h_ = last_h_;
    last_h_ = this->h0_;
    end_ = this->next_;
  }

  bool started_ = false;   // the step being made is trapezoidal
  double last_h_ = 0.0;    // length of the last accepted step, 0 after a reset
  double before_h_ = 0.0;  // of the one before that
  Block<S> f_before_, f_end_;
  Block<S> before_, start_, end_;  // states at the start of the step before the last, and at both ends of the last
};

const Registered<StepperKind, StepperOf<Trapezoidal>> registered("trap", 2, "trapezoidal rule with Newton, undamped: rings after jumps");

}  // namespace
}  // namespace settle
