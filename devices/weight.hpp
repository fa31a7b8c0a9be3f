// Weight: which value of a device's field gives it a wanted conductance.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace settle {

/// x in [a, b] with f(x) = target, for a monotone f whose values at the ends enclose it; to rounding. Secants, with bisection where they crawl.
template <class F>
double inverse_of_monotone(const F& f, double a, double b, double target) {
  double fa = f(a) - target, fb = f(b) - target;
  if (fa == 0.0) return a;
  for (int n = 0; n < 400 && fb != 0.0; ++n) {
    const double gap = std::abs(b - a);
    if (gap <= std::numeric_limits<double>::epsilon() * std::max(std::abs(a), std::abs(b))) break;
    double x = (a * fb - b * fa) / (fb - fa);
    if (n % 3 == 2 || !(x > std::min(a, b) && x < std::max(a, b))) x = 0.5 * a + 0.5 * b;
    if (x == a || x == b) break;
    const double fx = f(x) - target;
    if ((fx < 0.0) == (fa < 0.0) && fx != 0.0)
      a = x, fa = fx;
    else
      b = x, fb = fx;
  }
  return std::abs(fa) < std::abs(fb) ? a : b;
}

}  // namespace settle
