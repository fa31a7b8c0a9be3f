// Krylov iterations with a preconditioner: conjugate gradients (real symmetric positive definite, and their conjugate-free form for complex symmetric
// matrices, doi:10.1109/20.106415) and BiCGStab (doi:10.1137/0913035) for everything else.
#pragma once

#include <cmath>

#include "sim/dual.hpp"
#include "sim/scalar.hpp"

namespace settle {

enum class KrylovEnd { converged, slow, broken };

struct KrylovOutcome {
  KrylovEnd end = KrylovEnd::slow;
  int iterations = 0;
};

/// When to stop: at a residual's norm, or after so many iterations.
struct KrylovLimits {
  double residual = 0.0;
  int iterations = 0;
};

/// The vectors an iteration works on, kept from one solve to the next.
template <Scalar S>
struct KrylovSpace {
  Vector<S> r, p, q, z, s, t, v, first;
};

/// x += what solves A x = r. `times(x, y)` sets y = A x, `precondition(r)` replaces r by about A^-1 r. On entry k.r holds the right side.
template <Scalar S, class Times, class Precondition>
KrylovOutcome conjugate_gradients(Times times, Precondition precondition, KrylovSpace<S>& k, Vector<S>& x, const KrylovLimits& limits) {
  auto dot = [](const Vector<S>& a, const Vector<S>& b) { return a.cwiseProduct(b).sum(); };  // not conjugated
  k.q.resizeLike(x);
  S rho(0.0);
  for (int n = 0; n < limits.iterations; ++n) {
    if (k.r.norm() <= limits.residual) return {KrylovEnd::converged, n};
    k.z = k.r;
    precondition(k.z);
    const S before = rho;
    rho = dot(k.r, k.z);
    if (rho == S(0.0) || !finite(rho)) return {KrylovEnd::broken, n};
    if (n == 0)
      k.p = k.z;
    else
      k.p = k.z + (rho / before) * k.p;
    times(k.p, k.q);
    const S curvature = dot(k.p, k.q);
    if (curvature == S(0.0) || (std::same_as<S, double> && !(re(curvature) > 0.0))) return {KrylovEnd::broken, n};
    const S alpha = rho / curvature;
    x += alpha * k.p;
    k.r -= alpha * k.q;
  }
  return {KrylovEnd::slow, limits.iterations};
}

/// The same for any matrix.
template <Scalar S, class Times, class Precondition>
KrylovOutcome bicgstab(Times times, Precondition precondition, KrylovSpace<S>& k, Vector<S>& x, const KrylovLimits& limits) {
  k.first = k.r;
  k.p = k.r;
  k.v.resizeLike(x);
  k.t.resizeLike(x);
  S rho = k.first.dot(k.r);
  for (int n = 0; n < limits.iterations; ++n) {
    if (k.r.norm() <= limits.residual) return {KrylovEnd::converged, n};
    k.z = k.p;
    precondition(k.z);
    times(k.z, k.v);
    const S along = k.first.dot(k.v), alpha = rho / along;
    if (!finite(alpha) || alpha == S(0.0)) return {KrylovEnd::broken, n};
    x += alpha * k.z;
    k.r -= alpha * k.v;
    if (k.r.norm() <= limits.residual) return {KrylovEnd::converged, n + 1};
    k.s = k.r;
    precondition(k.s);
    times(k.s, k.t);
    const S omega = k.t.dot(k.r) / k.t.squaredNorm();
    if (!finite(omega) || omega == S(0.0)) return {KrylovEnd::broken, n + 1};
    x += omega * k.s;
    k.r -= omega * k.t;
    const S before = rho;
    rho = k.first.dot(k.r);
    k.p = k.r + (rho / before) * (alpha / omega) * (k.p - omega * k.v);
  }
  return {KrylovEnd::slow, limits.iterations};
}

}  // namespace settle
