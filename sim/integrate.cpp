// The run: spans between breakpoints, events located on the dense output, a second method for steps the first cannot take.
#include "sim/integrate.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/newton.hpp"

namespace settle {
namespace {

constexpr int patience = 6;                      // rejections in a row before the other method takes one step
constexpr const char* other_method = "trbdf2";
constexpr double restart_share = 1e-9;           // step of a consistent restart, as a share of the gap to the next breakpoint
constexpr double first_share = 1e-2;             // first step after a restart, likewise
constexpr double event_share = 1e-9;             // an event is located within this share of the step

template <Scalar S>
class Run {
 public:
  Run(const System<S>& system, Block<S>& x, Span span, const IntegrateOptions& options, const Breakpoints& breakpoints,
      Observer<S>& observer, Events<S>* events)
      : system_(system), x_(x), t_(span.begin), end_(span.end), options_(options), breakpoints_(breakpoints), observer_(observer),
        events_(events), step_options_{.reltol = options.reltol, .norm = options.norm, .h_min = least_step(span), .h_max = options.h_max},
        stepper_(make_stepper(options.method, system, step_options_)) {}

  StepCounts go() {
    if (!(end_ > t_)) throw Error(Fault::usage, fmt::format("the run must end after it begins, not at {:g} s having begun at {:g} s", end_, t_));
    next_break_ = next_break();
    if (!options_.consistent) make_consistent();
    begin_segment();
    if (options_.h_first > 0.0) h_ = options_.h_first;
    while (t_ < end_ && !observer_.done()) advance();
    return total();
  }

 private:
  static double least_step(Span span) { return 1e-15 * (span.end - span.begin); }

  double next_break() const { return std::min(end_, breakpoints_ ? breakpoints_(t_) : end_); }

  /// After any jump: the past is worth nothing, the state was made to fit the new equations.
  void begin_segment() {
    stepper_->reset();
    if (other_) other_->reset();
    h_ = std::min(first_share * (next_break_ - t_), options_.h_max);
    if (events_) evaluate_events(t_, x_, g_);
    observer_.start(t_, x_);
  }

  void make_consistent() {
    NewtonOptions newton;
    newton.reltol = options_.reltol;
    newton.interrupted = options_.interrupted;
    const double beyond = t_ + 4.0 * std::numeric_limits<double>::epsilon() * std::abs(t_);  // to the right of a jump
    const NewtonReport report = restart(system_, x_, beyond, restart_share * (next_break_ - t_), newton);
    restarts_.iterations += report.iterations;
    restarts_.factorizations += report.factorizations;
  }

  void advance() {
    if (options_.interrupted && options_.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted at t = {:.6g} s", t_));
    const double from = t_;
    const Stepper<S>& taken = step();
    double to = t_;
    const Index fired = events_ ? first_event(taken, from, to) : -1;
    if (fired >= 0) {
      taken.interpolate(to, x_);
      t_ = to;
    }
    observer_.step({from, t_, x_, taken});
    if (fired >= 0) events_->fire(fired, t_, x_);
    if ((fired >= 0 || t_ >= next_break_) && t_ < end_) {
      next_break_ = next_break();
      make_consistent();
      begin_segment();
    }
  }

  /// One accepted step towards the next breakpoint, by the method asked for or, where it fails again and again, by the other one.
  const Stepper<S>& step() {
    for (int tries = 0;; ++tries) {
      const bool changed = tries % (patience + 1) == patience && options_.method != other_method;
      if (changed && !other_) other_ = make_stepper(std::string(other_method), system_, step_options_);
      if (changed) other_->reset();
      Stepper<S>& stepper = changed ? *other_ : *stepper_;
      const double wanted = h_, left = next_break_ - t_;
      // The last two steps share what is left, so that none of them is a sliver.
      h_ = wanted >= left ? left : std::min(wanted, wanted * 2.0 > left ? 0.5 * left : wanted);
      const bool last = h_ == left;
      if (stepper.try_step(x_, t_, h_) == StepResult::rejected) continue;
      if (last) t_ = next_break_;
      if (changed) stepper_->reset();
      return stepper;
    }
  }

  void evaluate_events(double t, const Block<S>& x, Vector<double>& g) {
    g.resize(events_->count());
    events_->evaluate(t, x, g);
  }

  /// The event that comes first in the step just taken, its time in `to`; -1 if none does. Bisection narrowed by secants (Illinois).
  Index first_event(const Stepper<S>& taken, double from, double& to) {
    Vector<double> g1;
    evaluate_events(t_, x_, g1);
    Index first = -1;
    for (Index k = 0; k < g1.size(); ++k) {
      if (!(g_[k] < 0.0 && g1[k] >= 0.0) && !(g_[k] > 0.0 && g1[k] <= 0.0)) continue;
      const double when = zero(taken, k, from, g_[k], t_, g1[k]);
      if (first >= 0 && when >= to) continue;
      first = k;
      to = when;
    }
    g_ = g1;
    return first;
  }

  double zero(const Stepper<S>& taken, Index k, double a, double ga, double b, double gb) {
    const double close = event_share * (b - a);
    Block<S> y;
    Vector<double> g;
    for (int n = 0, side = 0; n < 100 && b - a > close && gb != 0.0; ++n) {
      double m = (a * gb - b * ga) / (gb - ga);
      if (n % 3 == 2 || !(m > a && m < b)) m = 0.5 * (a + b);
      taken.interpolate(m, y);
      evaluate_events(m, y, g);
      if ((g[k] < 0.0) == (ga < 0.0) && g[k] != 0.0) {
        a = m, ga = g[k];
        if (side == -1) gb *= 0.5;
        side = -1;
      } else {
        b = m, gb = g[k];
        if (side == 1) ga *= 0.5;
        side = 1;
      }
    }
    return b;
  }

  StepCounts total() const {
    StepCounts sum = restarts_;
    for (const auto* stepper : {stepper_.get(), other_.get()}) {
      if (!stepper) continue;
      const StepCounts c = stepper->counts();
      sum.steps += c.steps;
      sum.rejected += c.rejected;
      sum.rates += c.rates;
      sum.jacobians += c.jacobians;
      sum.factorizations += c.factorizations;
      sum.iterations += c.iterations;
    }
    return sum;
  }

  const System<S>& system_;
  Block<S>& x_;
  double t_, end_;
  const IntegrateOptions& options_;
  const Breakpoints& breakpoints_;
  Observer<S>& observer_;
  Events<S>* events_;
  StepOptions step_options_;
  std::unique_ptr<Stepper<S>> stepper_, other_;
  double next_break_ = 0.0;
  double h_ = 0.0;
  Vector<double> g_;
  StepCounts restarts_;
};

}  // namespace

template <Scalar S>
StepCounts integrate(const System<S>& system, Block<S>& x, Span span, const IntegrateOptions& options, const Breakpoints& breakpoints,
                     Observer<S>& observer, Events<S>* events) {
  return Run<S>(system, x, span, options, breakpoints, observer, events).go();
}

template StepCounts integrate(const System<double>&, Block<double>&, Span, const IntegrateOptions&, const Breakpoints&, Observer<double>&,
                              Events<double>*);
template StepCounts integrate(const System<Complex>&, Block<Complex>&, Span, const IntegrateOptions&, const Breakpoints&,
                              Observer<Complex>&, Events<Complex>*);

}  // namespace settle
