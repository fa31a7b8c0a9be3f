// Error signals: what responses are of them, in which coordinates, and how asymmetric equilibrium propagation recovers them.
#include <fmt/format.h>

#include <cmath>

#include "learning/activity.hpp"
#include "learning/asymmetry.hpp"
#include "sim/symmetrized.hpp"
#include "tests/learning/on_stage.hpp"

using namespace settle;
using settle::testing::OnStage;

namespace {

constexpr double W[4][4] = {{0, .8, -.5, .3}, {.4, 0, .7, -.6}, {-.9, .5, 0, .2}, {.6, -.1, .5, 0}};
const std::vector<std::string> membranes{"u[1]", "u[2]", "u[3]", "u[4]"}, activities{"r[1]", "r[2]", "r[3]", "r[4]"};

std::string four_neurons(bool symmetric) {
  std::string text = "C[i=1:4] u[i] 0 1\nR[i=1:4] u[i] 0 1\nB[i=1:4] r[i] 0 v=1/(1+exp(-4*v(u[i])+2))\nI1 0 u[1] 0.5\nI2 0 u[2] 0.2\nI3 0 u[3] 0.6\nI4 0 u[4] 0.1\n.teach v(r[3])=1 v(r[4])=0 beta=0.1\n";
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (i != j) text += fmt::format("g{}{} 0 u[{}] r[{}] 0 {:.17g}\n", i + 1, j + 1, i + 1, j + 1, symmetric ? 0.5 * (W[i][j] + W[j][i]) : W[i][j]);
  return text;
}

/// Resistors, with unequal directions between nodes 3, 4 and 5 by sources that add the difference.
std::string resistors(bool reciprocal) {
  std::string text = "V1 n1 0 1\nV2 n2 0 -0.5\nYconductance y1 n1 3 g=1\nYconductance y2 n2 3 g=0.5\nYconductance y3 n1 4 g=0.7\nYconductance y4 n2 4 g=1.2\nYconductance y8 5 0 g=0.4\nC3 3 0 1\nC4 4 0 2\nC5 5 0 1.5\n.teach v(5)=0.2 beta=0.1\n";
  const auto into = [&](const char* name, const char* i, const char* j, double g) { text += fmt::format("{0} 0 {1} {2} {1} {3}\n", name, i, j, g); };
  into("ga", "3", "4", .8), into("gb", "3", "5", .6), into("gc", "4", "5", .9);
  into("gd", "4", "3", reciprocal ? .8 : 1.1), into("ge", "5", "3", reciprocal ? .6 : .3), into("gf", "5", "4", reciprocal ? .9 : 1.5);
  return text;
}

double relative(const Vector<double>& a, const Vector<double>& b) { return (a - b).norm() / b.norm(); }

}  // namespace

TEST_CASE("in a reciprocal network the response is the error signal", "[learning][error_signals]") {
  OnStage s(resistors(true), {"y*"});
  const Vector<double> q = s.stage.solve(s.stage.push()), lambda = s.stage.solve_transposed(s.stage.cost_slope());
  CHECK(relative(q, lambda) < 1e-13);
  const Vector<double> at = s.at(lambda, {"3", "4", "5"});
  CHECK(relative(at, Vector<double>(Eigen::Vector3d(.005108549418, .005481047813, .017383258437))) < 1e-10);  // numpy, 12 decimals
}

TEST_CASE("a nudge of activities read at activities is exact for symmetric weights, one of membranes is not", "[learning][error_signals]") {
  OnStage s(four_neurons(true), {"g*"});
  const Vector<double> lambda = s.at(s.stage.solve_transposed(s.stage.cost_slope()), membranes);
  const Vector<double> moved = s.stage.solve(s.stage.push());
  CHECK(relative(s.at(moved, activities), lambda) < 1e-12);
  Vector<double> push = Vector<double>::Zero(moved.size());  // -beta D dC/dr into membranes, read there
  for (std::size_t k = 0; k < 4; ++k) {
    const double r = s.stage.rest()(s.at(activities[k]), 0);
    push[s.at(membranes[k])] = 4.0 * r * (1.0 - r) * s.stage.push()[s.at(membranes[k])];
  }
  CHECK((s.at(s.stage.solve(push), membranes) - lambda).cwiseAbs().maxCoeff() == Approx(.03482450338875).epsilon(1e-10));  // numpy
}

TEST_CASE("responses and error signals of an asymmetric network agree with an independent computation", "[learning][error_signals]") {
  OnStage s(four_neurons(false), {"g*"});
  const Vector<double> lambda = s.at(s.stage.solve_transposed(s.stage.cost_slope()), membranes), q = s.at(s.stage.solve(s.stage.push()), activities);
  // numpy, 12 decimals
  CHECK((lambda - Vector<double>(Eigen::Vector4d(-.555428451550, -.130670035160, .453291874533, -.587835914295))).cwiseAbs().maxCoeff() < 6e-13);
  CHECK((q - Vector<double>(Eigen::Vector4d(.004681967294, .545923185409, .659083167069, -.334481256795))).cwiseAbs().maxCoeff() < 6e-13);
}

TEST_CASE("with its asymmetry taken back a linear circuit answers any nudge by its error signal over 1 + beta R", "[learning][error_signals]") {
  OnStage s(resistors(false), {"y*"});
  const std::vector<std::string> nodes{"3", "4", "5"};
  const Vector<double> lambda = s.at(s.stage.solve_transposed(s.stage.cost_slope()), nodes);
  CHECK((lambda - Vector<double>(Eigen::Vector3d(.008181157872, .013316139941, .030258679648))).cwiseAbs().maxCoeff() < 6e-13);  // numpy, 12 decimals
  const SparseMatrix K = asymmetry_of(s.stage);
  const Symmetrized<double> corrected(s.stage.system(), K, s.stage.rest());
  RestBranch<double> branch(corrected, s.stage.terms(), s.stage.rest(), &s.stage.given());
  constexpr double beta = 0.5, R = 0.6091222332535187;  // Ohm, (-J^-1) at the output: numpy
  Block<double> x = branch.start();
  REQUIRE(branch.follow(x, 0.0, beta));
  CHECK(relative(s.at(Vector<double>((x - s.stage.rest()).col(0) / beta), nodes), Vector<double>(lambda / (1.0 + beta * R))) < 1e-12);
}

TEST_CASE("freezing forward currents and sending changes through the transposed weights is the same correction", "[learning][error_signals]") {
  // I = W r0 + W^T (r - r0) against -2 A (r - r0): where weights alone join neurons, 2 A = W - W^T.
  OnStage s(four_neurons(false), {"g*"});
  const SparseMatrix K = asymmetry_of(s.stage);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (i != j) CHECK(K.coeff(s.at(membranes[static_cast<std::size_t>(i)]), s.at(activities[static_cast<std::size_t>(j)])) == Approx(W[i][j] - W[j][i]).margin(1e-12));
}
