// Weights at an angle: a shuffled copy, made orthogonal by Gram and Schmidt.
#include "circuits/feedback.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace settle {
namespace {

using Numbers = std::vector<double>;

double product(const Numbers& a, const Numbers& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

Numbers deviations(std::span<const double> weights, double centre) {
  Numbers d(weights.begin(), weights.end());
  for (double& value : d) value -= centre;
  return d;
}

void shuffle(Numbers& values, Stream& stream) {
  for (std::size_t k = values.size(); k > 1; --k) std::swap(values[k - 1], values[static_cast<std::size_t>(stream.uniform() * static_cast<double>(k))]);
}

/// Takes out of `values` what lies along `direction`; twice, for rounding.
void remove(Numbers& values, const Numbers& direction) {
  for (int pass = 0; pass < 2; ++pass) {
    const double along = product(values, direction) / product(direction, direction);
    for (std::size_t k = 0; k < values.size(); ++k) values[k] -= along * direction[k];
  }
}

}  // namespace

double mean_of(std::span<const double> forward) {
  return std::accumulate(forward.begin(), forward.end(), 0.0) / static_cast<double>(forward.size());
}

std::vector<double> weights_at_angle(std::span<const double> forward, double centre, double degrees, Stream stream) {
  constexpr double least = 1e-3;  // of the length, that must be left of a permutation
  constexpr int attempts = 100;
  const Numbers straight = deviations(forward, centre);
  const double length = std::sqrt(product(straight, straight));
  const double a = degrees * std::numbers::pi / 180.0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Numbers across = straight;
    shuffle(across, stream);
    remove(across, straight);
    const double left = std::sqrt(product(across, across));
    if (!(left > least * length)) continue;
    Numbers result(forward.size());
    for (std::size_t k = 0; k < result.size(); ++k) result[k] = centre + std::cos(a) * straight[k] + std::sin(a) * length / left * across[k];
    return result;
  }
  return {};
}

double angle_between(std::span<const double> a, std::span<const double> b, double centre) {
  const Numbers x = deviations(a, centre), y = deviations(b, centre);
  const double cosine = product(x, y) / std::sqrt(product(x, x) * product(y, y));
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180.0 / std::numbers::pi;
}

}  // namespace settle
