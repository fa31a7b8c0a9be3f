// Activities in bulk.
#include "learning/activation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "sim/logistic.hpp"

namespace settle {
namespace {

constexpr Index chunk = 64;  // numbers at a time

double value(const Expression& phi, double u) { return phi.eval<double>(std::span<const double>(&u, 1)); }

/// The number with twelve digits, as a person would have written it.
double rounded(double x) {
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%.12g", x);
  return std::strtod(text.data(), nullptr);
}

}  // namespace

Activation::Activation(const Expression& phi) : phi_(phi), logistic_(recognized(phi)) {}

/// Its ends, its middle and its steepness there; then every point must agree.
std::optional<Activation::Logistic> Activation::recognized(const Expression& phi) {
  constexpr double far = 1e4;
  const double low = value(phi, -far), high = value(phi, far), span = high - low;
  if (!std::isfinite(low) || !std::isfinite(high) || span == 0.0) return {};
  double below = -far, above = far;
  for (int n = 0; n < 200 && below < above; ++n) {
    const double middle = 0.5 * (below + above);
    ((value(phi, middle) - low) / span < 0.5 ? below : above) = middle;
  }
  const double centre = 0.5 * (below + above);
  double steepness = 0.0;
  phi.gradient<double>(std::span<const double>(&centre, 1), std::span<double>(&steepness, 1));
  const double gain = 4.0 * steepness / span;
  if (!std::isfinite(gain) || gain == 0.0) return {};
  const Logistic as_written{rounded(low), rounded(high) - rounded(low), rounded(gain), rounded(-gain * centre)}, as_found{low, span, gain, -gain * centre};
  for (const Logistic& l : {as_written, as_found})
    if (agrees(phi, l)) return l;
  return {};
}

bool Activation::agrees(const Expression& phi, const Logistic& l) {
  constexpr double rounding = 2e-14;
  const double scale = std::max(std::abs(l.low), std::abs(l.low + l.span));
  for (double z = -12.0; z <= 12.0; z += 0.37) {
    const double u = (z - l.offset) / l.gain;
    if (!(std::abs(value(phi, u) - (l.low + l.span / (1.0 + std::exp(-(l.gain * u + l.offset))))) <= rounding * scale)) return false;
  }
  return true;
}

template <class Real>
void Activation::at(const Real* u, Real* r, Index count) const {
  if (!phi_) return static_cast<void>(std::copy_n(u, count, r));
  if (!logistic_) {
    for (Index k = 0; k < count; ++k) r[k] = static_cast<Real>(value(*phi_, static_cast<double>(u[k])));
    return;
  }
  const Real gain = static_cast<Real>(logistic_->gain), offset = static_cast<Real>(logistic_->offset), span = static_cast<Real>(logistic_->span), low = static_cast<Real>(logistic_->low);
  std::array<Real, chunk> z;
  for (Index first = 0; first < count; first += chunk) {
    const Index n = std::min(chunk, count - first);
    for (Index k = 0; k < n; ++k) z[static_cast<std::size_t>(k)] = gain * u[first + k] + offset;
    logistic(z.data(), r + first, n);
    for (Index k = 0; k < n; ++k) r[first + k] = low + span * r[first + k];
  }
}

template <class Real>
void Activation::at(const Real* u_real, const Real* u_imag, Real* r_real, Real* r_imag, Index count) const {
  if (!phi_) return std::copy_n(u_real, count, r_real), static_cast<void>(std::copy_n(u_imag, count, r_imag));
  if (!logistic_) {
    for (Index k = 0; k < count; ++k) {
      const Complex u(static_cast<double>(u_real[k]), static_cast<double>(u_imag[k])), r = phi_->eval<Complex>(std::span<const Complex>(&u, 1));
      r_real[k] = static_cast<Real>(r.real()), r_imag[k] = static_cast<Real>(r.imag());
    }
    return;
  }
  const Real gain = static_cast<Real>(logistic_->gain), offset = static_cast<Real>(logistic_->offset), span = static_cast<Real>(logistic_->span), low = static_cast<Real>(logistic_->low);
  std::array<Real, chunk> x, y;
  for (Index first = 0; first < count; first += chunk) {
    const Index n = std::min(chunk, count - first);
    for (Index k = 0; k < n; ++k) {
      x[static_cast<std::size_t>(k)] = gain * u_real[first + k] + offset;
      y[static_cast<std::size_t>(k)] = gain * u_imag[first + k];
    }
    logistic(x.data(), y.data(), r_real + first, r_imag + first, n);
    for (Index k = 0; k < n; ++k) {
      r_real[first + k] = low + span * r_real[first + k];
      r_imag[first + k] = span * r_imag[first + k];
    }
  }
}

template <class Real>
void Activation::slope(const Real* u, const Real* r, Real* slope, Index count) const {
  if (!phi_) return std::fill_n(slope, count, Real(1.0)), void();
  if (logistic_) {
    const Real low = static_cast<Real>(logistic_->low), gain = static_cast<Real>(logistic_->gain), per_span = static_cast<Real>(1.0 / logistic_->span);
    for (Index k = 0; k < count; ++k) slope[k] = gain * (r[k] - low) * (Real(1.0) - (r[k] - low) * per_span);
    return;
  }
  for (Index k = 0; k < count; ++k) {
    const double at = static_cast<double>(u[k]);
    double here = 0.0;
    phi_->gradient<double>(std::span<const double>(&at, 1), std::span<double>(&here, 1));
    slope[k] = static_cast<Real>(here);
  }
}

template void Activation::at(const double*, double*, Index) const;
template void Activation::at(const float*, float*, Index) const;
template void Activation::at(const double*, const double*, double*, double*, Index) const;
template void Activation::at(const float*, const float*, float*, float*, Index) const;
template void Activation::slope(const double*, const double*, double*, Index) const;
template void Activation::slope(const float*, const float*, float*, Index) const;

}  // namespace settle
