// Factorization: every way solves the same systems, transposed too, and says where a matrix is singular.
#include "sim/factorization.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace settle;

namespace {

/// A grid of n x n nodes, each with a conductance to ground and to its neighbours; `skew` makes it unsymmetric.
template <Scalar S>
struct Grid {
  Pattern pattern;
  Vector<S> values;

  explicit Grid(int n, double skew = 0.0, S unit = S(1.0)) {
    pattern.size = n * n;
    std::vector<S> v;
    for (int j = 0; j < n * n; ++j) {
      for (int i : {j - n, j - 1, j, j + 1, j + n}) {
        const bool wraps = (i == j - 1 && j % n == 0) || (i == j + 1 && i % n == 0);
        if (i < 0 || i >= n * n || wraps) continue;
        pattern.row.push_back(i);
        v.push_back(i == j ? 4.5 * unit : i < j ? -unit : -(1.0 + skew) * unit);
      }
      pattern.start.push_back(static_cast<int>(pattern.row.size()));
    }
    values = Eigen::Map<Vector<S>>(v.data(), static_cast<Index>(v.size()));
  }

  Vector<S> times(const Vector<S>& x, bool transposed = false) const {
    Vector<S> y = Vector<S>::Zero(pattern.size);
    for (int j = 0; j < pattern.size; ++j)
      for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e)
        transposed ? y[j] += values[e] * x[pattern.row[e]] : y[pattern.row[e]] += values[e] * x[j];
    return y;
  }
};

template <Scalar S>
double error(const Grid<S>& grid, Solver solver, bool transposed) {
  Factorization<S> f(grid.pattern, solver);
  f.factor(grid.values);
  CHECK(f.used() == solver);
  const Vector<S> x = Vector<S>::LinSpaced(grid.pattern.size, 1.0, 2.0);
  Vector<S> b = grid.times(x, transposed);
  transposed ? f.solve_transposed(Eigen::Ref<Vector<S>>(b)) : f.solve(Eigen::Ref<Vector<S>>(b));
  return (b - x).norm() / x.norm();
}

Pattern full(int n) {
  Pattern p;
  p.size = n;
  for (int j = 0; j < n; ++j) {
    for (int i = 0; i < n; ++i) p.row.push_back(i);
    p.start.push_back(static_cast<int>(p.row.size()));
  }
  return p;
}

}  // namespace

// Row sums between 0.1 and 8.9 bound the condition number of these grids by 90 or so: a hundred roundings.
TEST_CASE("dense and sparse factors solve real and complex systems, transposed too", "[sim][factorization]") {
  for (Solver solver : {Solver::dense, Solver::klu})
    for (bool transposed : {false, true}) {
      CHECK(error(Grid<double>(12, 0.2), solver, transposed) < 1e-13);
      CHECK(error(Grid<Complex>(12, 0.2, Complex(1.0, 0.8)), solver, transposed) < 1e-13);
    }
}

TEST_CASE("a real symmetric matrix is factored symmetrically and gives the same solution", "[sim][factorization]") {
  CHECK(error(Grid<double>(40), Solver::ldlt, false) < 1e-13);
  const Grid<double> symmetric(40), skew(40, 1e-12);
  Factorization<double> chosen(symmetric.pattern);
  chosen.factor(symmetric.values);
  CHECK(chosen.used() == Solver::ldlt);
  chosen.factor(skew.values);
  CHECK(chosen.used() == Solver::klu);
}

TEST_CASE("a symmetric matrix that is not positive definite falls back to LU", "[sim][factorization]") {
  Grid<double> grid(40);
  for (Index e = 0; e < grid.values.size(); ++e)
    if (grid.values[e] > 0.0) grid.values[e] = 1.5;
  Factorization<double> f(grid.pattern);
  f.factor(grid.values);
  CHECK(f.used() == Solver::klu);
  const Vector<double> x = Vector<double>::Ones(1600);
  Vector<double> b = grid.times(x);
  f.solve(Eigen::Ref<Vector<double>>(b));
  CHECK((b - x).norm() < 1e-9);  // indefinite: its condition number is not known, about 1e4
}

TEST_CASE("a complex symmetric matrix is never taken for a Hermitian one", "[sim][factorization]") {
  const Grid<Complex> grid(40, 0.0, Complex(1.0, 3.0));
  Factorization<Complex> f(grid.pattern);
  f.factor(grid.values);
  CHECK(f.used() == Solver::klu);
  CHECK(error(grid, Solver::klu, false) < 1e-13);
}

TEST_CASE("old pivots that became weak are chosen anew", "[sim][factorization]") {
  Grid<double> grid(20, 0.2);
  Factorization<double> f(grid.pattern, Solver::klu);
  f.factor(grid.values);
  for (int j = 0; j < grid.pattern.size; ++j)
    for (int e = grid.pattern.start[j]; e < grid.pattern.start[j + 1]; ++e)
      if (grid.pattern.row[e] == j && j % 2) grid.values[e] = 1e-18;
  f.factor(grid.values);
  const Vector<double> x = Vector<double>::LinSpaced(400, 1.0, 2.0);
  const Vector<double> right = grid.times(x);
  Vector<double> b = right;
  f.solve(Eigen::Ref<Vector<double>>(b));
  CHECK((grid.times(b) - right).norm() / right.norm() < 1e-12);
}

TEST_CASE("many right sides are solved as each alone, and another factorization shares the analysis", "[sim][factorization]") {
  const Grid<Complex> grid(8, 0.3, Complex(1.0, 0.5));
  Factorization<Complex> first(grid.pattern);
  Factorization<Complex> f = first.another();
  f.factor(grid.values);
  Block<Complex> b = Block<Complex>::Random(64, 5);
  Vector<Complex> alone = b.col(3);
  f.solve(b);
  f.solve(Eigen::Ref<Vector<Complex>>(alone));
  CHECK((b.col(3) - alone).norm() < 1e-13);
}

TEST_CASE("a singular matrix names the unknown it is singular at", "[sim][factorization]") {
  for (int n : {6, 30}) {
    const Pattern pattern = full(n);
    Eigen::MatrixXd A = Eigen::MatrixXd::Identity(n, n) * 3.0 + Eigen::MatrixXd::Ones(n, n);
    A.col(4).setZero();
    Factorization<double> f(pattern);
    try {
      f.factor(A.reshaped());
      FAIL("a zero column must be noticed");
    } catch (const SingularMatrix& e) {
      CHECK(e.unknown() == 4);
    }
  }
}

TEST_CASE("a number that is not finite is refused at its unknown", "[sim][factorization]") {
  Grid<double> grid(10);
  const int e = grid.pattern.start[57];
  grid.values[e] = NAN;
  Factorization<double> f(grid.pattern);
  try {
    f.factor(grid.values);
    FAIL("NaN must be noticed");
  } catch (const SingularMatrix& error) {
    CHECK(error.unknown() == 57);
  }
}
