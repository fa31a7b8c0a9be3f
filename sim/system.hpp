// System: what a stepper or a Newton iteration may know of a circuit, M dx/dt = f(x, t) with M constant, possibly singular.
#pragma once

#include <string>

#include "sim/pattern.hpp"
#include "sim/scalar.hpp"

namespace settle {

/// Rows in which M is empty are algebraic. Everything in SI units; x is unknowns by samples. Wrappers (nudged, frozen, ...) are
/// systems that hold a system.
template <Scalar S>
class System {
 public:
  using scalar = S;
  virtual ~System() = default;

  virtual Index size() const = 0;
  virtual Index samples() const = 0;

  /// Places of M and of df/dx together; `mass` and `jacobian` are values on it.
  virtual const Pattern& pattern() const = 0;
  virtual const Vector<double>& mass() const = 0;

  /// f(x, t), overwritten.
  virtual void rate(const Block<S>& x, double t, Block<S>& f) const = 0;
  /// df/dx of one sample on the pattern, overwritten.
  virtual void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const = 0;
  /// df/dt at fixed x, overwritten; at a breakpoint the slope to its right.
  virtual void time_slope(const Block<S>& x, double t, Block<S>& ft) const = 0;
  /// True if df/dx is the same at every x, every t and for every sample.
  virtual bool linear() const { return false; }

  /// Name of an unknown for messages: "node 'out'", "current of 'l1'".
  virtual std::string name(Index unknown) const = 0;
  /// Absolute tolerance of an unknown, in its own unit.
  virtual double tolerance(Index unknown) const = 0;
  /// False for unknowns a step's error must not look at (currents of ideal sources).
  virtual bool in_error(Index) const { return true; }
};

/// How far a hard problem is eased while Newton walks towards it: all sources scaled, a conductance from every node to ground.
struct Ease {
  double sources = 1.0;
  double gmin = 0.0;  // S
};

/// What Newton may ask beyond a system: device equations linearized about limited voltages (SPICE's junction limiting).
template <Scalar S>
class LimitedSystem : public System<S> {
 public:
  /// f and J of one sample, linearized about limited voltages: f(x) ~ f(x_lim) + J (x - x_lim), both overwritten. `memory` holds the
  /// voltages of the previous iteration; it starts empty and is sized here. Returns true while any device was limited.
  virtual bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const = 0;
};

}  // namespace settle
