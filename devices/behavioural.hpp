// Behavioural: devices whose current, voltage or charge is an expression of the deck.
#pragma once

#include "devices/device.hpp"
#include "devices/two_terminal.hpp"
#include "sim/error.hpp"

namespace settle {

/// Expressions bound to rows, scaled by temperature and multiplicity. Behavioural kinds hold one expression per device.
class BoundExpressions {
 public:
  BoundExpressions(const Kind& kind, std::span<const Instance> instances);

  /// Replaces the factor of a device and the temperature (degrees Celsius) its expression sees.
  void scale(Index k, double factor, double celsius);

  template <Scalar S>
  S value(Index k, const Block<S>& x, const Moment& now, Index sample) const;
  /// Adds the derivatives of the value to row `row` of J.
  template <Scalar S>
  void add_slopes(Index k, Index row, double sign, const Block<S>& x, const Moment& now, Stamps<S>& J) const;
  /// d value / dt at fixed x.
  template <Scalar S>
  S time_slope(Index k, const Block<S>& x, const Moment& now, Index sample) const;
  /// The change of the value for a small change of all rows.
  Complex small(Index k, const Block<double>& rest, const Moment& now, const Block<Complex>& small) const;

  /// Why the value of a device is not a number at this point, or "".
  std::string undefined(Index k, const Block<double>& x, const Moment& now, Index sample) const;
  /// Rows the expression of a device reads.
  std::vector<Index> reads(Index k) const;

 private:
  struct Bound {
    std::string device;
    Expression expression;
    std::vector<Input::Kind> what;
    std::vector<Index> plus, minus;
    bool depends_on_time = false;
    std::string complaint;  // why it cannot be continued to complex voltages; "" if it can
    double factor = 1.0, celsius = 27.0;
  };
  const Bound& bound(Index k) const { return bound_[static_cast<std::size_t>(k)]; }
  template <Scalar S>
  static const std::vector<S>& inputs(const Bound& b, const Block<S>& x, const Moment& now, Index sample);
  template <Scalar S>
  static const std::vector<S>& slopes(const Bound& b, const Block<S>& x, const Moment& now, Index sample);

  std::vector<Bound> bound_;
};

/// What the three behavioural kinds share. `Self` adds where the value goes.
template <class Self>
class Behavioural : public TwoTerminal<Self> {
 public:
  bool linear() const override { return false; }
  std::vector<Index> rows(Index k) const override {
    std::vector<Index> all = Population::rows(k);
    const std::vector<Index> read = bound_.reads(k);
    all.insert(all.end(), read.begin(), read.end());
    return all;
  }
  std::string undefined(const Block<double>& x, const Moment& now) const override {
    for (Index k = 0; k < this->count(); ++k)
      if (std::string why = bound_.undefined(k, x, now, 0); !why.empty()) return why;
    return {};
  }

 protected:
  Behavioural(const Kind& kind, std::span<const Instance> instances, const Environment& environment)
      : TwoTerminal<Self>(kind, instances, environment), bound_(kind, instances) {
    for (Index k = 0; k < this->count(); ++k) derive(k);
  }
  const BoundExpressions& bound() const { return bound_; }

  /// A bad value at a point that was accepted is an error; during trial steps it only rejects them.
  template <Scalar S>
  void require_defined(Index k, const S& value, const Solution<S>& at, Index sample) const {
    if (finite(value)) return;
    throw Error(Fault::simulation, bound_.undefined(k, at.x().real(), at.moment(), sample));
  }

 private:
  void derive(Index k) override {
    Thermal thermal{this->value(k, "temp"), this->value(k, "dtemp"), not_given};
    const double dt = thermal.above_nominal(this->environment());
    const double m = this->kind().field_index("m") == std::string::npos ? 1.0 : this->value(k, "m");
    bound_.scale(k, m * (1.0 + (this->value(k, "tc1") + this->value(k, "tc2") * dt) * dt), thermal.kelvin(this->environment()) - zero_celsius);
  }

  BoundExpressions bound_;
};

/// Letter, terminals and fields common to behavioural kinds.
class BehaviouralKind : public Kind {
 protected:
  BehaviouralKind(const std::string& kind_name, const std::string& what, Branch::Tie tie, bool multiplies);
};

}  // namespace settle
