// Nudging: responses from rest states held at several nudges, beta real or on a circle.
#pragma once

#include <functional>

#include "sim/scalar.hpp"
#include "sim/signal.hpp"

namespace settle {

/// The equilibrium at beta, a column per sample.
template <Scalar S>
using At = std::function<Block<S>(S beta)>;

/// What a movement was per beta, and the state it is about.
struct Nudging {
  Block<double> response, mean;
};

/// (x(beta) - x(0)) / beta about x(0), or centred, (x(beta) - x(-beta)) / 2 beta.
Nudging nudged_once(const At<double>& at, const Block<double>& rest, double beta, bool centred);
/// (1 / N r) sum_k x(r w^k) w^-k about (1 / N) sum_k x(r w^k).
Nudging nudged_around(const At<Complex>& at, double radius, int points);

/// Calls visit(beta, share) with the points of a circle on and above the real axis; share is how many points it stands for, of all N: states below
/// the axis are the conjugates of those above.
void each_point(double radius, int points, const std::function<void(Complex beta, double share)>& visit);

}  // namespace settle
