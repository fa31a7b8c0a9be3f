// .stability on circuits whose every number is known: a network with unequal weights, a reciprocal resistor network, and broken ones.
#include <cmath>
#include <numbers>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

const Fact& fact(const Ran& ran, const std::string& name) {
  for (const Fact& f : ran.report.analyses.at(0).stats.facts)
    if (f.name == name) return f;
  throw std::runtime_error("no fact " + name);
}
const FactTable& table(const Ran& ran, const std::string& title) {
  for (const FactTable& t : ran.report.analyses.at(0).stats.tables)
    if (t.title.rfind(title, 0) == 0) return t;
  throw std::runtime_error("no table " + title);
}
std::vector<double> column(const FactTable& table, std::size_t k) {
  std::vector<double> values;
  for (const FactTable::Row& row : table.rows) values.push_back(row.values.at(k));
  return values;
}
/// Within `tolerance`, nothing relative.
Approx near(double wanted, double tolerance) { return Approx(wanted).epsilon(0.0).margin(tolerance); }

void check_values(const std::vector<double>& found, const std::vector<double>& wanted, double tolerance) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) CHECK(found[k] == near(wanted[k], tolerance));
}

std::string failure(const std::string& deck) {
  try {
    const Ran ran(deck);
  } catch (const Error& error) {
    return error.what();
  }
  return "no failure";
}

constexpr double degree = 180.0 / std::numbers::pi;
constexpr double digits = 6e-13;  // figures below are given to 12 decimals

/// Four sigmoid neurons; weight ij is what r_j drives into u_i.
std::string four_neurons(const std::string& more) {
  std::string text = "C[i=1:4] u[i] 0 1\nR[i=1:4] u[i] 0 1\nI1 0 u[1] 0.5\nI2 0 u[2] 0.2\nI3 0 u[3] 0.6\nI4 0 u[4] 0.1\n";
  for (const char* i : {"1", "2", "3", "4"}) text += std::string("B") + i + " r" + i + " 0 v=1/(1+exp(-4*v(u[" + i + "])+2))\n";
  const double W[4][4] = {{0, .8, -.5, .3}, {.4, 0, .7, -.6}, {-.9, .5, 0, .2}, {.6, -.1, .5, 0}};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (i != j) text += "G" + std::to_string(i + 1) + std::to_string(j + 1) + " 0 u[" + std::to_string(i + 1) + "] r" + std::to_string(j + 1) + " 0 " + std::to_string(W[i][j]) + "\n";
  return text + more;
}

const char* const resistors = "V1 n1 0 1\nV2 n2 0 -0.5\nR13 n1 n3 1\nR23 n2 n3 {1/.5}\nR14 n1 n4 {1/.7}\nR24 n2 n4 {1/1.2}\nR34 n3 n4 {1/.8}\nR35 n3 n5 {1/.6}\nR45 n4 n5 {1/.9}\nR50 n5 0 {1/.4}\n"
                              "C3 n3 0 1\nC4 n4 0 2\nC5 n5 0 1.5\n";

}  // namespace

TEST_CASE("eigenvalues, symmetry and rotation of a network with unequal weights", "[learning][stability]") {
  const Ran ran(four_neurons(".stability"));
  // Values of four_neurons here and below: numpy, Newton's iteration to 1e-15 and dense linear algebra on the same weights.
  const FactTable& modes = table(ran, "modes");
  check_values(column(modes, 2), {-.584055683563, -.584055683563, -.672954301362, -2.158934331513}, digits);
  check_values({std::abs(column(modes, 3)[0]), column(modes, 3)[2]}, {.320567267224, 0.0}, digits);
  check_values(column(modes, 0), {1.0 / .584055683563, 1.0 / .584055683563, 1.0 / .672954301362, 1.0 / 2.158934331513}, 5.0 * digits);
  CHECK(fact(ran, "stable").text == "yes");
  CHECK(fact(ran, "slowest time constant").value == near(1.0 / .584055683563, 5.0 * digits));
  CHECK(fact(ran, "|A|").value == near(.628490254499, digits));                    // numpy
  CHECK(fact(ran, "|S|").value == near(3.221700706640, 5.0 * digits));             // numpy
  CHECK(fact(ran, "symmetry |S|/(|S|+|A|)").value == near(.836763874612, digits));  // numpy
  CHECK(fact(ran, "response turned by").value == near(2.0 * std::atan(.594401513248) * degree, 1e-9));  // numpy: +-i alpha of P^-1/2 A P^-1/2
  CHECK(fact(ran, "response turned by").text.rfind("61.4546, 0.8187 degrees", 0) == 0);
}

TEST_CASE("the most asymmetric pair of neurons is told with the devices in both directions", "[learning][stability]") {
  const Ran ran(four_neurons(".stability pairs=2"));
  const FactTable& pairs = table(ran, "most asymmetric");
  REQUIRE(pairs.rows.size() == 2);
  CHECK(pairs.rows[0].name == "u[2] u[4]");  // weights -0.6 and -0.1
  check_values(pairs.rows[0].values, {-0.6, -0.1}, digits);
  CHECK(pairs.rows[0].note == "by g24; back by g42");
  CHECK(std::abs(pairs.rows[1].values[0] - pairs.rows[1].values[1]) == near(0.4, digits));  // 12: .8 and .4, 13: -.5 and -.9
}

TEST_CASE("response and error signal of a network with unequal weights, and the angle between them", "[learning][stability]") {
  const Ran ran(four_neurons(".teach v(r3)=1 v(r4)=0 beta=0.01\n.stability"));
  const FactTable& vectors = table(ran, "response");
  check_values(column(vectors, 0), {.004681967294, .545923185409, .659083167069, -.334481256795}, digits);   // numpy: D J_u^-1 c_r
  check_values(column(vectors, 1), {-.555428451550, -.130670035160, .453291874533, -.587835914295}, digits);  // numpy: J_r^-T c_r
  CHECK(vectors.rows[0].name == "u[1]>r1");
  CHECK(fact(ran, "response against error").value == near(.489871003905, digits));  // numpy
}

TEST_CASE("a reciprocal network answers with its error signal", "[learning][stability]") {
  const Ran ran(std::string(resistors) + ".teach v(n5)=0.2 beta=0.01\n.stability");
  check_values(column(table(ran, "modes"), 0), {1.402717002211, .48151141745, .314765273202}, digits);  // numpy: generalized eigenvalues of the conductance matrix
  CHECK(fact(ran, "|A|").value == 0.0);
  CHECK(fact(ran, "symmetry |S|/(|S|+|A|)").value == Approx(1.0).epsilon(1e-12));
  const FactTable& vectors = table(ran, "response");
  check_values(column(vectors, 0), column(vectors, 1), 1e-15);  // an identity; values of 1e-2
  check_values(column(vectors, 1), {.005108549418, .005481047813, .017383258437}, digits);  // numpy
  CHECK(fact(ran, "response against error").value == Approx(1.0).epsilon(1e-12));
  CHECK(fact(ran, "response turned by").value == near(0.0, 1e-9));
}

TEST_CASE("of a response that is not reciprocal both vectors are right", "[learning][stability]") {
  // Sources add to what flows into one end only: 1.1 S instead of 0.8 S into n4 from n3, 0.3 instead of 0.6 and 1.5 instead of 0.9 into n5.
  const Ran ran(std::string(resistors) + "G43 0 n4 n3 n4 0.3\nG53 0 n5 n3 n5 -0.3\nG54 0 n5 n4 n5 0.6\n.teach v(n5)=0.2 beta=0.01\n.stability");
  const FactTable& vectors = table(ran, "response");
  check_values(column(vectors, 1), {.008181157872, .013316139941, .030258679648}, digits);  // numpy: J=[[-2.9,.8,.6],[1.1,-3.9,.9],[.3,1.5,-2.2]]
  check_values(column(vectors, 0), {.008877426627, .009486661788, .030258679648}, digits);  // numpy
}

TEST_CASE("a circuit with several rest states is judged at the one its initial conditions are near", "[learning][stability]") {
  const std::string pair = "Ca a 0 1n\nRa a 0 1meg\nBa 0 a i=-1u*tanh(4*v(b))\nCb b 0 1n\nRb b 0 1meg\nBb 0 b i=-1u*tanh(4*v(a))\n.stability\n";
  const Ran middle(pair), side(pair + ".ic v(a)=1 v(b)=-1");
  // At zero J = [-1 -4; -4 -1] per ms: 3/ms and -5/ms.
  CHECK(fact(middle, "stable").text.rfind("NO: a mode grows with a time constant of 333.3 us", 0) == 0);
  check_values(column(table(middle, "modes"), 2), {3e3, -5e3}, 1e-6);
  CHECK(fact(middle, "response turned by").text.find("not positive definite") != std::string::npos);
  CHECK(fact(side, "stable").text == "yes");
  double x = 1.0;
  for (int n = 0; n < 200; ++n) x = std::tanh(4.0 * x);
  const double slope = 4.0 * (1.0 - x * x);  // of tanh(4 v) at rest
  check_values(column(table(side, "modes"), 2), {-1e3 * (1.0 - slope), -1e3 * (1.0 + slope)}, 1e-6);
}

TEST_CASE("a saturated neuron and targets that are met are told", "[learning][stability]") {
  const Ran ran("C1 u 0 1n\nR1 u 0 1k\nI1 0 u 40m\nB1 r 0 v=tanh(v(u))\n.stability");
  CHECK(fact(ran, "symmetry").text.find("neuron 'u>r' is saturated") != std::string::npos);  // tanh' at 40: 1e-34
  CHECK(failure("V1 a 0 1\nR1 a b 1k\nC1 b 0 1n\n.teach v(b)=1 beta=1u\n.stability").find("the outputs are at their targets") != std::string::npos);
}

TEST_CASE("a long line has its slowest modes by iteration", "[learning][stability]") {
  // n equal sections open at the end: time constants RC / (4 sin^2((2k-1) pi / (4n+2))).
  const int n = 1200;
  std::string text = "V1 n0 0 1\n";
  for (int k = 1; k <= n; ++k) text += "R" + std::to_string(k) + " n" + std::to_string(k - 1) + " n" + std::to_string(k) + " 1k\nC" + std::to_string(k) + " n" + std::to_string(k) + " 0 1n\n";
  const Ran ran(text + ".stability modes=4");
  const FactTable& modes = table(ran, "the ");
  REQUIRE(modes.rows.size() >= 4);
  for (int k = 1; k <= 4; ++k) {
    const double s = std::sin((2 * k - 1) * std::numbers::pi / (4 * n + 2));
    CHECK(modes.rows[static_cast<std::size_t>(k - 1)].values[0] == Approx(1e-6 / (4.0 * s * s)).epsilon(1e-6));  // residuals of 1e-8, squared for a symmetric circuit
  }
  CHECK(fact(ran, "stable").text.rfind("yes: every displacement is driven back", 0) == 0);
}
