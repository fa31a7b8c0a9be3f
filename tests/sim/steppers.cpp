// Every stepper: its order, its dense output, what it refuses.
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <map>

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

/// x' = -exp(-x) y sin t (1 + x^2), -stiffness y' = y - exp(x): nonlinear, dependent on time, index 1 without stiffness; then the
/// exact solution is that of x' = -(1 + x^2) sin t.
template <Scalar S>
WrittenSystem<S> semi_explicit(double stiffness = 0.0) {
  WrittenSystem<S> s;
  s.M = Eigen::MatrixXd::Zero(2, 2);
  s.M(0, 0) = 1.0;
  s.M(1, 1) = -stiffness;
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

/// x' = -(1 + x^2) sin t, so atan x = atan x(0) + cos t - 1.
template <Scalar S>
WrittenSystem<S> rotating() {
  WrittenSystem<S> s;
  s.M = Eigen::MatrixXd::Identity(1, 1);
  s.f = [](const Vector<S>& x, double t, Index) -> Vector<S> { return Vector<S>::Constant(1, -(1.0 + x[0] * x[0]) * std::sin(t)); };
  s.ft = [](const Vector<S>& x, double t, Index) -> Vector<S> { return Vector<S>::Constant(1, -(1.0 + x[0] * x[0]) * std::cos(t)); };
  s.J = [](const Vector<S>& x, double t, Index) { return Eigen::Matrix<S, -1, -1>::Constant(1, 1, -2.0 * x[0] * std::sin(t)).eval(); };
  s.ready();
  return s;
}

template <Scalar S>
Block<S> state(std::initializer_list<S> values) {
  Block<S> x(static_cast<Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), x.data());
  return x;
}

/// A tolerance so loose that every step is taken, and Newton exact all the same.
const StepOptions any_step{.reltol = 1e9, .norm = Norm::max, .newton_share = 1e-22};

constexpr double end = 2.0;

/// Unknown 0 after each of equal steps to t = end.
template <Scalar S>
std::vector<S> path(const std::string& method, const System<S>& system, Block<S> x, int steps) {
  const auto stepper = make_stepper<S>(method, system, any_step);
  std::vector<S> values;
  double t = 0.0;
  for (int n = 0; n < steps; ++n) {
    double h = end / steps;
    REQUIRE(stepper->try_step(x, t, h) == StepResult::accepted);
    values.push_back(x(0, 0));
  }
  return values;
}

/// The largest error on the way; `exact` gives the solution at a time.
template <Scalar S, class Exact>
double worst_error(const std::string& method, const System<S>& system, const Block<S>& x, int steps, Exact exact) {
  const std::vector<S> values = path(method, system, x, steps);
  double worst = 0.0;
  for (std::size_t n = 0; n < values.size(); ++n)
    worst = std::max(worst, std::abs(values[n] - exact(end / steps * static_cast<double>(n + 1))));
  return worst;
}

template <Scalar S, class Exact>
double measured_order(const std::string& method, const System<S>& system, const Block<S>& x, int steps, Exact exact) {
  return std::log2(worst_error(method, system, x, steps, exact) / worst_error(method, system, x, 2 * steps, exact));
}

/// The largest difference of a run and one with half the steps.
template <Scalar S>
double difference(const std::vector<S>& fine, const std::vector<S>& coarse) {
  double worst = 0.0;
  for (std::size_t n = 0; n < coarse.size(); ++n) worst = std::max(worst, std::abs(fine[2 * n + 1] - coarse[n]));
  return worst;
}

/// The solution of `rotating` and, without stiffness, of `semi_explicit` that starts at tan(angle).
template <Scalar S>
auto rotated(S angle) {
  return [angle](double t) -> S { return std::tan(angle + std::cos(t) - 1.0); };
}

const double angle = 0.8;
const Complex complex_angle(0.8, 0.3);

/// All methods, or those that can handle algebraic unknowns and stiffness.
std::vector<std::string> methods(bool implicit) {
  std::vector<std::string> names;
  for (const auto& [name, kind] : Registry<StepperKind>::all())
    if (!implicit || name != "dopri5") names.push_back(name);
  return names;
}

double order_of(const std::string& method) { return Registry<StepperKind>::find(method)->order(); }

/// Enough steps to see the leading term of the error, few enough to see no rounding.
int steps_for(const std::string& method) { return order_of(method) == 5 ? 96 : 256; }

}  // namespace

TEST_CASE("every stepper has its order on a nonlinear equation that depends on time", "[sim][steppers]") {
  for (const std::string& method : methods(false)) {
    INFO(method);
    const double a = method == "dopri5" ? 1.2 : angle;  // at 0.8 the leading term of its error nearly vanishes
    CHECK(measured_order(method, rotating<double>(), state({std::tan(a)}), steps_for(method), rotated(a)) ==
          Approx(order_of(method)).margin(0.1));
    CHECK(measured_order(method, rotating<Complex>(), state({std::tan(complex_angle)}), steps_for(method), rotated(complex_angle)) ==
          Approx(order_of(method)).margin(0.1));
  }
}

TEST_CASE("every implicit stepper keeps its order on an index-1 DAE", "[sim][steppers]") {
  const auto order = [](const std::string& method, auto a) {
    const auto s = semi_explicit<decltype(a)>();
    return measured_order(method, s, state({std::tan(a), std::exp(std::tan(a))}), steps_for(method), rotated(a));
  };
  for (const std::string& method : methods(true)) {
    INFO(method);
    CHECK(order(method, angle) == Approx(order_of(method)).margin(0.1));
    CHECK(order(method, complex_angle) == Approx(order_of(method)).margin(0.1));
  }
}

// Measured on the differences of three runs; the start lies on the slow solution up to the square of the stiffness.
TEST_CASE("every implicit stepper keeps its order on a stiff system", "[sim][steppers]") {
  const auto order = [](const std::string& method, auto a) {
    const auto s = semi_explicit<decltype(a)>(1e-7);
    const auto start = state({std::tan(a), std::exp(std::tan(a))});  // x' = 0 at t = 0
    const int n = steps_for(method) * 3 / 4;
    const auto coarse = path(method, s, start, n), middle = path(method, s, start, 2 * n), fine = path(method, s, start, 4 * n);
    return std::log2(difference(middle, coarse) / difference(fine, middle));
  };
  for (const std::string& method : methods(true)) {
    INFO(method);
    CHECK(order(method, angle) == Approx(order_of(method)).margin(0.1));
    CHECK(order(method, complex_angle) == Approx(order_of(method)).margin(0.1));
  }
}

// Where a stiff component is driven, a one-step method loses order: its stages see the drive only to their own, lower order.
TEST_CASE("a driven stiff unknown costs the Rosenbrock steppers order, but leaves nearly three", "[sim][steppers]") {
  for (const std::string method : {"rodas4p", "rodas5p"}) {
    INFO(method);
    const double order = measured_order(method, prothero_robinson<double>(-1e5), state({1.0}), 16, [](double t) { return std::cos(t); });
    CHECK(order > 2.7);
    CHECK(order < order_of(method));
  }
}

TEST_CASE("L-stable steppers forget an infinitely stiff unknown within a step", "[sim][steppers]") {
  for (const std::string method : {"rodas4p", "rodas5p", "trbdf2", "be"}) {
    INFO(method);
    auto s = prothero_robinson<double>(-1e12);
    const auto stepper = make_stepper<double>(method, s, any_step);
    Block<double> x = state({2.0});
    double t = 0.0, h = 0.1;
    stepper->try_step(x, t, h);
    CHECK(std::abs(x(0, 0) - std::cos(t)) < 1e-9);  // R(z) = O(1/z) with z = -1e11
  }
}

TEST_CASE("dense output is as good between the ends of a step as its order says", "[sim][steppers]") {
  const std::map<std::string, double> power{{"be", 2}, {"trap", 3}, {"trbdf2", 3}, {"rodas4p", 4}, {"rodas5p", 5}, {"dopri5", 5}};
  for (const std::string& method : methods(false)) {
    INFO(method);
    const auto worst_inside = [&](double h_step) {
      const auto s = rotating<double>();
      const auto stepper = make_stepper<double>(method, s, any_step);
      Block<double> x = state({std::tan(0.4)}), y;
      double t = 0.0, h = h_step, worst = 0.0;
      for (int n = 0; n < 2; ++n) h = h_step, stepper->try_step(x, t, h);  // the trapezoidal rule starts with another method
      const double from = t;
      Block<double> exact_start = state({std::tan(0.4 + std::cos(t) - 1.0)});
      const double offset = x(0, 0) - exact_start(0, 0);
      h = h_step;
      stepper->try_step(x, t, h);
      for (double u : {0.2, 0.5, 0.8}) {
        stepper->interpolate(from + u * h_step, y);
        worst = std::max(worst, std::abs(y(0, 0) - std::tan(0.4 + std::cos(from + u * h_step) - 1.0) - offset));
      }
      return worst;
    };
    CHECK(std::log2(worst_inside(0.05) / worst_inside(0.025)) > power.at(method) - 0.5);
  }
}

TEST_CASE("dense output of algebraic unknowns obeys their equation", "[sim][steppers]") {
  for (const std::string method : {"rodas4p", "rodas5p", "trbdf2"}) {
    INFO(method);
    const auto s = semi_explicit<double>();
    const auto stepper = make_stepper<double>(method, s, any_step);
    Block<double> x = state({std::tan(0.4), std::exp(std::tan(0.4))}), y;
    double t = 0.0, h = 0.1;
    stepper->try_step(x, t, h);
    stepper->interpolate(0.05, y);
    CHECK(y(1, 0) == Approx(std::exp(y(0, 0))).epsilon(2e-5));  // h^4 and h^3 with constants below 0.01
  }
}

TEST_CASE("samples move as they would alone and the worst one decides", "[sim][steppers]") {
  for (const std::string& method : methods(true)) {
    INFO(method);
    auto both = semi_explicit<double>();
    both.count = 2;
    const auto alone = semi_explicit<double>();
    const auto a = make_stepper<double>(method, both, any_step), b = make_stepper<double>(method, alone, any_step);
    Block<double> x(2, 2);
    x << 0.1, 0.7, std::exp(0.1), std::exp(0.7);
    Block<double> y = x.col(1);
    double t = 0.0, h = 0.05, u = 0.0, g = 0.05;
    a->try_step(x, t, h);
    b->try_step(y, u, g);
    CHECK(x(0, 1) == Approx(y(0, 0)).epsilon(1e-14));
    CHECK(x(1, 1) == Approx(y(1, 0)).epsilon(1e-14));
    CHECK(h <= g);
  }
}

TEST_CASE("a number that is not finite rejects a step and leaves the state alone", "[sim][steppers]") {
  for (const std::string& method : methods(false)) {
    INFO(method);
    auto s = rotating<double>();
    const auto f = s.f;
    s.f = [f](const Vector<double>& x, double t, Index k) -> Vector<double> { return t > 0.05 ? Vector<double>::Constant(1, NAN) : f(x, t, k); };
    const auto stepper = make_stepper<double>(method, s, any_step);
    Block<double> x = state({0.3});
    double t = 0.0, h = 0.1;
    CHECK(stepper->try_step(x, t, h) == StepResult::rejected);
    CHECK(x(0, 0) == 0.3);
    CHECK(t == 0.0);
    CHECK(h < 0.1);
  }
}

TEST_CASE("a step that cannot become small enough ends with the culprit's name", "[sim][steppers]") {
  for (const std::string& method : methods(false)) {
    INFO(method);
    auto s = rotating<double>();
    s.names = {"node 'out'"};
    s.f = [](const Vector<double>&, double t, Index) -> Vector<double> { return Vector<double>::Constant(1, t > 0.05 ? NAN : 0.0); };
    const auto stepper = make_stepper<double>(method, s, {.reltol = 1e-3});
    Block<double> x = state({0.3});
    double t = 0.04, h = 0.1;
    const auto run = [&] {
      for (int n = 0; n < 1000; ++n) stepper->try_step(x, t, h);
    };
    CHECK_THROWS_WITH(run(), Catch::Contains("node 'out'") && Catch::Contains("t = 0.05"));
  }
}

TEST_CASE("a linear system is factored once while the step keeps its length", "[sim][steppers]") {
  const auto s = prothero_robinson<double>(-1.0);
  const auto stepper = make_stepper<double>("rodas4p", s, any_step);
  Block<double> x = state({1.0});
  double t = 0.0;
  for (int n = 0; n < 10; ++n) {
    double h = 0.125;
    stepper->try_step(x, t, h);
  }
  CHECK(stepper->counts().factorizations == 1);
  CHECK(stepper->counts().jacobians == 1);
}

TEST_CASE("the explicit stepper refuses an unknown without capacitance by its name", "[sim][steppers]") {
  auto s = semi_explicit<double>();
  s.names = {"node 'a'", "node 'x1.r3c7'"};
  CHECK_THROWS_WITH(make_stepper<double>("dopri5", s, {}), Catch::Contains("node 'x1.r3c7' has no capacitance"));
}

TEST_CASE("impossible tolerances and unknown methods are refused", "[sim][steppers]") {
  const auto s = rotating<double>();
  CHECK_THROWS_WITH(make_stepper<double>("rodas4p", s, {.reltol = 1e-11}), Catch::Contains("reltol=1e-11"));
  CHECK_THROWS_WITH(make_stepper<double>("rodas4", s, {}), Catch::Contains("rodas4p"));
}
