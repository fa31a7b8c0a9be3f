// integrate: a system moved through a span of time, hitting breakpoints and events exactly.
#pragma once

#include <functional>
#include <limits>
#include <string>

#include "sim/stepper.hpp"

namespace settle {

struct Span {
  double begin = 0.0;
  double end = 0.0;
};

struct IntegrateOptions {
  std::string method = "rodas4p";
  double reltol = 1e-3;
  Norm norm = Norm::wrms;
  double h_max = std::numeric_limits<double>::infinity();
  double h_min = 0.0;                  // 0: as short as rounding allows
  double h_first = 0.0;                // 0: chosen from the span
  bool consistent = false;             // x is consistent at the start (it comes from an equilibrium); otherwise it is made so
  std::function<bool()> interrupted = {};   // asked after every step; true throws Error with Fault::interrupted
};

/// The first breakpoint after t, or infinity.
using Breakpoints = std::function<double(double t)>;

/// One accepted step, valid while the observer looks at it.
template <Scalar S>
struct Step {
  double from;
  double to;
  const Block<S>& x;  // at `to`
  const Stepper<S>& stepper;

  /// x at any time of [from, to].
  void at(double t, Block<S>& y) const {
    if (t == to)
      y = x;
    else
      stepper.interpolate(t, y);
  }
};

template <Scalar S>
class Observer {
 public:
  virtual ~Observer() = default;
  /// The state at the start, and again at the same time after every jump (breakpoint, event).
  virtual void start(double t, const Block<S>& x) = 0;
  virtual void step(const Step<S>& step) = 0;
  /// Asked after every step; true ends the run there.
  virtual bool done() const { return false; }
};

/// Functions g_k(t, x) whose zeros end a step; `fire` may change x and whatever the system depends on.
template <Scalar S>
class Events {
 public:
  virtual ~Events() = default;
  virtual Index count() const = 0;
  virtual void evaluate(double t, const Block<S>& x, Vector<double>& g) = 0;
  virtual void fire(Index k, double t, Block<S>& x) = 0;
};

/// Moves x from span.begin to span.end, or until the observer is done. Errors carry the time and the unknown's name.
template <Scalar S>
StepCounts integrate(const System<S>& system, Block<S>& x, Span span, const IntegrateOptions& options, const Breakpoints& breakpoints,
                     Observer<S>& observer, Events<S>* events = nullptr);

}  // namespace settle
