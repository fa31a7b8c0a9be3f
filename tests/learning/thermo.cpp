// Thermodynamic equilibrium propagation against free energies in closed form and by quadrature, within four standard errors of its own.
#include <fmt/format.h>

#include <cmath>

#include "sim/error.hpp"
#include "tests/learning/gradients.hpp"

using namespace settle;
using settle::testing::Gradients;
using settle::testing::Ran;

namespace {

/// P = k v^2/2 - h v with k = 2, h = 1/2; C = (v - 1)^2/2.
std::string gaussian(const std::string& rules, const std::string& more = "") {
  return "C1 v 0 1\nYconductance y1 v 0 g=2\nI1 0 v 0.5\n.teach v(v)=1 beta=1\n" + more + rules + ".gradient\n";
}

/// P = a s^2/2 + b s^4/4 - h s with a = 1, b = 1/2, h = -0.3; C = (s - 1)^2/2.
std::string quartic(const std::string& rules) { return "C1 s 0 1\nYconductance y1 s 0 g=1\nB1 s 0 i=0.5*v(s)^3\nI1 0 s -0.3\n.teach v(s)=1 beta=1\n" + rules + ".gradient\n"; }

/// P = (s1^2 + s2^2)/2 - 1.5 tanh s1 tanh s2 - 0.4 s1; C = (s2 - 1)^2/2.
std::string coupled(const std::string& rules) {
  return "C1 s1 0 1\nC2 s2 0 1\nYconductance y1 s1 0 g=1\nYconductance y2 s2 0 g=1\nB1 s1 0 i=-1.5*(1-tanh(v(s1))^2)*tanh(v(s2))\nB2 s2 0 i=-1.5*(1-tanh(v(s2))^2)*tanh(v(s1))\n"
         "I1 0 s1 0.4\n.teach v(s2)=1 beta=1\n" + rules + ".gradient\n";
}

void check_within(const Gradients& g, const std::string& device, const std::string& rule, double expected) {
  const double error = g.error_of(device, rule), value = g.of(device, rule);
  CAPTURE(device, rule, value, expected, error);
  CHECK(error > 0.0);
  CHECK(std::abs(value - expected) < 4.0 * error);
}

/// <s1^2>/2 under exp(-(P + beta C)/0.3) of the coupled pair, by the trapezoidal rule, which converges exponentially for such integrands.
double coupled_square(double beta) {
  double sum = 0.0, all = 0.0;
  constexpr double h = 0.02, most = 6.0;
  for (double s1 = -most; s1 <= most; s1 += h)
    for (double s2 = -most; s2 <= most; s2 += h) {
      const double P = 0.5 * (s1 * s1 + s2 * s2) - 1.5 * std::tanh(s1) * std::tanh(s2) - 0.4 * s1, C = 0.5 * (s2 - 1.0) * (s2 - 1.0), p = std::exp(-(P + beta * C) / 0.3);
      sum += 0.5 * s1 * s1 * p, all += p;
    }
  return sum / all;
}

std::string refusal(const std::string& deck) {
  try {
    const Ran ran(deck);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("mean squares of a noisy node give the gradient of its free energy at beta = 1", "[learning][thermo]") {
  const Gradients g(gaussian(".learn y1 i1 rule=thermo beta=1 temperature=0.25 samples=200k\n"));
  check_within(g, "y1", "thermo", .0729166666667);  // 7/96: Gaussian integrals
  check_within(g, "i1", "thermo", -.25);
  CHECK(g.error_of("y1", "thermo") < 0.03 * .0729);
}

TEST_CASE("steps of any length sample a linear circuit without bias", "[learning][thermo]") {
  // 0.3 s: explicit, the fastest time constant is 1/3 s. 1 s: implicit. Euler's methods would err by 1/(1 -+ h/2 tau) in the mean squares.
  for (const char* dt : {"0.3", "1"}) {
    const Gradients g(gaussian(fmt::format(".learn y1 i1 rule=thermo beta=1 temperature=0.25 samples=200k dt={}\n", dt)));
    check_within(g, "y1", "thermo", .0729166666667);
    check_within(g, "i1", "thermo", -.25);
  }
}

TEST_CASE("a quartic co-content has the gradient of its free energy by contrast and by path integral", "[learning][thermo]") {
  const Gradients g(quartic(".learn y1 i1 rule=thermo beta=1 temperature=0.5 samples=400k dt=0.05\n.learn y1 i1 rule=thermo beta=1 temperature=0.5 samples=200k path=4 dt=0.05 name=path\n"));
  for (const char* rule : {"thermo", "path"}) {
    check_within(g, "y1", rule, -.040608560114);  // scipy quadrature of both theorems, and differences of A(1) - A(0)
    check_within(g, "i1", rule, -.504998300678);
  }
}

TEST_CASE("two coupled nodes have the gradient of their free energy", "[learning][thermo]") {
  const Gradients g(coupled(".learn y1 i1 rule=thermo beta=1 temperature=0.3 samples=400k dt=0.05\n.learn y1 i1 rule=thermo beta=1 temperature=0.3 samples=200k path=4 dt=0.05 name=path\n"));
  const double square = coupled_square(1.0) - coupled_square(0.0);
  for (const char* rule : {"thermo", "path"}) {
    check_within(g, "y1", rule, square);
    check_within(g, "i1", rule, -.227464205860);  // scipy quadrature
  }
}

TEST_CASE("nodes without capacitance follow, and devices at them learn from the free energy of the others", "[learning][thermo]") {
  const Gradients g("V1 n 0 1\nYconductance y1 n m g=1\nYconductance y2 m v g=2\nYconductance y3 v 0 g=0.5\nC1 v 0 1\n.teach v(v)=0.2 beta=1\n"
                    ".learn rule=thermo beta=1 temperature=0.1 samples=200k\n.gradient\n");
  // v is Gaussian with k = 2/3 + 1/2, h = 2/3; 1 - m = 2/3 (1 - v), m - v = 1/3 (1 - v).
  const auto moment = [](double beta, bool from_one) {
    const double k = 2.0 / 3.0 + 0.5 + beta, mean = (2.0 / 3.0 + 0.2 * beta) / k;
    return 0.5 * (0.1 / k + std::pow(from_one ? 1.0 - mean : mean, 2));
  };
  check_within(g, "y1", "thermo", 4.0 / 9.0 * (moment(1.0, true) - moment(0.0, true)));
  check_within(g, "y2", "thermo", 1.0 / 9.0 * (moment(1.0, true) - moment(0.0, true)));
  check_within(g, "y3", "thermo", moment(1.0, false) - moment(0.0, false));
}

TEST_CASE("thermal noise samples kT/C whatever the conductance, so its contrast is another one", "[learning][thermo]") {
  const Gradients g(gaussian(fmt::format(".learn y1 i1 rule=thermo noise=thermal beta=1 temperature={:.17g} samples=200k\n", 0.25 / 1.380649e-23)));
  // Means as ever, (1/4 - 1/16)/2; the variance kT/C = 1/4, and kT/C g/(g + beta) under a nudge that has no noise.
  check_within(g, "y1", "thermo", 0.5 * (0.25 - 0.0625) + 0.5 * 0.25 * (2.0 / 3.0 - 1.0));
  check_within(g, "i1", "thermo", -.25);
}

TEST_CASE("common noise in both phases has the same mean and less scatter", "[learning][thermo]") {
  const Gradients g(gaussian(".learn y1 i1 rule=thermo beta=0.1 temperature=0.25 samples=50k\n.learn y1 i1 rule=thermo beta=0.1 temperature=0.25 samples=50k common=on name=common\n"));
  // (<v^2>_b - <v^2>_0) / 2 b with k + b, h + b.
  check_within(g, "y1", "common", 5.0 * (0.25 / 2.1 + std::pow(0.6 / 2.1, 2) - 0.25 / 2.0 - 0.0625));
  CHECK(g.error_of("y1", "common") < 0.3 * g.error_of("y1", "thermo"));
}

TEST_CASE("a free phase that has not settled leaks into the contrast and turns the gradient round at small beta", "[learning][thermo]") {
  const Gradients g("V1 n1 0 1\nV2 n2 0 -0.5\nYconductance y1 n1 3 g=1\nYconductance y2 n2 3 g=0.5\nYconductance y3 n1 4 g=0.7\nYconductance y4 n2 4 g=1.2\nYconductance y5 3 4 g=0.8\n"
                    "Yconductance y6 3 5 g=0.6\nYconductance y7 4 5 g=0.9\nYconductance y8 5 0 g=0.4\nC3 3 0 1\nC4 4 0 2\nC5 5 0 1.5\n.teach v(5)=-0.2 beta=0.1\n"
                    ".learn rule=thermo beta=1m temperature=1p samples=50 start=zero burn=4 guard=off name=four\n.learn rule=thermo beta=1m temperature=1p samples=50 start=zero name=ten\n.gradient\n");
  CHECK(g.cosine("ten") > 0.99);
  CHECK(g.cosine("four") < 0.0);  // voltages rise from zero while they should learn to fall
}

TEST_CASE("the same seed draws the same gradient, another one another", "[learning][thermo]") {
  const auto drawn = [](const char* options) { return Gradients(gaussian(".learn y1 i1 rule=thermo beta=1 temperature=0.25\n", options)).of("y1", "thermo"); };
  CHECK(drawn(".options seed=3\n") == drawn(".options seed=3\n"));
  CHECK(drawn(".options seed=3\n") != drawn(".options seed=4\n"));
}

TEST_CASE("thermodynamic equilibrium propagation refuses circuits without a co-content, by device name", "[learning][thermo]") {
  const std::string plain = "C1 a 0 1\nC2 b 0 1\nYconductance y1 a 0 g=1\nYconductance y2 b 0 g=1\nYconductance y3 a b g=1\nI1 0 a 1\n", rule = ".learn y* rule=thermo beta=1 temperature=0.1\n.gradient\n";
  using Catch::Contains;
  CHECK_THAT(refusal(plain + "G1 b 0 a 0 0.3\n.teach v(b)=1 beta=1\n" + rule), Contains("'g1'") && Contains("not reciprocal"));
  const std::string buffered = refusal(plain + "Ycrossbar xb a b g=0.2 coupling=forward\n.teach v(b)=1 beta=1\n" + rule);
  CHECK_THAT(buffered, Contains("'xb[0,0]'") && Contains("follows a by 1.2 S") && Contains("follows b by 1 S"));
  CHECK_THAT(buffered, !Contains("'y3'"));  // conducts both ways
  CHECK_THAT(refusal(plain + "L1 b c 1\nR1 c 0 1\n.teach v(b)=1 beta=1\n" + rule), Contains("'l1") && Contains("inertia"));
  CHECK_THAT(refusal(plain + "B1 r 0 v=tanh(v(b))\n.teach v(r)=1 beta=1\n" + rule), Contains("slope of the cost"));
  CHECK_THAT(refusal("Yconductance y1 a 0 g=1\nI1 0 a 1\n.teach v(a)=1 beta=1\n" + rule), Contains("no node of this circuit has a capacitance"));
  CHECK_THAT(refusal(plain + "G1 b 0 a 0 0.3\n.teach v(b)=1 beta=1\n.learn g1 rule=thermo beta=1 temperature=0.1\n.gradient\n"), Contains("'g1'") && Contains("two-terminal"));
}
