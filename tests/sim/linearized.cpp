// Linearized: (c M - J) y = b for every sample, factored only when it must be.
#include "sim/linearized.hpp"

#include <catch2/catch.hpp>

#include "tests/support/written_system.hpp"

using namespace settle;

namespace {

/// f(x) = A x + x0^2 in the first row: J differs from sample to sample.
template <Scalar S>
WrittenSystem<S> quadratic(Index samples) {
  WrittenSystem<S> s;
  s.M = Eigen::MatrixXd{{2.0, -1.0}, {0.0, 0.0}};
  s.count = samples;
  s.J = [](const Vector<S>& x, double, Index) -> typename WrittenSystem<S>::Matrix {
    typename WrittenSystem<S>::Matrix J(2, 2);
    J << 2.0 * x[0], 1.0, 3.0, -4.0;
    return J;
  };
  s.names = {"node 'a'", "node 'b'"};
  s.ready();
  return s;
}

}  // namespace

TEMPLATE_TEST_CASE("each sample is solved with its own matrix, transposed too", "[sim][linearized]", double, Complex) {
  const auto s = quadratic<TestType>(3);
  Linearized<TestType> linear(s);
  Block<TestType> x(2, 3), b = Block<TestType>::Ones(2, 3), c = b;
  x << -1.0, -2.0, -3.0, 0.0, 0.0, 0.0;
  linear.at(x, 0.0);
  linear.shift(5.0);
  linear.solve(b);
  linear.solve_transposed(c);
  for (Index k = 0; k < 3; ++k) {
    const auto A = (5.0 * s.M - s.J(x.col(k), 0.0, k)).eval();
    CHECK((A * b.col(k) - Vector<TestType>::Ones(2)).norm() < 1e-14);
    CHECK((A.transpose() * c.col(k) - Vector<TestType>::Ones(2)).norm() < 1e-14);
  }
  CHECK(linear.factorizations() == 3);
  CHECK(linear.jacobians() == 3);
  linear.shift(6.0);
  linear.solve(b);
  CHECK(linear.factorizations() == 6);
}

TEST_CASE("M is applied and its empty rows are known", "[sim][linearized]") {
  const auto s = quadratic<double>(1);
  const Linearized<double> linear(s);
  Block<double> x(2, 1), y;
  x << 3.0, 4.0;
  linear.mass_times(x, y);
  CHECK(y(0, 0) == 2.0);
  CHECK(y(1, 0) == 0.0);
  CHECK_FALSE(linear.algebraic(0));
  CHECK(linear.algebraic(1));
}

TEST_CASE("a singular linearization is named by its unknown", "[sim][linearized]") {
  auto s = quadratic<double>(1);
  s.J = [](const Vector<double>&, double, Index) -> Eigen::MatrixXd { return Eigen::MatrixXd{{1.0, 0.0}, {1.0, 0.0}}; };
  Linearized<double> linear(s);
  Block<double> b = Block<double>::Ones(2, 1);
  linear.at(b, 0.0);
  CHECK_THROWS_WITH(linear.solve(b), Catch::Contains("singular at node 'b'"));
}
