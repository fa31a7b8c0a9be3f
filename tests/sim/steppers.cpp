// Every stepper: its order, its dense output, what it refuses.
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>

#include "sim/stepper.hpp"
#include "tests/support/written_system.hpp"

using namespace settle;

namespace {

/// x' = lambda (x - cos t) - sin t with x(0) = 1, so x = cos t however stiff (Prothero and Robinson).
template <Scalar S>
WrittenSystem<S> prothero_robinson(S lambda) {
  WrittenSystem<S> s;
  s.M = Eigen::MatrixXd::Identity(1, 1);
  s.f = [lambda](const Vector<S>& x, double t, Index) -> Vector<S> { return Vector<S>::Constant(1, lambda * (x[0] - std::cos(t)) - std::sin(t)); };
  s.ft = [lambda](const Vector<S>&, double t, Index) -> Vector<S> { return Vector<S>::Constant(1, lambda * std::sin(t) - std::cos(t)); };
  s.J = [lambda](const Vector<S>&, double, Index) { return Eigen::Matrix<S, -1, -1>::Constant(1, 1, lambda).eval(); };
  s.is_linear = true;
  s.ready();
  return s;
}

/// x' = -x y sin t, 0 = y - exp(x): nonlinear, not autonomous, index 1; the right side of y keeps x known only through the DAE.
template <Scalar S>
WrittenSystem<S> semi_explicit() {
  WrittenSystem<S> s;
  s.M = Eigen::MatrixXd::Zero(2, 2);
  s.M(0, 0) = 1.0;
  s.f = [](const Vector<S>& x, double t, Index) -> Vector<S> {
    Vector<S> r(2);
    r << -std::exp(-x[0]) * x[1] * std::sin(t) * (1.0 + x[0] * x[0]), x[1] - std::exp(x[0]);
    return r;
  };
  s.ft = [](const Vector<S>& x, double t, Index) -> Vector<S> {
    Vector<S> r(2);
    r << -std::exp(-x[0]) * x[1] * std::cos(t) * (1.0 + x[0] * x[0]), 0.0;
    return r;
  };
  s.J = [](const Vector<S>& x, double t, Index) {
    Eigen::Matrix<S, -1, -1> J(2, 2);
    J << -std::exp(-x[0]) * x[1] * std::sin(t) * (2.0 * x[0] - 1.0 - x[0] * x[0]), -std::exp(-x[0]) * std::sin(t) * (1.0 + x[0] * x[0]),
        -std::exp(x[0]), 1.0;
    return J;
  };
  s.ready();
  return s;
}

/// Fixed steps to t = end; the error of unknown 0 against `exact`.
template <Scalar S>
double error_of(const std::string& method, const System<S>& system, Block<S> x, int steps, double end, S exact) {
  const auto stepper = make_stepper<S>(method, system, {.reltol = 1e9, .norm = Norm::max, .newton_share = 1e-22});
  double t = 0.0;
  for (int n = 0; n < steps; ++n) {
    double h = end / steps;
    REQUIRE(stepper->try_step(x, t, h) == StepResult::accepted);
  }
  return std::abs(x(0, 0) - exact);
}

}  // namespace

TEST_CASE("orders", "[sim][steppers]") {
  for (const auto& [method, kind] : Registry<StepperKind>::all()) {
    const auto pr = prothero_robinson<double>(-1.0);
    const auto prc = prothero_robinson<Complex>(Complex(-1.0, 2.0));
    const auto dae = semi_explicit<double>();
    const auto daec = semi_explicit<Complex>();
    const auto order = [](double a, double b) { return std::log2(a / b); };
    double last[8] = {0,0,0,0,0,0,0,0};
    for (int n : {16, 32, 64}) {
      Block<double> x = Block<double>::Constant(1, 1, 1.0);
      Block<Complex> xc = Block<Complex>::Constant(1, 1, 1.0);
      Block<double> y(2, 1); const double y0 = 0.4; y << std::tan(y0), std::exp(std::tan(y0));
      Block<Complex> yc(2, 1); const Complex yc0(0.4, 0.3); yc << std::tan(yc0), std::exp(std::tan(yc0));
      const double e[4] = {error_of<double>(method, pr, x, n, 2.0, std::cos(2.0)), error_of<Complex>(method, prc, xc, n, 2.0, std::cos(2.0)),
        error_of<double>(method, dae, y, n, 1.0, std::tan(y0 + std::cos(1.0) - 1.0)), error_of<Complex>(method, daec, yc, n, 1.0, std::tan(yc0 + std::cos(1.0) - 1.0))};
      for (int i = 0; i < 4; ++i) { std::printf("%s n=%d err %g order %g\n", method.c_str(), n, e[i], order(last[i], e[i])); last[i] = e[i]; }
    }
  }
}
