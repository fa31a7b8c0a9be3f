// SPICE's step limits of a MOS transistor's gate and drain voltages between Newton iterations.
#pragma once

#include <algorithm>
#include <cmath>

namespace settle {

/// Gate voltage: may not leap across the threshold region.
inline double limited_gate(double v, double previous, double threshold) {
  const double far = std::abs(2.0 * (previous - threshold)) + 2.0, near = 0.5 * far + 2.0, well_on = threshold + 3.5, step = v - previous;
  if (previous >= well_on) {
    if (step > 0.0) return std::min(v, previous + far);
    return v >= well_on ? std::max(v, previous - near) : std::max(v, threshold + 2.0);
  }
  if (previous >= threshold) return step <= 0.0 ? std::max(v, threshold - 0.5) : std::min(v, threshold + 4.0);
  if (step <= 0.0) return std::max(v, previous - far);
  return v <= threshold + 0.5 ? std::min(v, previous + near) : threshold + 0.5;
}

/// Drain-source voltage.
inline double limited_drain(double v, double previous) {
  if (previous >= 3.5) {
    if (v > previous) return std::min(v, 3.0 * previous + 2.0);
    return v < 3.5 ? std::max(v, 2.0) : v;
  }
  return v > previous ? std::min(v, 4.0) : std::max(v, -0.5);
}

}  // namespace settle
