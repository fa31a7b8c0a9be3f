// The logistic function s(z) = 1 / (1 + exp(-z)) over arrays, real or complex as two planes (real parts, imaginary parts), in double or single precision.
// Loops without branches, so that compilers make vectors of them: 10 to 30 times faster than std::exp on std::complex (tests/bench/kernels.cpp).
#pragma once

#include "sim/scalar.hpp"

namespace settle {

/// s = 1 / (1 + exp(-z)), within 4 rounding errors; z and s may be the same array.
template <class Real>
void logistic(const Real* z, Real* s, Index count);

/// The same of complex numbers: x + iy in, s + it out. Accurate for |y| < 1e5; at a pole it is infinite or no number.
template <class Real>
void logistic(const Real* x, const Real* y, Real* s, Real* t, Index count);

}  // namespace settle
