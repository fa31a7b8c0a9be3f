// Newton: known equilibria, hard ones that need the ladder, hopeless ones that are named, and restarts that keep charge.
#include "sim/newton.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/written_system.hpp"

using namespace settle;

namespace {

/// A source E behind 1 kOhm feeds a diode of 1e-14 A: (E - v) / 1k = 1e-14 (exp(v / 0.025) - 1), E by sample.
template <Scalar S>
WrittenSystem<S> diode(std::vector<S> sources) {
  WrittenSystem<S> s;
  s.M = Eigen::MatrixXd::Zero(1, 1);
  s.count = static_cast<Index>(sources.size());
  s.f = [sources](const Vector<S>& x, double, Index k) -> Vector<S> {
    return Vector<S>::Constant(1, (sources[static_cast<std::size_t>(k)] - x[0]) * 1e-3 - 1e-14 * (std::exp(x[0] / 0.025) - 1.0));
  };
  s.J = [](const Vector<S>& x, double, Index) -> typename WrittenSystem<S>::Matrix {
    return WrittenSystem<S>::Matrix::Constant(1, 1, -1e-3 - 1e-14 / 0.025 * std::exp(x[0] / 0.025));
  };
  s.names = {"node 'd'"};
  s.ready();
  return s;
}

/// 0 = f(x), one real unknown.
WrittenSystem<double> scalar(std::function<double(double)> f, std::function<double(double)> slope) {
  WrittenSystem<double> s;
  s.M = Eigen::MatrixXd::Zero(1, 1);
  s.f = [f](const Vector<double>& x, double, Index) -> Vector<double> { return Vector<double>::Constant(1, f(x[0])); };
  s.J = [slope](const Vector<double>& x, double, Index) -> Eigen::MatrixXd { return Eigen::MatrixXd::Constant(1, 1, slope(x[0])); };
  s.names = {"node 'h2'"};
  s.ready();
  return s;
}

}  // namespace

TEST_CASE("Newton finds the operating point of a diode to far below its tolerance", "[sim][newton]") {
  const auto s = diode<double>({5.0, 0.3, -3.0});
  Block<double> x = Block<double>::Constant(1, 3, 0.6), f(1, 3);
  const NewtonReport report = equilibrium(s, x, 0.0);
  s.rate(x, 0.0, f);
  CHECK(f.cwiseAbs().maxCoeff() < 1e-15);  // 5 mA flow
  CHECK(report.last_update < 1e-3);
  CHECK(x(0, 2) == Approx(-3.0).epsilon(1e-9));
}

TEST_CASE("Newton works on complex states and follows them analytically", "[sim][newton]") {
  const auto real = diode<double>({5.0, 5.0 + 1e-6, 5.0 - 1e-6});
  const auto complex = diode<Complex>({Complex(5.0, 1e-30)});
  Block<double> x = Block<double>::Constant(1, 3, 0.6);
  Block<Complex> z = Block<Complex>::Constant(1, 1, 0.6);
  equilibrium(real, x, 0.0);
  equilibrium(complex, z, 0.0);
  CHECK(z(0, 0).real() == Approx(x(0, 0)).epsilon(1e-12));
  CHECK(z(0, 0).imag() / 1e-30 == Approx((x(0, 1) - x(0, 2)) / 2e-6).epsilon(1e-6));
}

TEST_CASE("a guess from which plain Newton overflows is solved further up the ladder", "[sim][newton]") {
  const auto s = diode<double>({5.0});
  Block<double> x = Block<double>::Zero(1, 1), f(1, 1);  // the first step goes to 5 V: exp(200)
  const NewtonReport report = equilibrium(s, x, 0.0, {.iterations = 30});
  s.rate(x, 0.0, f);
  CHECK(std::abs(f(0, 0)) < 1e-15);
  CHECK(report.strategy != "newton");
}

TEST_CASE("an iteration that turns back and forth is damped", "[sim][newton]") {
  const auto s = scalar([](double x) { return -std::atan(x); }, [](double x) { return -1.0 / (1.0 + x * x); });
  Block<double> x = Block<double>::Constant(1, 1, 1.6);  // undamped Newton diverges from beyond 1.39
  const NewtonReport report = equilibrium(s, x, 0.0);
  CHECK(std::abs(x(0, 0)) < 1e-9);
  CHECK(report.strategy == "newton");
}

TEST_CASE("no equilibrium is an error that names the unknown and what was tried", "[sim][newton]") {
  const auto s = scalar([](double x) { return 1.0 + x * x; }, [](double x) { return 2.0 * x; });
  Block<double> x = Block<double>::Constant(1, 1, 0.5);
  CHECK_THROWS_WITH(equilibrium(s, x, 0.0), Catch::Contains("no equilibrium in 100 Newton steps") && Catch::Contains("node 'h2'") &&
                                                Catch::Contains("gmin stepping") && Catch::Contains("source stepping") &&
                                                Catch::Contains("pseudo-transient"));
  CHECK(x(0, 0) == 0.5);
}

TEST_CASE("the sample without equilibrium is named", "[sim][newton]") {
  const auto s = diode<double>({1.0, NAN});
  Block<double> x = Block<double>::Constant(1, 2, 0.6);
  try {
    equilibrium(s, x, 0.0);
    FAIL("NaN must be noticed");
  } catch (const NoEquilibrium& e) {
    CHECK(e.unknown() == 0);
    CHECK(e.sample() == 1);
    CHECK_THAT(e.what(), Catch::Contains("node 'd'") && Catch::Contains("not finite"));
  }
}

TEST_CASE("a linear system is factored once for all samples", "[sim][newton]") {
  WrittenSystem<double> s;
  s.M = Eigen::MatrixXd::Zero(2, 2);
  s.count = 7;
  s.f = [](const Vector<double>& x, double, Index k) -> Vector<double> { return Vector<double>{{1.0 + k - 2.0 * x[0] + x[1], x[0] - 3.0 * x[1]}}; };
  s.J = [](const Vector<double>&, double, Index) -> Eigen::MatrixXd { return Eigen::MatrixXd{{-2.0, 1.0}, {1.0, -3.0}}; };
  s.is_linear = true;
  s.ready();
  Block<double> x = Block<double>::Zero(2, 7);
  CHECK(equilibrium(s, x, 0.0).factorizations == 1);
  CHECK(x(1, 6) == Approx(7.0 / 5.0).epsilon(1e-14));
}

TEST_CASE("a restart keeps the charge and solves the rest anew", "[sim][newton]") {
  // Two nodes joined by a capacitor of 2 (charge 2 (a - b)), each with a resistor of 1, a driven by 1 A: only a - b is differential.
  WrittenSystem<double> s;
  s.M = Eigen::MatrixXd{{2.0, -2.0, 0.0}, {-2.0, 2.0, 0.0}, {0.0, 0.0, 0.0}};
  s.f = [](const Vector<double>& x, double, Index) -> Vector<double> {
    return Vector<double>{{1.0 - x[0], -x[1], x[2] - std::exp(x[0])}};
  };
  s.J = [](const Vector<double>& x, double, Index) -> Eigen::MatrixXd {
    return Eigen::MatrixXd{{-1.0, 0.0, 0.0}, {0.0, -1.0, 0.0}, {-std::exp(x[0]), 0.0, 1.0}};
  };
  s.ready();
  Block<double> x(3, 1);
  x << 0.7, 0.2, 0.0;
  restart(s, x, 0.0, 1e-12);
  CHECK(x(0, 0) - x(1, 0) == Approx(0.5).margin(1e-11));
  CHECK(x(0, 0) + x(1, 0) == Approx(1.0).margin(1e-11));
  CHECK(x(2, 0) == Approx(std::exp(x(0, 0))).epsilon(1e-11));
}
