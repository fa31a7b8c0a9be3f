// Switches: resistors of two values, turned by a control voltage or current with hysteresis; the position is a mode, changed by events.
#pragma once

#include "devices/two_terminal.hpp"

namespace settle {

/// Where the control quantity is read: plus row minus minus row.
struct SwitchControl {
  Index plus = Rows::ground, minus = Rows::ground;
};

class Switches final : public TwoTerminal<Switches> {
 public:
  /// `threshold` and `hysteresis` name the kind's fields. The switch closes above threshold + hysteresis and opens below threshold - hysteresis.
  Switches(const Kind& kind, std::span<const Instance> instances, Rows& rows, const Environment& environment, std::vector<SwitchControl> controls,
           std::string threshold, std::string hysteresis);
  bool linear() const override { return false; }

  void add_noise(const Block<double>&, const Moment& now, const Environment& e, std::vector<NoiseSource>& sources) const override {
    for (Index k = 0; k < count(); ++k)
      sources.push_back({.device = k, .what = "thermal", .from = plus(k), .to = minus(k), .density = 4.0 * boltzmann * e.temperature * conductance(k, now, 0)});
  }

  Index events() const override { return count(); }
  void event_values(const Block<double>& x, const Moment& now, double* g) const override;
  void fire(Index event, Index sample, Modes& modes) const override;

  template <Scalar S>
  void rate(const Block<S>& x, const Moment& now, Block<S>& f) const {
    require_real<S>();
    for (Index k = 0; k < count(); ++k)
      for (Index s = 0; s < x.cols(); ++s) {
        const S i = conductance(k, now, s) * across(k, x, s);
        f(plus(k), s) -= i;
        f(minus(k), s) += i;
      }
  }
  template <Scalar S>
  void jacobian(const Block<S>&, const Moment& now, Stamps<S>& J) const {
    require_real<S>();
    for (Index k = 0; k < count(); ++k) {
      const double g = conductance(k, now, 0);
      J.add(plus(k), plus(k), S(-g));
      J.add(plus(k), minus(k), S(g));
      J.add(minus(k), plus(k), S(g));
      J.add(minus(k), minus(k), S(-g));
    }
  }
  template <Scalar S>
  void time_slope(const Block<S>&, const Moment&, Block<S>&) const {}

  template <Scalar S>
  S current(Index k, const Solution<S>& at, Index sample) const {
    return conductance(k, at.moment(), sample) * across(k, at.x(), sample);
  }
  Complex small_current(Index k, const Solution<double>& rest, const Solution<Complex>& small) const {
    return conductance(k, rest.moment(), 0) * across(k, small.x(), 0);
  }

 private:
  struct Position {
    SwitchControl control;
    Index mode = 0;
    double g_on = 1.0, g_off = 1e-12;     // S
    double opens = 0.0, closes = 0.0;     // V or A
  };
  const Position& at(Index k) const { return position_[static_cast<std::size_t>(k)]; }
  bool closed(Index k, const Moment& now, Index sample) const { return now.modes->at(at(k).mode, now.first_sample + sample) != 0; }
  double conductance(Index k, const Moment& now, Index sample) const { return closed(k, now, sample) ? at(k).g_on : at(k).g_off; }
  template <Scalar S>
  void require_real() const {
    if (!std::same_as<S, double> && count() > 0) refuse();
  }
  [[noreturn]] void refuse() const;
  void derive(Index k) override;

  std::string threshold_, hysteresis_;
  std::vector<Position> position_;
};

/// Fields, terminals and model of a switch kind; `quantity` is 'v' or 'i'.
void describe_switch(Kind& kind, char quantity);

}  // namespace settle
