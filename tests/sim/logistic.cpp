// The logistic function in bulk and products of packed matrices, against the long way.
#include <catch2/catch.hpp>

#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "sim/logistic.hpp"
#include "sim/panels.hpp"
#include "sim/random.hpp"
#include "sim/team.hpp"

using namespace settle;

namespace {

/// Largest error over rounding errors of the result. Where |1 + exp(-z)| is small the function itself magnifies those of exp(-z).
template <class Real>
double worst_complex() {
  const Index count = 997;  // not whole vectors
  std::vector<Real> x(count), y(count), s(count), t(count);
  const Stream stream(1, "test");
  for (Index k = 0; k < count; ++k) x[k] = static_cast<Real>(4.0 * stream.normal_at(2 * k)), y[k] = static_cast<Real>(4.0 * stream.normal_at(2 * k + 1));
  logistic(x.data(), y.data(), s.data(), t.data(), count);
  double worst = 0.0;
  for (Index k = 0; k < count; ++k) {
    const std::complex<long double> e = std::exp(-std::complex<long double>(x[k], y[k])), exact = 1.0L / (1.0L + e);
    const long double magnified = (1.0L + std::abs(e)) * std::abs(exact), error = std::abs(std::complex<long double>(s[k], t[k]) - exact) / std::abs(exact);
    worst = std::max(worst, static_cast<double>(error / magnified / std::numeric_limits<Real>::epsilon()));
  }
  return worst;
}

template <class Real>
double worst_real() {
  const Index count = 997;
  std::vector<Real> z(count), s(count);
  for (Index k = 0; k < count; ++k) z[k] = static_cast<Real>(-40.0 + 80.0 * k / count);
  logistic(z.data(), s.data(), count);
  double worst = 0.0;
  for (Index k = 0; k < count; ++k) {
    const long double exact = 1.0L / (1.0L + std::exp(-static_cast<long double>(z[k])));
    worst = std::max(worst, static_cast<double>(std::abs(s[k] - exact) / exact / std::numeric_limits<Real>::epsilon()));
  }
  return worst;
}

template <class Real>
double worst_product(Index rows, Index columns, Index width) {
  Panels<Real> w(rows, columns);
  const Stream stream(1, "test");
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> W(rows, columns), X(columns, width);
  for (Index k = 0; k < W.size(); ++k) W.data()[k] = static_cast<Real>(stream.normal_at(k)), w(k / columns, k % columns) = static_cast<Real>(W.data()[k]);
  for (Index k = 0; k < X.size(); ++k) X.data()[k] = static_cast<Real>(stream.normal_at(W.size() + k));
  const Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> x = X.cast<Real>();
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> y(rows, width);
  w.multiply(x.data(), y.data(), width);
  const double bound = static_cast<double>(std::numeric_limits<Real>::epsilon()) * columns;  // of sum |w| |x|
  return ((y.template cast<double>() - W * X).cwiseAbs().array() / (W.cwiseAbs() * X.cwiseAbs()).array()).maxCoeff() / bound;
}

}  // namespace

TEST_CASE("the logistic function in bulk errs by a few roundings", "[sim][logistic]") {
  CHECK(worst_real<double>() < 4.0);
  CHECK(worst_real<float>() < 4.0);
  CHECK(worst_complex<double>() < 8.0);
  CHECK(worst_complex<float>() < 8.0);
}

TEST_CASE("the logistic function in bulk goes to its ends", "[sim][logistic]") {
  const double z[4] = {-1e4, 1e4, -300.0, 0.0};
  double s[4];
  logistic(z, s, 4);
  CHECK(s[0] < 1e-150);
  CHECK(s[1] == 1.0);
  CHECK(s[2] == Approx(std::exp(-300.0)).epsilon(1e-13));
  CHECK(s[3] == 0.5);
}

TEST_CASE("a packed product is the product, for any shape", "[sim][panels]") {
  for (const Index rows : {1, 4, 5, 11, 64})
    for (const Index columns : {1, 3, 40}) {
      CAPTURE(rows, columns);
      for (const Index vectors : {1, 2, 3, 4, 7}) {
        CHECK(worst_product<double>(rows, columns, vectors * Panels<double>::vector) <= 1.0);
        CHECK(worst_product<float>(rows, columns, vectors * Panels<float>::vector) <= 1.0);
      }
    }
}

TEST_CASE("a team does every piece of work once and throws the first error", "[sim][team]") {
  for (const int threads : {1, 2, 5}) {
    Team team(threads);
    for (int round = 0; round < 50; ++round) {
      std::vector<int> done(23, 0);
      team.each(done.size(), [&](std::size_t k) { ++done[k]; });
      CHECK(std::all_of(done.begin(), done.end(), [](int n) { return n == 1; }));
      const auto failing = [](std::size_t k) {
        if (k >= 7) throw std::runtime_error(std::to_string(k));
      };
      CHECK_THROWS_WITH(team.each(23, failing), "7");
    }
  }
}
