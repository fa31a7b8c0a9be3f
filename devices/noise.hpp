// PortNoise: the white noise currents between a device's ports, as one-sided densities: thermal 4 k T g (Nyquist 1928,
// doi:10.1103/PhysRev.32.110), shot 2 q i coth(q v / 2 k T), which is 2 q i of a current far from equilibrium and 4 k T g at rest.
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "devices/moment.hpp"

namespace settle {

class PortNoise {
 public:
  struct Current {
    std::string_view what;
    std::size_t from, to;  // ports
    double density;        // A^2/Hz
  };

  /// Of a conductance (S); one below zero is no resistor and has none.
  void thermal(std::size_t from, std::size_t to, double conductance, double kelvin, std::string_view what = "thermal") {
    add(what, from, to, 4.0 * boltzmann * kelvin * conductance);
  }
  /// Of charges that cross a barrier one by one, `current(v)` at the voltage v.
  template <class I>
  void shot(std::size_t from, std::size_t to, double v, const I& current, double kelvin, std::string_view what = "shot") {
    constexpr double almost_none = 1e-9;  // V; there i/v and x coth x differ from their limits by 1e-8 and 1e-16
    const double u = std::abs(v) < almost_none ? almost_none : v, x = elementary_charge * u / (2.0 * boltzmann * kelvin);
    add(what, from, to, 2.0 * elementary_charge * current(u) / std::tanh(x));
  }
  /// At every point of a device the same currents in the same order, be they zero: each has a random stream of its own.
  void add(std::string_view what, std::size_t from, std::size_t to, double density) {
    current_.push_back({what, from, to, std::max(density, 0.0)});
  }

  const std::vector<Current>& currents() const { return current_; }

 private:
  std::vector<Current> current_;
};

}  // namespace settle
