// TwoTerminal: a hand-written element whose devices each carry one current, from their first terminal to their second.
#pragma once

#include "devices/population.hpp"

namespace settle {

/// `Self` writes its equations once for both scalars: rate(x, now, f), jacobian(x, now, J), time_slope(x, now, f),
/// current<S>(device, solution, sample), small_current(device, rest, small).
template <class Self>
class TwoTerminal : public Population {
 public:
  void add_rate(const Block<double>& x, const Moment& now, Block<double>& f) const override { self().rate(x, now, f); }
  void add_rate(const Block<Complex>& x, const Moment& now, Block<Complex>& f) const override { self().rate(x, now, f); }
  void add_jacobian(const Block<double>& x, const Moment& now, Stamps<double>& J) const override { self().jacobian(x, now, J); }
  void add_jacobian(const Block<Complex>& x, const Moment& now, Stamps<Complex>& J) const override { self().jacobian(x, now, J); }
  void add_time_slope(const Block<double>& x, const Moment& now, Block<double>& f) const override { self().time_slope(x, now, f); }
  void add_time_slope(const Block<Complex>& x, const Moment& now, Block<Complex>& f) const override { self().time_slope(x, now, f); }

  std::vector<Quantity> quantities(Index) const override {
    return {{"i", "A", "current from '" + kind().terminals[0] + "' through the device to '" + kind().terminals[1] + "'"},
            {"p", "W", "power taken up"}};
  }
  double observe(Index k, std::size_t quantity, const Solution<double>& at, Index sample) const override { return look(k, quantity, at, sample); }
  Complex observe(Index k, std::size_t quantity, const Solution<Complex>& at, Index sample) const override { return look(k, quantity, at, sample); }
  Complex observe_small(Index k, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const override {
    const Complex di = self().small_current(k, rest, small);
    if (quantity == 0) return di;
    return di * across(k, rest.x(), 0) + self().template current<double>(k, rest, 0) * across(k, small.x(), 0);
  }

 protected:
  using Population::Population;

  Index plus(Index k) const { return terminals(k)[0]; }
  Index minus(Index k) const { return terminals(k)[1]; }
  template <Scalar S>
  S across(Index k, const Block<S>& x, Index sample) const {
    return x(plus(k), sample) - x(minus(k), sample);
  }

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }
  template <Scalar S>
  S look(Index k, std::size_t quantity, const Solution<S>& at, Index sample) const {
    const S i = self().template current<S>(k, at, sample);
    return quantity == 0 ? i : i * across(k, at.x(), sample);
  }
};

}  // namespace settle
