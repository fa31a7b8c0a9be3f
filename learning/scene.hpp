// Scene: samples at rest on a circuit, one or many, and what rules may measure on them whatever solves the circuit.
#pragma once

#include <complex>
#include <cstdint>
#include <numbers>

#include "learning/asymmetry.hpp"
#include "sim/scalar.hpp"

namespace settle {

/// Error signals by unknowns, and the states they are paired with; a column per sample.
struct ErrorSignal {
  Block<double> lambda, x;
};

/// Shortens error signals longer than `most`, in the norm of their sample.
inline void clip(ErrorSignal& measured, double most) {
  for (Index k = 0; k < measured.lambda.cols(); ++k)
    if (const double length = measured.lambda.col(k).norm(); length > most) measured.lambda.col(k) *= most / length;
}

/// A nudge held at one or two real strengths, or at points of a circle, and how well its states are read.
struct Nudge {
  double beta = 0.0;
  int points = 0;                                // of the circle; 0: on the real axis
  bool centred = true;                           // between beta and -beta, not beta and 0
  AsymmetryOptions correction{.factor = 0.0};    // currents -factor 2 A (r - r0) beside it
  double read_noise = 0.0;                       // V, standard deviation of every activity read, on either rail, at every point
  std::uint64_t drawing = 0;                     // of the noise; every sample has its own on top
};

/// Deviation of what is read at beta: above the real axis the mean of two readings, there and at the conjugate.
inline double deviation(const Nudge& nudge, const std::complex<double>& beta) { return beta.imag() > 0.0 ? nudge.read_noise * std::numbers::sqrt2 / 2.0 : nudge.read_noise; }

class Scene {
 public:
  virtual ~Scene() = default;
  /// How activities answer the nudge, dr/dbeta at their membranes, about the mean of its states (a circle) or the rest state.
  virtual ErrorSignal response(const Nudge& nudge) = 0;
  /// J^-T dC/dx at rest, with connections of the transposed circuit that are off by `error`, relative.
  virtual ErrorSignal error_signal(double error = 0.0) = 0;
};

}  // namespace settle
