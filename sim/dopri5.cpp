// Dormand-Prince 5(4), explicit, from Boost.Odeint: for circuits in which every unknown has its capacitance and nothing is stiff.
#include "sim/controlled_stepper.hpp"
#include "sim/odeint.hpp"

namespace settle {
namespace {

template <Scalar S>
class Dopri5 : public ControlledStepper<S> {
 public:
  Dopri5(const System<S>& system, const StepOptions& options) : ControlledStepper<S>(system, options, 5, Linearized<S>(system, 1)) {
    for (Index i = 0; i < system.size(); ++i)
      if (this->linear_.algebraic(i)) refuse(i);
    // M itself is what Linearized solves with at J = 0 and c = 1; it is factored here, once.
    this->linear_.jacobian(0).setZero();
    this->linear_.shift(1.0);
    try {
      Block<S> nothing = Block<S>::Zero(system.size(), 1);
      this->linear_.solve(nothing);
    } catch (const SingularMatrix& e) {
      refuse(e.unknown());
    }
  }

  void reset() override {
    ControlledStepper<S>::reset();
    fresh_ = true;
  }

  void interpolate(double t, Block<S>& x) const override {
    method_.calc_state(t, x, this->x0_, start_slope_, this->t0_, end_, end_slope_, this->t0_ + this->h0_);
  }

 private:
  using Method = boost::numeric::odeint::runge_kutta_dopri5<Block<S>, double, Block<S>, double, boost::numeric::odeint::vector_space_algebra>;

  [[noreturn]] void refuse(Index unknown) const {
    throw Error(Fault::usage, this->system_.name(unknown) + " has no capacitance, so the explicit stepper 'dopri5' cannot move it; use "
                "method=rodas4p or add a capacitor");
  }

  void advance(const Block<S>& x, double t, double h, bool again) override {
    const auto slope = [&](const Block<S>& y, Block<S>& dydt, double at) {
      this->system_.rate(y, std::min(at, this->stage_time(t, h, 1.0)), dydt);
      this->linear_.solve(dydt);
      ++this->counts_.rates;
    };
    if (fresh_ && !again) slope(x, slope_, this->stage_time(t, h, 0.0));
    method_.do_step(slope, x, slope_, t, this->next_, next_slope_, h, this->error_);
  }

  void accepted() override {
    start_slope_.swap(slope_);
    slope_ = next_slope_;  // first same as last
    end_slope_ = next_slope_;
    end_ = this->next_;
    fresh_ = false;
  }

  mutable Method method_;
  bool fresh_ = true;
  Block<S> slope_, next_slope_;
  Block<S> start_slope_, end_slope_, end_;  // of the last accepted step
};

const Registered<StepperKind, StepperOf<Dopri5>> registered("dopri5", 5, "Dormand-Prince of Boost.Odeint, explicit: no algebraic unknowns, not stiff");

}  // namespace
}  // namespace settle
