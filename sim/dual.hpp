// Dual numbers: a value and K derivatives, over double or complex, carried through any device equation.
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <type_traits>

#include "sim/scalar.hpp"

namespace settle {

template <class S, int K>
struct Dual {
  S value{};
  std::array<S, K> slope{};

  Dual() = default;
  Dual(S v) : value(v) {}  // NOLINT: a constant is a dual without slope
  Dual(double v) requires(!std::same_as<S, double>) : value(v) {}  // NOLINT

  /// The k-th independent variable.
  static Dual variable(S v, int k) {
    Dual x(v);
    x.slope[static_cast<std::size_t>(k)] = 1.0;
    return x;
  }

  /// f(x) given f and f' at the value.
  Dual chain(S f, S df) const {
    Dual y(f);
    for (int k = 0; k < K; ++k) y.slope[k] = df * slope[k];
    return y;
  }

  Dual& operator+=(const Dual& b) {
    value += b.value;
    for (int k = 0; k < K; ++k) slope[k] += b.slope[k];
    return *this;
  }
  Dual& operator-=(const Dual& b) {
    value -= b.value;
    for (int k = 0; k < K; ++k) slope[k] -= b.slope[k];
    return *this;
  }
  Dual& operator*=(const Dual& b) {
    for (int k = 0; k < K; ++k) slope[k] = slope[k] * b.value + value * b.slope[k];
    value *= b.value;
    return *this;
  }
  Dual& operator/=(const Dual& b) {
    const S inverse = 1.0 / b.value;
    value *= inverse;
    for (int k = 0; k < K; ++k) slope[k] = (slope[k] - value * b.slope[k]) * inverse;
    return *this;
  }
  friend Dual operator+(Dual a, const Dual& b) { return a += b; }
  friend Dual operator-(Dual a, const Dual& b) { return a -= b; }
  friend Dual operator*(Dual a, const Dual& b) { return a *= b; }
  friend Dual operator/(Dual a, const Dual& b) { return a /= b; }
  friend Dual operator-(const Dual& a) { return a.chain(-a.value, S(-1.0)); }
  friend Dual operator+(const Dual& a) { return a; }
};

/// The number a comparison may look at: the real part of the value. A device that calls it is at best piecewise holomorphic.
inline double re(double x) { return x; }
inline double re(const Complex& x) { return x.real(); }
template <class S, int K>
double re(const Dual<S, K>& x) {
  return re(x.value);
}

inline bool finite(double x) { return std::isfinite(x); }
inline bool finite(const Complex& x) { return std::isfinite(x.real()) && std::isfinite(x.imag()); }

/// log(1+x) without loss of digits near zero, for complex x too.
inline double log1p(double x) { return std::log1p(x); }
inline Complex log1p(const Complex& x) {
  const double a = x.real(), b = x.imag();
  return {0.5 * std::log1p(a * (2.0 + a) + b * b), std::atan2(b, 1.0 + a)};
}

/// exp(x) - 1 without loss of digits near zero, for complex x too.
inline double expm1(double x) { return std::expm1(x); }
inline Complex expm1(const Complex& x) {
  const double e = std::expm1(x.real()), s = std::sin(0.5 * x.imag());
  return {e - 2.0 * (1.0 + e) * s * s, (1.0 + e) * std::sin(x.imag())};
}

#define SETTLE_DUAL(name, derivative)            \
  template <class S, int K>                      \
  Dual<S, K> name(const Dual<S, K>& x) {         \
    using std::name;                             \
    using std::cos, std::sin, std::cosh, std::sinh, std::tanh, std::exp, std::tan; \
    const S f = name(x.value);                   \
    return x.chain(f, derivative);               \
  }

SETTLE_DUAL(exp, f)
SETTLE_DUAL(log, 1.0 / x.value)
SETTLE_DUAL(log10, 1.0 / (x.value * 2.302585092994045684))
SETTLE_DUAL(sqrt, 0.5 / f)
SETTLE_DUAL(sin, cos(x.value))
SETTLE_DUAL(cos, -sin(x.value))
SETTLE_DUAL(tan, 1.0 + f * f)
SETTLE_DUAL(sinh, cosh(x.value))
SETTLE_DUAL(cosh, sinh(x.value))
SETTLE_DUAL(tanh, 1.0 - f * f)
SETTLE_DUAL(asin, 1.0 / std::sqrt(1.0 - x.value * x.value))
SETTLE_DUAL(acos, -1.0 / std::sqrt(1.0 - x.value * x.value))
SETTLE_DUAL(atan, 1.0 / (1.0 + x.value * x.value))
SETTLE_DUAL(asinh, 1.0 / std::sqrt(x.value * x.value + 1.0))
SETTLE_DUAL(acosh, 1.0 / std::sqrt(x.value * x.value - 1.0))
SETTLE_DUAL(atanh, 1.0 / (1.0 - x.value * x.value))
#undef SETTLE_DUAL

template <class S, int K>
Dual<S, K> log1p(const Dual<S, K>& x) {
  return x.chain(settle::log1p(x.value), 1.0 / (1.0 + x.value));
}
template <class S, int K>
Dual<S, K> expm1(const Dual<S, K>& x) {
  const S f = settle::expm1(x.value);
  return x.chain(f, f + 1.0);
}

/// x^n by repeated multiplication: no branch cut, exact derivatives at zero.
template <class T>
T power(T x, int n) {
  if (n < 0) return T(1.0) / power(x, -n);
  T y(1.0);
  for (; n; n >>= 1, x = x * x)
    if (n & 1) y = y * x;
  return y;
}

/// x^y for any exponent; real x must not be negative.
template <class T>
T power(const T& x, const T& y) {
  using std::exp, std::log;
  return exp(y * log(x));
}

/// log(1+exp(x)), stable on both sides; cuts only on Re x = 0, |Im x| >= pi.
template <class T>
T softplus(const T& x) {
  using std::exp;
  return re(x) > 0.0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/// exp continued linearly above `limit`, so that Newton steps never overflow.
template <class T>
T limited_exp(const T& x, double limit = 80.0) {
  using std::exp;
  return re(x) > limit ? (x + (1.0 - limit)) * std::exp(limit) : exp(x);
}

}  // namespace settle
