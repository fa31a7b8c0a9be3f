// Values and slopes of beta(t).
#include "sim/signal.hpp"

#include <cmath>
#include <limits>

namespace settle {
namespace {

constexpr double turn = 2.0 * std::numbers::pi;

/// exp(2 pi i k / n), with the points on the axes exact, so that a pair of conjugate points stays one.
Complex root_of_unity(long k, long n) {
  k %= n;
  if (4 * k == 0) return 1.0;
  if (4 * k == n) return Complex(0.0, 1.0);
  if (2 * k == n) return -1.0;
  if (4 * k == 3 * n) return Complex(0.0, -1.0);
  if (2 * k > n) return std::conj(root_of_unity(n - k, n));
  return std::polar(1.0, turn * static_cast<double>(k) / static_cast<double>(n));
}

}  // namespace

Complex Signal::point(int k) const { return beta * root_of_unity(k, points); }

Complex Signal::at(double t) const {
  switch (shape) {
    case Shape::constant: return beta;
    case Shape::points: return point(static_cast<int>(std::fmod(std::floor(t / period * (1.0 + 1e-15)), points)));
    case Shape::cosine: return beta * std::cos(omega() * t);
    case Shape::rotating: return std::polar(1.0, omega() * t) * beta;
  }
  return beta;
}

Complex Signal::slope(double t) const {
  switch (shape) {
    case Shape::cosine: return -beta * omega() * std::sin(omega() * t);
    case Shape::rotating: return Complex(0.0, omega()) * at(t);
    default: return 0.0;
  }
}

double Signal::next_breakpoint(double t) const {
  if (shape != Shape::points || points < 2) return std::numeric_limits<double>::infinity();
  return (std::floor(t / period * (1.0 + 1e-15)) + 1.0) * period;
}

const std::vector<std::pair<std::string, Signal::Shape>>& signal_shapes() {
  using S = Signal::Shape;
  static const std::vector<std::pair<std::string, S>> shapes{
      {"constant", S::constant}, {"points", S::points}, {"rotating", S::rotating}, {"cosine", S::cosine}};
  return shapes;
}

}  // namespace settle
