// Learning rules on circuits whose gradients are known: what each errs by, to the digits of closed forms and independent computations.
#include <fmt/format.h>

#include <Eigen/LU>
#include <cmath>

#include "tests/learning/gradients.hpp"

using namespace settle;
using settle::testing::Gradients;

namespace {

Approx near(double wanted, double tolerance) { return Approx(wanted).epsilon(0.0).margin(tolerance); }

// Published to four significant digits.
void check_digits(double value, double expected, int digits = 4) {
  CAPTURE(value, expected);
  CHECK(std::abs(value - expected) <= 0.501 * std::pow(10.0, std::floor(std::log10(std::abs(expected))) + 1 - digits));
}

constexpr double W[4][4] = {{0, .8, -.5, .3}, {.4, 0, .7, -.6}, {-.9, .5, 0, .2}, {.6, -.1, .5, 0}};

/// Four sigmoid neurons with unequal weights, or with their symmetric part.
std::string four_neurons(const std::string& more, bool symmetric = false, const std::string& changed = "", double by = 0.0) {
  std::string text = "C[i=1:4] u[i] 0 1\nR[i=1:4] u[i] 0 1\nB[i=1:4] r[i] 0 v=1/(1+exp(-4*v(u[i])+2))\nI1 0 u[1] 0.5\nI2 0 u[2] 0.2\nI3 0 u[3] 0.6\nI4 0 u[4] 0.1\n.teach v(r[3])=1 v(r[4])=0 beta=0.1\n";
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) {
      if (i == j) continue;
      const std::string name = "g" + std::to_string(i + 1) + std::to_string(j + 1);
      const double w = (symmetric ? 0.5 * (W[i][j] + W[j][i]) : W[i][j]) + (name == changed ? by : 0.0);
      text += name + " 0 u[" + std::to_string(i + 1) + "] r[" + std::to_string(j + 1) + "] 0 " + fmt::format("{:.17g}", w) + "\n";
    }
  return text + more;
}

std::string resistors(const std::string& more, bool shunt = false) {
  return std::string("V1 n1 0 1\nV2 n2 0 -0.5\nYconductance y1 n1 3 g=1\nYconductance y2 n2 3 g=0.5\nYconductance y3 n1 4 g=0.7\nYconductance y4 n2 4 g=1.2\nYconductance y5 3 4 g=0.8\n"
                     "Yconductance y6 3 5 g=0.6\nYconductance y7 4 5 g=0.9\nYconductance y8 5 0 g=0.4\nC3 3 0 1\nC4 4 0 2\nC5 5 0 1.5\n.teach v(5)=0.2 beta=0.1\n") +
         (shunt ? "B4 4 0 i=0.3*v(4)+0.5*v(4)^3\n" : "") + more;
}

}  // namespace

TEST_CASE("the adjoint gradient of an asymmetric network agrees with an independent computation", "[learning][rules]") {
  const Gradients g(four_neurons(".learn g* rule=ep beta=0.1\n.gradient\n"));
  // numpy, Newton's iteration to 1e-15 on the same four equations; rows are -lambda_i r_j.
  CHECK(g.of("g12", "exact") == near(.160636298152, 6e-13));
  CHECK(g.of("g13", "exact") == near(.116942648058, 6e-13));
  CHECK(g.of("g14", "exact") == near(.356166968272, 6e-13));
  CHECK(g.of("g31", "exact") == near(-.354205370752, 6e-13));
  CHECK(g.of("g32", "exact") == near(-.131097225042, 6e-13));
  CHECK(g.of("g34", "exact") == near(-.290672168925, 6e-13));
  CHECK(g.fact("cost") == near(.517218667786, 6e-13));
}

TEST_CASE("asymmetry between neurons leaves out what they do to themselves, and a report may leave out devices", "[learning][rules]") {
  const Gradients g(four_neurons(".learn g* rule=ep beta=0.1\n.gradient devices=off\n"));
  CHECK(g.fact("between neurons |A|/|S|") == near(std::sqrt(.395 / 3.315), 1e-12));  // sums of squares of W -+ W^T
  CHECK(g.cosine("ep") < 1.0);
  CHECK_THROWS(g.table("gradient dC/dw"));
}

TEST_CASE("the adjoint gradient is the slope of the cost over a device of the deck", "[learning][rules]") {
  const Gradients g(four_neurons(".learn g* rule=ep beta=0.1\n.gradient\n"));
  constexpr double h = 1e-4;
  for (const char* device : {"g12", "g31", "g43"}) {
    const auto cost = [&](double by) { return Gradients(four_neurons(".learn g* rule=ep beta=0.1\n.gradient\n", false, device, by)).fact("cost"); };
    // A central difference of h errs by h^2 C'''/6; third derivatives here are below 10.
    CHECK((cost(h) - cost(-h)) / (2.0 * h) == near(g.of(device, "exact"), 2e-8));
  }
}

TEST_CASE("equilibrium propagation in a reciprocal network errs by beta, centred by its square, on a circle by its N-th power", "[learning][rules]") {
  const Gradients g(resistors(".learn rule=ep beta=0.1 sides=1 form=energy name=a1\n.learn rule=ep beta=0.01 sides=1 form=energy name=a2\n.learn rule=ep beta=0.001 sides=1 form=energy name=a3\n"
                              ".learn rule=ep beta=0.1 form=energy name=c1\n.learn rule=ep beta=0.01 form=energy name=c2\n.learn rule=ep beta=0.001 form=energy name=c3\n"
                              ".learn rule=hep beta=0.2 points=2 form=energy name=h2\n.learn rule=hep beta=0.2 points=4 form=energy name=h4\n.learn rule=hep beta=0.2 points=6 form=energy name=h6\n"
                              ".learn rule=hep beta=0.2 points=8 form=energy name=h8\n.learn rule=fp gamma=5 name=f\n.learn rule=dyadic beta=0.7\n.gradient\n"));
  // Exact gradients: closed form by numpy.
  const std::vector<double> exact{-.003396709299, .004266114828, -.004680894848, .003540676872, -.000070442348, -.001965467014, .000344979388, .003041546671};
  for (std::size_t k = 0; k < exact.size(); ++k) CHECK(g.of("y" + std::to_string(k + 1), "exact") == near(exact[k], 6e-13));
  check_digits(g.error("a1"), 6.459e-2), check_digits(g.error("a2"), 6.858e-3), check_digits(g.error("a3"), 6.901e-4);  // numpy, as all that follow
  check_digits(g.error("c1"), 4.796e-3), check_digits(g.error("c2"), 4.773e-5), check_digits(g.error("c3"), 4.773e-7);
  check_digits(g.error("h2"), 1.946e-2), check_digits(g.error("h4"), 3.659e-4), check_digits(g.error("h6"), 7.034e-6), check_digits(g.error("h8"), 1.358e-7);
  CHECK(g.error("f") < 1e-12);       // exact for linear circuits, whatever gamma
  CHECK(g.error("dyadic") < 1e-10);  // d = beta lambda for every beta
  CHECK(g.text("verdict").rfind("the Jacobian is symmetric", 0) == 0);
}

TEST_CASE("frequency propagation errs by the square of its amplitude in a nonlinear network", "[learning][rules]") {
  const Gradients g(resistors(".learn rule=fp gamma=1 name=f1\n.learn rule=fp gamma=3 name=f3\n.learn rule=fp gamma=10 name=f10\n.gradient\n", true));
  CHECK(g.of("y1", "exact") == near(-.004429199054, 6e-13));  // numpy
  CHECK(g.of("y8", "exact") == near(.003831644648, 6e-13));
  check_digits(g.error("f1"), 4.3e-6, 2), check_digits(g.error("f3"), 3.9e-5, 2), check_digits(g.error("f10"), 4.3e-4, 2);  // numpy
}

TEST_CASE("coupled learning moves along the gradient, scaled by the output's conductance", "[learning][rules]") {
  const Gradients g(resistors(".learn rule=coupled eta=0.001\n.gradient\n"));
  CHECK(1.0 - g.cosine("coupled") < 5e-10);  // eta^2 effects: 4e-10 by numpy at this eta
  CHECK(g.table("gradients against").rows[0].values[2] == near(1.43990, 5e-4));  // 1/R of the output, 1.439898, and of order eta
}

TEST_CASE("asymmetric equilibrium propagation is exact where plain equilibrium propagation is not", "[learning][rules]") {
  const Gradients g(four_neurons(".learn g* rule=aep beta=0.1 name=a1\n.learn g* rule=aep beta=0.01 name=a2\n.learn g* rule=aep beta=0.001 name=a3\n.learn g* rule=ep beta=0.001\n"
                                 ".learn g* rule=aep beta=0.1 points=12 name=n12\n.learn g* rule=aep beta=0.1 points=8 name=n8\n.learn g* rule=aep beta=0.001 kappa=0 name=k0\n"
                                 ".learn g* rule=aep beta=0.001 kappa=1 name=k1\n.learn g* rule=dyadic\n.gradient\n"));
  CHECK(std::log10(g.error("a1") / g.error("a2")) == near(2.0, 0.05));  // centred: of order beta^2
  CHECK(std::log10(g.error("a2") / g.error("a3")) == near(2.0, 0.05));
  CHECK(g.error("a2") < 6e-5);   // lambda alone: 4.9e-5 (numpy)
  CHECK(g.error("n8") < 4e-7);   // lambda alone: 2.9e-7
  CHECK(g.error("n12") < 1e-9);
  CHECK(g.error("ep") > 1.0);
  CHECK(g.error("k0") == near(g.error("ep"), 1e-9));  // nothing taken back
  CHECK(g.error("k1") < g.error("k0"));
  CHECK(g.error("dyadic") < 1e-10);
  CHECK(g.text("verdict").find("no factor per neuron") != std::string::npos);
}

TEST_CASE("in a symmetric network nudged at activities every rule is exact to its order", "[learning][rules]") {
  const Gradients g(four_neurons(".learn g* rule=ep beta=1m\n.learn g* rule=hep beta=0.1 points=12\n.learn g* rule=chep beta=0.1 period=200\n.gradient\n", true));
  CHECK(g.error("ep") < 1e-5);    // beta^2 times a3/a1, about 5
  CHECK(g.error("hep") < 1e-8);   // (beta / radius)^12
  CHECK(g.error("chep") < 1e-2);  // (w tau)^2 with tau = 1.7: 3e-3
}

TEST_CASE("continuous-time estimates fall with the square of the frequency, whatever beta inside the radius", "[learning][rules]") {
  const Gradients g(four_neurons(".learn g* rule=hep beta=0.05 points=16\n.learn g* rule=chep beta=0.1 period=100 discard=2 name=slow\n.learn g* rule=chep beta=0.1 period=50 discard=2 name=fast\n"
                                 ".learn g* rule=chep beta=0.3 period=100 discard=2 name=wide\n.gradient\n"));
  // All of them miss the asymmetry; what the speed adds is the difference to the slow limit.
  double slow = 0.0, fast = 0.0, wide = 0.0;
  for (const char* device : {"g12", "g21", "g13", "g31", "g34", "g43", "g14", "g41"}) {
    slow += std::pow(g.of(device, "slow") - g.of(device, "hep"), 2);
    fast += std::pow(g.of(device, "fast") - g.of(device, "hep"), 2);
    wide += std::pow(g.of(device, "wide") - g.of(device, "slow"), 2);
  }
  CHECK(0.5 * std::log2(fast / slow) == near(2.0, 0.05));
  CHECK(std::sqrt(wide / slow) < 1e-3);
}

TEST_CASE("a nudge with A grad C added, as some summaries have it, is no error signal", "[learning][rules]") {
  // -lambda^T df/dw with lambda' = J^-1 (I + A) c instead of J^-T c must fail what asymmetric equilibrium propagation passes.
  Eigen::Matrix2d J;
  J << -1, 2, -.5, -1;
  const Eigen::Vector2d c(0, 1), lambda = J.transpose().inverse() * c;
  const Eigen::Matrix2d A = 0.5 * (J - J.transpose());
  const Eigen::Vector2d wrong = J.inverse() * (Eigen::Matrix2d::Identity() + A) * c, right = (J - 2.0 * A).inverse() * c;
  CHECK((wrong - Eigen::Vector2d(-1.625, -.1875)).norm() < 1e-15);  // closed form
  CHECK((right - lambda).norm() < 1e-15);
  CHECK((wrong - lambda).norm() > (J.inverse() * c - lambda).norm());  // worse than no correction at all
}
