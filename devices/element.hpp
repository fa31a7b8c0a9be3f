// Element: all devices of one kind in a circuit, as the equations they add to it. Virtual once per population, never per device.
// A port's current flows from the node into the device; a node's rate is the current *into the node*, so devices subtract there.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/moment.hpp"
#include "sim/pattern.hpp"
#include "sim/location.hpp"
#include "sim/scalar.hpp"

namespace settle {

class Kind;

/// Something of a device a probe can show: a current, the power, a state.
struct Quantity {
  std::string name;  // "i", "p", "id", "x", "q"
  std::string unit;
  std::string help;
};

/// A white noise current of a device: leaves row `from`, enters row `to`.
struct NoiseSource {
  Index device = 0;
  std::string_view what;         // "thermal", "shot", "channel"
  Index from = 0, to = 0;
  double density = 0.0;          // A^2/Hz, one-sided
  double out = 1.0, in = 1.0;    // shares of the current: a buffer may supply one end, or invert
};

/// A solved circuit at one moment, all rows (see Rows), samples as columns. Slopes and balances are computed when first asked for.
template <Scalar S>
class Solution {
 public:
  virtual ~Solution() = default;
  virtual const Moment& moment() const = 0;
  virtual const Block<S>& x() const = 0;        // rows
  virtual const Block<S>& slope() const = 0;    // dx/dt
  virtual const Block<S>& balance() const = 0;  // f - M dx/dt: zero on solved rows, what a source must absorb on driven ones
};

/// Everything takes and fills blocks over *all* rows. Functions for one sample get a block of one column.
class Element {
 public:
  virtual ~Element() = default;

  virtual const Kind& kind() const = 0;
  virtual Index count() const = 0;
  virtual std::string name(Index device) const = 0;
  /// The device of that name, or -1. Only elements whose devices are named by rule look for themselves.
  virtual Index find(std::string_view /*name*/) const { return -1; }
  virtual Location where(Index device) const = 0;
  /// Rows a device touches, terminals first: for messages and structure checks.
  virtual std::vector<Index> rows(Index device) const = 0;

  /// True if the rate is affine in x with coefficients that never change.
  virtual bool linear() const = 0;

  virtual void add_rate(const Block<double>& x, const Moment& now, Block<double>& f) const = 0;
  virtual void add_rate(const Block<Complex>& x, const Moment& now, Block<Complex>& f) const = 0;
  /// df/dx of one sample.
  virtual void add_jacobian(const Block<double>& x, const Moment& now, Stamps<double>& J) const = 0;
  virtual void add_jacobian(const Block<Complex>& x, const Moment& now, Stamps<Complex>& J) const = 0;
  virtual void add_mass(Stamps<double>&) const {}
  /// Coefficient of the slope of a device's own first state: an inductor's inductance.
  virtual double mass(Index /*device*/) const { return 0.0; }
  /// Sets the rows of memory states (Row::memory) to their initial values, in all columns; operating points hold them there.
  virtual void put_initial(Block<double>& /*x, all rows*/) const {}
  /// Explicit df/dt at fixed x; driven rows are the circuit's business.
  virtual void add_time_slope(const Block<double>&, const Moment&, Block<double>&) const {}
  virtual void add_time_slope(const Block<Complex>&, const Moment&, Block<Complex>&) const {}

  /// Rate and Jacobian of one sample, linearized about limited voltages; `memory` points at memory() numbers that are NaN at first and
  /// hold the last voltages afterwards. Returns true while a device was limited. By default nothing is limited.
  virtual Index memory() const { return 0; }
  virtual bool add_limited(const Block<double>& x, const Moment& now, double*, Block<double>& f, Stamps<double>& J) const {
    return add_rate(x, now, f), add_jacobian(x, now, J), false;
  }
  virtual bool add_limited(const Block<Complex>& x, const Moment& now, Complex*, Block<Complex>& f, Stamps<Complex>& J) const {
    return add_rate(x, now, f), add_jacobian(x, now, J), false;
  }

  /// Sets (with order = 0) the driven rows this element drives, or adds up their time derivative (order = 1).
  virtual void drive(const Moment&, int /*order*/, Block<double>& /*fixed rows*/) const {}
  /// First time after `t` at which something in the element is not smooth.
  virtual double next_breakpoint(double /*t*/) const { return std::numeric_limits<double>::infinity(); }
  /// Shortest time scale in which the element acts by itself (a sine's period), to bound the step.
  virtual double shortest_period() const { return std::numeric_limits<double>::infinity(); }

  /// Excitation of .ac: amplitudes of the driven rows it drives, and what it adds to rates.
  virtual void add_small_signal(Block<Complex>& /*fixed rows*/, Block<Complex>& /*rates*/) const {}

  /// Noise currents at the point x of one sample.
  virtual void add_noise(const Block<double>& /*x*/, const Moment&, const Environment&, std::vector<NoiseSource>&) const {}

  /// Events: functions of the state, negative until a mode must change.
  virtual Index events() const { return 0; }
  virtual void event_values(const Block<double>& /*x, one sample*/, const Moment&, double* /*g*/) const {}
  virtual void fire(Index /*event*/, Index /*sample*/, Modes&) const {}

  virtual std::vector<Quantity> quantities(Index device) const = 0;
  virtual double observe(Index device, std::size_t quantity, const Solution<double>& at, Index sample) const = 0;
  virtual Complex observe(Index device, std::size_t quantity, const Solution<Complex>& at, Index sample) const = 0;
  /// The quantity's complex amplitude for a small complex deviation `small` about the real rest state (.ac).
  virtual Complex observe_small(Index device, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const = 0;

  /// Adds lambda^T df/dw of every device to `gradient`, summed over samples, with w the field `field`; lambda is zero on driven rows. False if
  /// this element cannot tell how its rates depend on the field. A memory state that starts at w is taken to stand there.
  virtual bool add_pullback(std::size_t /*field*/, const Block<double>& /*x*/, const Moment&, const Block<double>& /*lambda*/, double* /*gradient*/) const { return false; }
  virtual bool add_pullback(std::size_t, const Block<Complex>&, const Moment&, const Block<Complex>&, Complex*) const { return false; }

  /// Why a device has no current or voltage at this point of one sample ("'b1': log(-0.5) has no real value"), or "".
  virtual std::string undefined(const Block<double>&, const Moment&) const { return {}; }

  /// Parameters by their place in kind().fields(); a change takes effect at once.
  virtual double field(Index device, std::size_t field) const = 0;
  virtual void set_field(Index device, std::size_t field, double value) = 0;
  /// The field of all devices.
  virtual void set_fields(std::size_t field, std::span<const double> values) {
    for (Index k = 0; k < count(); ++k) set_field(k, field, values[static_cast<std::size_t>(k)]);
  }
  /// Derives everything that depends on temperature.
  virtual void prepare(const Environment&) = 0;
};

}  // namespace settle
