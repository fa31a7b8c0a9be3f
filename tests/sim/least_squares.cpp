// Least squares: known minima, standard errors that mean what they say, bounds.
#include "sim/least_squares.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "sim/random.hpp"

using namespace settle;

namespace {

constexpr double any = std::numeric_limits<double>::infinity();

/// y = a exp(-k t) at t = 0, 0.1, ..., with noise.
struct Decay {
  std::vector<double> y;
  explicit Decay(double noise, std::uint64_t seed, int n = 100) {
    Stream stream(seed, "decay");
    for (int k = 0; k < n; ++k) y.push_back(3.0 * std::exp(-0.7 * 0.1 * k) + (noise > 0.0 ? noise * stream.normal() : 0.0));
  }
  Residuals residuals() const {
    return [this](const Vector<double>& p, Vector<double>& r) {
      r.resize(static_cast<Index>(y.size()));
      for (Index k = 0; k < r.size(); ++k) r[k] = p[0] * std::exp(-p[1] * 0.1 * static_cast<double>(k)) - y[static_cast<std::size_t>(k)];
      return true;
    };
  }
};

}  // namespace

TEST_CASE("exact data give exact parameters, from afar too", "[sim][fit]") {
  const Decay decay(0.0, 1);
  for (const bool logarithmic : {false, true}) {
    const auto found = least_squares(decay.residuals(), {{1.0, 0.0, any, 0.0, logarithmic}, {0.05, 0.0, any, 0.0, logarithmic}});
    CHECK(found.converged);
    CHECK(found.values[0] == Approx(3.0).epsilon(1e-8));
    CHECK(found.values[1] == Approx(0.7).epsilon(1e-8));
  }
}

TEST_CASE("Rosenbrock's valley is followed to its end", "[sim][fit]") {
  const Residuals valley = [](const Vector<double>& p, Vector<double>& r) {
    r.resize(2);
    r << 10.0 * (p[1] - p[0] * p[0]), 1.0 - p[0];
    return true;
  };
  const auto found = least_squares(valley, {{-1.2, -any, any}, {1.0, -any, any}});
  CHECK(found.values[0] == Approx(1.0).epsilon(1e-6));
  CHECK(found.values[1] == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("a parameter stays within its bounds and says when it stands at one", "[sim][fit]") {
  const Decay decay(0.0, 1);
  const auto found = least_squares(decay.residuals(), {{1.0, 0.0, 2.0}, {0.5, 0.0, any}});
  CHECK(found.values[0] == 2.0);
  CHECK(found.at_bound[0]);
  CHECK(std::isnan(found.errors[0]));
  CHECK(!found.at_bound[1]);
}

TEST_CASE("standard errors cover the truth as often as they should, and a straight line's are those of the textbook", "[sim][fit]") {
  const double noise = 0.05;
  double square = 0.0;
  const int runs = 200;
  for (int run = 0; run < runs; ++run) {
    const Decay decay(noise, static_cast<std::uint64_t>(run));
    const auto found = least_squares(decay.residuals(), {{2.0, 0.0, any}, {0.5, 0.0, any}});
    square += std::pow((found.values[1] - 0.7) / found.errors[1], 2) / runs;
  }
  CHECK(std::abs(square - 1.0) < 4.0 * std::sqrt(2.0 / runs));  // mean of squares of standard normal numbers
  const Residuals line = [](const Vector<double>& p, Vector<double>& r) {
    r.resize(4);
    r << p[0] - 1.0, p[0] + p[1] - 2.0, p[0] + 2 * p[1] - 2.0, p[0] + 3 * p[1] - 5.0;
    return true;
  };
  const auto found = least_squares(line, {{0.0, -any, any}, {0.0, -any, any}});
  // x = 0..3, y = 1 2 2 5: slope 6/5, intercept 7/10, s^2 = 1.8 / 2, var(slope) = s^2 / 5, var(intercept) = s^2 (1/4 + 1.5^2 / 5)
  CHECK(found.values[0] == Approx(0.7).epsilon(1e-8));
  CHECK(found.values[1] == Approx(1.2).epsilon(1e-8));
  CHECK(found.errors[1] == Approx(std::sqrt(0.9 / 5.0)).epsilon(1e-6));
  CHECK(found.errors[0] == Approx(std::sqrt(0.9 * (0.25 + 2.25 / 5.0))).epsilon(1e-6));
}

TEST_CASE("what the data do not see has no error, and no value is no end", "[sim][fit]") {
  const Residuals blind = [](const Vector<double>& p, Vector<double>& r) {
    r.resize(3);
    r << p[0] + p[1] - 1.0, p[0] + p[1] - 1.1, p[0] + p[1] - 0.9;
    return p[0] < 5.0;
  };
  const auto found = least_squares(blind, {{0.1, -any, any}, {0.2, -any, any}});
  CHECK(found.values[0] + found.values[1] == Approx(1.0).epsilon(1e-8));
  CHECK(std::isnan(found.errors[0]));
  CHECK(std::isinf(least_squares(blind, {{6.0, -any, any}, {0.2, -any, any}}).sum));
}
