// LockIn: harmonics of a signal over whole periods, Y_h = <y exp(-i h w t)>, with what their spread over periods says of their uncertainty;
// and the circuit that does the same, a multiplier and a low-pass filter.
#pragma once

#include <vector>

#include "sim/scalar.hpp"

namespace settle {

/// Harmonics -highest .. highest of one signal, each the mean over a period of equal samples; running means over periods.
class LockIn {
 public:
  LockIn(int highest, long samples_per_period);

  /// The next of a period's samples.
  void add(const Complex& y);
  long periods() const { return periods_; }
  /// Mean over all whole periods so far.
  Complex harmonic(int h) const { return sum_[place(h)] / static_cast<double>(periods_); }
  /// Standard error of that mean, from the spread of single periods; NaN before the second.
  double uncertainty(int h) const;
  /// Of the last whole period.
  Complex last(int h) const { return last_[place(h)]; }
  int highest() const { return highest_; }

 private:
  std::size_t place(int h) const { return static_cast<std::size_t>(h + highest_); }

  int highest_;
  long samples_, taken_ = 0, periods_ = 0;
  std::vector<Complex> turn_;  // exp(-2 pi i k / samples)
  std::vector<Complex> period_, last_, sum_;
  std::vector<double> square_;  // sum of |Y - first|^2 about the first period
  std::vector<Complex> first_, shifted_;
};

/// y times exp(-i w t), smoothed by a first-order filter; y is taken as straight between samples.
class FilteredLockIn {
 public:
  /// `tau` and the distance of samples in s; `turn` radians per sample.
  FilteredLockIn(double tau, double step, double turn);
  void add(const Complex& y);
  /// The filter's output: w' = (y exp(-i w t) - w) / tau.
  Complex value() const { return value_; }

 private:
  double keep_, to_old_, to_new_, turn_;
  long taken_ = 0;
  Complex value_{}, before_{};
  bool any_ = false;
};

}  // namespace settle
