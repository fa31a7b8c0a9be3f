// Blocking: mean and standard deviation of a correlated sequence with their statistical errors, from the scatter of means over blocks of 1, 2,
// 4, ... samples (Flyvbjerg and Petersen 1989, doi:10.1063/1.457480).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace settle {

/// Samples one by one, in constant memory. `about` is near the mean, so that squares do not cancel.
class Blocking {
 public:
  explicit Blocking(double about = 0.0) : about_(about) {}
  void add(double value);

  std::int64_t count() const { return level_.empty() ? 0 : level_[0].count; }
  double mean() const;
  double deviation() const;
  /// One standard error; NaN while there are too few samples for one.
  double error_of_mean() const;
  double error_of_deviation() const;
  /// Samples it takes for one more independent one.
  double correlation() const;

 private:
  using Pair = std::array<double, 2>;  // value and square, about `about_`
  struct Level {
    std::int64_t count = 0;
    Pair sum{}, waiting{};
    std::array<double, 3> squares{};  // sums of first^2, first second, second^2
    bool half = false;
  };
  /// The largest scatter of block means of first * a + second * b.
  double error(double a, double b) const;

  double about_;
  std::vector<Level> level_;
};

}  // namespace settle
