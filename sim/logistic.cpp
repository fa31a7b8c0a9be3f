// exp by Cody and Waite's reduction x = k ln 2 + r and a polynomial in r; sin and cos by the same of pi / 2.
#include "sim/logistic.hpp"

#include <bit>
#include <cstdint>

namespace settle {
namespace {

template <class Real>
struct Format;

template <>
struct Format<double> {
  using Bits = std::int64_t;
  static constexpr int mantissa = 52, exp_terms = 13, sin_terms = 8;
  static constexpr Bits bias = 1023;
  static constexpr double magic = 6755399441055744.0;  // 1.5 * 2^52: added, the last bits are the nearest whole number
  static constexpr double ln2_high = 6.93145751953125e-1, ln2_low = 1.42860682030941723212e-6;
  static constexpr double half_pi[3] = {1.57079632673412561417, 6.07710050630396597660e-11, 2.02226624879595063154e-21};
  static constexpr double most = 350.0;  // of exponents: squares stay finite
};

template <>
struct Format<float> {
  using Bits = std::int32_t;
  static constexpr int mantissa = 23, exp_terms = 7, sin_terms = 5;
  static constexpr Bits bias = 127;
  static constexpr float magic = 12582912.0f;
  static constexpr float ln2_high = 6.93359375e-1f, ln2_low = -2.12194440e-4f;
  static constexpr float half_pi[3] = {1.5703125f, 4.837512969970703125e-4f, 7.54978995489188e-8f};
  static constexpr float most = 43.0f;
};

/// 1 / k!
template <class Real>
struct Factorials {
  Real of[20];
  constexpr Factorials() : of{} {
    long double f = 1.0L;
    for (int k = 0; k < 20; ++k) of[k] = static_cast<Real>(1.0L / f), f *= k + 1;
  }
};
template <class Real>
constexpr Factorials<Real> inverse_factorial;

template <class Real>
inline Real exponential(Real x) {
  using F = Format<Real>;
  constexpr Real log2e = Real(1.44269504088896340736L);
  x = x > F::most ? F::most : x;
  x = x < -F::most ? -F::most : x;
  const Real shifted = x * log2e + F::magic, k = shifted - F::magic;
  const Real r = (x - k * F::ln2_high) - k * F::ln2_low;
  Real p = inverse_factorial<Real>.of[F::exp_terms];
  for (int n = F::exp_terms - 1; n >= 0; --n) p = p * r + inverse_factorial<Real>.of[n];
  using Unsigned = std::make_unsigned_t<typename F::Bits>;
  const auto power = (std::bit_cast<Unsigned>(shifted) + static_cast<Unsigned>(F::bias)) << F::mantissa;
  return p * std::bit_cast<Real>(power);
}

template <class Real>
inline void sine_and_cosine(Real y, Real& sine, Real& cosine) {
  using F = Format<Real>;
  using Unsigned = std::make_unsigned_t<typename F::Bits>;
  constexpr Real two_over_pi = Real(0.636619772367581343076L);
  const Real shifted = y * two_over_pi + F::magic, k = shifted - F::magic;
  const Real r = ((y - k * F::half_pi[0]) - k * F::half_pi[1]) - k * F::half_pi[2], q = r * r;
  Real s = inverse_factorial<Real>.of[2 * F::sin_terms - 1], c = inverse_factorial<Real>.of[2 * F::sin_terms];
  for (int n = F::sin_terms - 1; n >= 1; --n) {
    s = inverse_factorial<Real>.of[2 * n - 1] - s * q;
    c = inverse_factorial<Real>.of[2 * n] - c * q;
  }
  s *= r, c = Real(1.0) - c * q;
  const Unsigned turns = std::bit_cast<Unsigned>(shifted);
  const Unsigned odd = Unsigned(0) - (turns & 1), one = 1;
  const Unsigned sb = std::bit_cast<Unsigned>(s), cb = std::bit_cast<Unsigned>(c);
  constexpr int top = 8 * sizeof(Real) - 1;
  sine = std::bit_cast<Real>(((sb & ~odd) | (cb & odd)) ^ (((turns >> 1) & one) << top));
  cosine = std::bit_cast<Real>(((cb & ~odd) | (sb & odd)) ^ ((((turns + 1) >> 1) & one) << top));
}

}  // namespace

template <class Real>
void logistic(const Real* z, Real* s, Index count) {
  for (Index k = 0; k < count; ++k) s[k] = Real(1.0) / (Real(1.0) + exponential<Real>(-z[k]));
}

template <class Real>
void logistic(const Real* x, const Real* y, Real* s, Real* t, Index count) {
  for (Index k = 0; k < count; ++k) {
    Real sine, cosine;
    sine_and_cosine<Real>(y[k], sine, cosine);
    const Real e = exponential<Real>(-x[k]), down = Real(1.0) + e * cosine, side = e * sine;
    const Real scale = Real(1.0) / (down * down + side * side);
    s[k] = down * scale, t[k] = side * scale;
  }
}

template void logistic(const double*, double*, Index);
template void logistic(const float*, float*, Index);
template void logistic(const double*, const double*, double*, double*, Index);
template void logistic(const float*, const float*, float*, float*, Index);

}  // namespace settle
