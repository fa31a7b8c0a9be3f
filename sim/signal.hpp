// Signal: how strongly a nudge acts over time, beta(t): held still, turning in the complex plane, or swinging on the real axis.
#pragma once

#include <numbers>
#include <string>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

struct Signal {
  enum class Shape {
    constant,  // beta
    points,    // beta w^k with w = exp(2 pi i / points), one after the other, each held
    rotating,  // beta exp(i w t)
    cosine     // beta cos(w t)
  };
  Shape shape = Shape::constant;
  double beta = 0.0;    // real; its magnitude is the radius of the circle
  double period = 0.0;  // s, of rotating and cosine; of `points` the time each point is held
  int points = 1;       // of `points`

  double omega() const { return 2.0 * std::numbers::pi / period; }
  bool oscillates() const { return shape == Shape::rotating || shape == Shape::cosine; }
  /// True if beta(t) leaves the real axis, so that voltages do too.
  bool complex() const { return shape == Shape::rotating || (shape == Shape::points && points > 2); }

  /// The k-th of `points` points on the circle, exact on the axes.
  Complex point(int k) const;
  Complex at(double t) const;
  Complex slope(double t) const;
  /// Where beta(t) jumps next; infinity if it does not.
  double next_breakpoint(double t) const;
};

/// "rotating" and the like; an unknown name gives no shape.
const std::vector<std::pair<std::string, Signal::Shape>>& signal_shapes();

}  // namespace settle
