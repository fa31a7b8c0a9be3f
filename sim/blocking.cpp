// Block means at every level as samples come in: two means of one level make one of the next.
#include "sim/blocking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace settle {
namespace {

constexpr std::int64_t fewest_blocks = 32;  // an error estimated from them is itself good to 1/sqrt(2 * 31), 13 %

}  // namespace

void Blocking::add(double value) {
  const double d = value - about_;
  Pair block{d, d * d};
  for (std::size_t k = 0;; ++k) {
    if (k == level_.size()) level_.emplace_back();
    Level& level = level_[k];
    ++level.count;
    for (std::size_t i = 0; i < 2; ++i) level.sum[i] += block[i];
    level.squares[0] += block[0] * block[0];
    level.squares[1] += block[0] * block[1];
    level.squares[2] += block[1] * block[1];
    level.half = !level.half;
    if (level.half) {
      level.waiting = block;
      return;
    }
    for (std::size_t i = 0; i < 2; ++i) block[i] = 0.5 * (block[i] + level.waiting[i]);
  }
}

double Blocking::mean() const { return about_ + (count() > 0 ? level_[0].sum[0] / static_cast<double>(count()) : 0.0); }

double Blocking::deviation() const {
  if (count() < 2) return 0.0;
  const double n = static_cast<double>(count()), mean = level_[0].sum[0] / n;
  return std::sqrt(std::max(level_[0].sum[1] / n - mean * mean, 0.0));
}

double Blocking::error(double a, double b) const {
  double largest = std::numeric_limits<double>::quiet_NaN();
  for (const Level& level : level_) {
    if (level.count < fewest_blocks) break;
    const double n = static_cast<double>(level.count), mean = (a * level.sum[0] + b * level.sum[1]) / n;
    const double square = (a * a * level.squares[0] + 2.0 * a * b * level.squares[1] + b * b * level.squares[2]) / n;
    const double error = std::sqrt(std::max(square - mean * mean, 0.0) / (n - 1.0));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

double Blocking::error_of_mean() const { return error(1.0, 0.0); }

/// d sigma = d(variance)/(2 sigma) with variance = <d^2> - <d>^2.
double Blocking::error_of_deviation() const {
  const double sigma = deviation();
  if (!(sigma > 0.0)) return count() < fewest_blocks ? std::numeric_limits<double>::quiet_NaN() : 0.0;
  return error(-2.0 * level_[0].sum[0] / static_cast<double>(count()), 1.0) / (2.0 * sigma);
}

double Blocking::correlation() const {
  const double sigma = deviation(), error = error_of_mean();
  return sigma > 0.0 ? std::max(1.0, static_cast<double>(count()) * error * error / (sigma * sigma)) : 1.0;
}

}  // namespace settle
