// Feedback: weights at a given angle to others, W_b = c + cos(a) (W_f - c) + sin(a) R with R at right angles to W_f - c and as long.
#pragma once

#include <span>
#include <vector>

#include "sim/random.hpp"

namespace settle {

/// The mean of `forward`.
double mean_of(std::span<const double> forward);

/// Weights whose deviations from `centre` have the length of those of `forward`, and stand at `degrees` to them. R is a permutation of the
/// deviations made orthogonal to them (and to the constant, if `centre` is the mean, which is then kept), so it is spread as they are.
/// Empty if no permutation leads out of their direction: fewer than three different weights.
std::vector<double> weights_at_angle(std::span<const double> forward, double centre, double degrees, Stream stream);

/// Degrees between the deviations of two sets of weights from `centre`.
double angle_between(std::span<const double> a, std::span<const double> b, double centre);

}  // namespace settle
