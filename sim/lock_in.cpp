// Means over periods, their spread, and a filter's response to pieces of straight lines.
#include "sim/lock_in.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace settle {

LockIn::LockIn(int highest, long samples_per_period) : highest_(highest), samples_(samples_per_period) {
  const auto count = static_cast<std::size_t>(2 * highest + 1);
  for (auto* list : {&period_, &last_, &sum_, &first_, &shifted_}) list->assign(count, Complex{});
  square_.assign(count, 0.0);
  for (long k = 0; k < samples_; ++k) turn_.push_back(std::polar(1.0, -2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(samples_)));
}

void LockIn::add(const Complex& y) {
  ++taken_;
  const long k = taken_ % samples_;
  for (int h = -highest_; h <= highest_; ++h) {
    const long at = (static_cast<long>(h) * k) % samples_;
    period_[place(h)] += y * turn_[static_cast<std::size_t>(at < 0 ? at + samples_ : at)];
  }
  if (k != 0) return;
  for (std::size_t p = 0; p < period_.size(); ++p) {
    last_[p] = period_[p] / static_cast<double>(samples_);
    if (periods_ == 0) first_[p] = last_[p];
    sum_[p] += last_[p];
    shifted_[p] += last_[p] - first_[p];
    square_[p] += std::norm(last_[p] - first_[p]);
    period_[p] = 0.0;
  }
  ++periods_;
}

double LockIn::uncertainty(int h) const {
  if (periods_ < 2) return std::numeric_limits<double>::quiet_NaN();
  const double n = static_cast<double>(periods_);
  const double variance = std::max(0.0, square_[place(h)] - std::norm(shifted_[place(h)]) / n) / (n - 1.0);
  return std::sqrt(variance / n);
}

/// Over a step of length h, w(h) = e w(0) + (the exact answer to a straight line), e = exp(-h / tau).
FilteredLockIn::FilteredLockIn(double tau, double step, double turn) : turn_(turn) {
  const double r = step / tau;
  keep_ = std::exp(-r);
  const double mean = -std::expm1(-r) / r;  // of the filter's memory over the step
  to_old_ = mean - keep_;
  to_new_ = 1.0 - mean;
}

void FilteredLockIn::add(const Complex& y) {
  const Complex now = y * std::polar(1.0, -turn_ * static_cast<double>(++taken_));
  if (any_) value_ = keep_ * value_ + to_old_ * before_ + to_new_ * now;
  else value_ = (1.0 - keep_) * now;
  before_ = now;
  any_ = true;
}

}  // namespace settle
