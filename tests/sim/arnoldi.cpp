// Arnoldi's iteration against spectra known in closed form.
#include "sim/arnoldi.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

using namespace settle;

TEST_CASE("Arnoldi finds the largest eigenvalues of a diagonal operator with their vectors", "[sim][arnoldi]") {
  const auto apply = [](const Eigen::VectorXd& x, Eigen::VectorXd& y) {
    y.resize(x.size());
    for (Index k = 0; k < x.size(); ++k) y[k] = x[k] / static_cast<double>(k + 1);
  };
  const auto pairs = largest_eigenpairs(2000, apply, 5);
  REQUIRE(pairs.size() >= 5);
  for (int k = 0; k < 5; ++k) {
    const EigenPair& pair = pairs[static_cast<std::size_t>(k)];
    CHECK(pair.value.real() == Approx(1.0 / (k + 1)).epsilon(1e-8));  // the tolerance of the iteration
    CHECK(std::abs(pair.vector[k]) == Approx(1.0).epsilon(1e-6));
    CHECK(pair.residual < 1e-8);
  }
}

TEST_CASE("Arnoldi gives complex pairs whole and the whole spectrum of a small operator", "[sim][arnoldi]") {
  const double angle = 0.3;
  const auto turn = [&](const Eigen::VectorXd& x, Eigen::VectorXd& y) {
    y = Eigen::Vector3d(2.0 * (std::cos(angle) * x[0] - std::sin(angle) * x[1]), 2.0 * (std::sin(angle) * x[0] + std::cos(angle) * x[1]), 0.5 * x[2]);
  };
  const auto pairs = largest_eigenpairs(3, turn, 1);
  REQUIRE(pairs.size() == 2);
  CHECK(std::abs(pairs[0].value) == Approx(2.0).epsilon(1e-12));
  CHECK(std::abs(std::arg(pairs[0].value)) == Approx(angle).epsilon(1e-12));
  CHECK(pairs[1].value.imag() == Approx(-pairs[0].value.imag()).epsilon(1e-12));
}
