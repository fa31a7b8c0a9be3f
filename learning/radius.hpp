// Radius: how far beta may go. The rest state, as a function of complex beta, is analytic up to its nearest singularity, most often a fold
// where det J = 0; the estimates of holomorphic equilibrium propagation are exact inside that distance and nowhere else.
#pragma once

#include "learning/rest_branch.hpp"
#include "learning/rest_point.hpp"

namespace settle {

struct Radius {
  Complex singularity;     // the nearest one; with its conjugate if it is not real
  double radius = 0.0;     // its magnitude; infinite if none was found
  enum class Kind { fold, pole, estimate, none } kind = Kind::none;  // how it is known
  double uncertainty = 0.0;  // of the radius, where it is only estimated from the Taylor series
};

/// From the Taylor series of the branch, by Cauchy integrals on a circle of growing radius; folds are then found to rounding by Newton's
/// iteration on F = 0, det J = 0. `first`: a |beta| to begin with.
Radius radius_of_convergence(RestBranch<Complex>& branch, const RestPoint& rest, double first);

/// "fold" and the like, in words.
const char* text_of(Radius::Kind kind);

}  // namespace settle
