// Odeint drives a stepper of ours as one of its own.
#include "sim/odeint.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/written_system.hpp"

using namespace settle;

TEST_CASE("Odeint's integrate_adaptive drives a stiff stepper on complex states", "[sim][odeint]") {
  WrittenSystem<Complex> s;
  const Complex a(-1.0, 2.0);
  s.M = Eigen::MatrixXd::Identity(1, 1);
  s.count = 2;
  s.f = [a](const Vector<Complex>& x, double, Index) -> Vector<Complex> { return a * x; };
  s.J = [a](const Vector<Complex>&, double, Index) -> Eigen::MatrixXcd { return Eigen::MatrixXcd::Constant(1, 1, a); };
  s.is_linear = true;
  s.ready();
  const auto stepper = make_stepper<Complex>("rodas4p", s, {.reltol = 1e-7});
  OdeintStepper<Complex> odeint(s, *stepper);
  Block<Complex> x(1, 2);
  x << 1.0, 2.0;
  const auto steps = boost::numeric::odeint::integrate_adaptive(std::ref(odeint), std::cref(static_cast<const System<Complex>&>(s)), x, 0.0, 1.5, 0.01);
  CHECK(std::abs(x(0, 1) - 2.0 * std::exp(1.5 * a)) < 1e-5);
  CHECK(static_cast<long>(steps) == stepper->counts().steps);
}
