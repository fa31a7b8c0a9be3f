// Typical: for every registered kind a device with all of its effects switched on, and random points to look at it.
#pragma once

#include <random>

#include "tests/devices/bench.hpp"

namespace settle::testing {

std::vector<std::string> kinds();
/// Fails the test for a kind that has no values here yet.
Setup typical(const std::string& kind);
/// A typical device in a transient at 0.3 ms.
Bench bench_of(const std::string& kind);

/// Voltages within 1.5 V, charges and currents in their usual size, memory states within half of where they begin; ground at zero. `imaginary` scales an imaginary part.
Block<Complex> random_point(const Bench& bench, std::mt19937& random, double imaginary);

/// True for a kind that takes real voltages only.
inline bool real_only(const Bench& bench) { return bench.kind().holomorphy == Holomorphy::nowhere; }

/// The largest |a - b| in units of the largest entry of its row.
template <class A, class B>
double row_relative(const A& a, const B& b) {
  double worst = 0.0;
  for (Index i = 0; i < a.rows(); ++i) {
    const double scale = std::max(a.row(i).cwiseAbs().maxCoeff(), b.row(i).cwiseAbs().maxCoeff());
    if (scale > 0.0) worst = std::max(worst, (a.row(i) - b.row(i)).cwiseAbs().maxCoeff() / scale);
  }
  return worst;
}

}  // namespace settle::testing
