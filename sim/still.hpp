// Still: has a system come to rest? What is left to go, -J^-1 f(x), is compared with a tolerance per unknown.
#pragma once

#include "sim/linearized.hpp"

namespace settle {

/// To first order -J^-1 f(x) is the way from x to the rest state, so no time constant has to be known to judge a rate. Of a system that
/// depends on time, the way its rest state goes in `horizon` seconds counts too. One sample.
template <Scalar S>
class Still {
 public:
  explicit Still(const System<S>& system) : system_(system), linearized_(system, 1) {}

  struct Distance {
    double share = 0.0;  // of the tolerance, at the worst unknown
    Index unknown = 0;
  };
  /// Throws SingularMatrix where the linearized system has no unique rest state.
  Distance at(const Block<S>& x, double t, const Vector<double>& tolerance, double horizon = 0.0);
  /// The way that was left at the last call.
  const Block<S>& left() const { return left_; }

 private:
  const System<S>& system_;
  Linearized<S> linearized_;
  Block<S> left_, drift_;
};

/// Magnitude of the slowest time constant of the system linearized at x: the largest |eigenvalue| of -J^-1 M, by power iteration; within
/// a factor of two where several are alike. 0 for a system without mass.
double slowest_time(const System<double>& system, const Block<double>& x, double t);

}  // namespace settle
