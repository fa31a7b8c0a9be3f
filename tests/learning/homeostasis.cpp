// Homeostasis: its loss and gradients against an independent computation, its estimators, its flow.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

constexpr double W[4][4] = {{0, .8, -.5, .3}, {.4, 0, .7, -.6}, {-.9, .5, 0, .2}, {.6, -.1, .5, 0}};

std::string gain(int i, int j) { return "g" + std::to_string(i + 1) + std::to_string(j + 1); }

/// Four sigmoid neurons with unequal weights g12 ... g43.
std::string four_neurons(const std::string& more) {
  std::string text = "C[i=1:4] u[i] 0 1\nR[i=1:4] u[i] 0 1\nB[i=1:4] r[i] 0 v=1/(1+exp(-4*v(u[i])+2))\nI1 0 u[1] 0.5\nI2 0 u[2] 0.2\nI3 0 u[3] 0.6\nI4 0 u[4] 0.1\n.teach v(r[3])=1 v(r[4])=0 beta=0.1\n";
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (i != j) text += fmt::format("{} 0 u[{}] r[{}] 0 {}\n", gain(i, j), i + 1, j + 1, W[i][j]);
  return text + more;
}

using ByGain = std::map<std::string, double>;

/// dL/dw of every gain, as a `.learn` card with these options has it: what it adds to the gradient of the cost.
ByGain slope_of_loss(const std::string& options, int seed = 1) {
  const Ran ran(four_neurons(fmt::format(".options seed={}\n.learn g* rule=dyadic name=plain\n.learn g* rule=dyadic homeostasis=1 {} name=kept\n.gradient\n", seed, options)));
  ByGain slope;
  for (const FactTable& table : ran.report.analyses.at(0).stats.tables)
    if (table.title == "gradient dC/dw")
      for (const FactTable::Row& row : table.rows) slope[row.name] = row.values.at(3) - row.values.at(2);  // value, exact, plain, kept
  return slope;
}

/// L = 2 |A|^2 is quadratic in the weights at a held state, and its symmetric rest drops out: w dL/dw = 2 L.
double loss(const std::string& options) {
  ByGain slope = slope_of_loss(options);
  double sum = 0.0;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (i != j) sum += 0.5 * W[i][j] * slope[gain(i, j)];
  return sum;
}

Approx near(double wanted, double tolerance) { return Approx(wanted).epsilon(0.0).margin(tolerance); }

constexpr int draws = 200, probes = 10;

/// Mean and total variance of one probe's estimate over all gains.
struct ProbeNoise {
  ByGain mean, deviation_of_mean;
  double deviation = 0.0;
  explicit ProbeNoise(const std::string& how) {
    ByGain square;
    for (int seed = 1; seed <= draws; ++seed)
      for (const auto& [name, value] : slope_of_loss(fmt::format("measured={} probes={}", how, probes), seed)) mean[name] += value / draws, square[name] += value * value / draws;
    for (auto& [name, value] : mean) {
      const double variance = square[name] - value * value;
      deviation_of_mean[name] = std::sqrt(variance / draws);
      deviation += probes * variance;
    }
    deviation = std::sqrt(deviation);
  }
};

}  // namespace

// Expected values: Newton's iteration to 1e-15 and dense linear algebra on the same four equations in another program, twelve digits; the
// differences of the slopes of the pullback here err by 1e-11.
TEST_CASE("the homeostatic loss is 2 |A|^2 in either coordinates", "[learning][homeostasis]") {
  CHECK(loss("measured=partial coordinates=membrane") == near(.491342917648, 1e-10));
  CHECK(loss("measured=partial coordinates=activity") == near(.79, 1e-10));  // (.4^2 + .4^2 + .3^2 + .2^2 + .5^2 + .3^2): sum over pairs of (w_ij - w_ji)^2
}

TEST_CASE("the slope of the homeostatic loss at a held state agrees with an independent computation", "[learning][homeostasis]") {
  ByGain slope = slope_of_loss("measured=partial coordinates=membrane");
  CHECK(slope["g12"] == near(.632363940181, 1e-10));
  CHECK(slope["g13"] == near(.375627892341, 1e-10));
  CHECK(slope["g14"] == near(-.246401851709, 1e-10));
  CHECK(slope["g21"] == near(-.525442165087, 1e-10));
  CHECK(slope["g23"] == near(.072161211933, 1e-10));
  CHECK(slope["g24"] == near(-.864784126227, 1e-10));
}

TEST_CASE("the slope of the homeostatic loss with what weights do to the state agrees with an independent computation", "[learning][homeostasis]") {
  ByGain slope = slope_of_loss("measured=total coordinates=membrane");
  CHECK(slope["g12"] == near(.392540523983, 1e-8));  // dL/du by five points a thousandth of a volt apart: h^4 of the fifth derivative
  CHECK(slope["g13"] == near(.201037306782, 1e-8));
  CHECK(slope["g14"] == near(-.778144552770, 1e-8));
}

TEST_CASE("in activities the slope of the homeostatic loss is 2 (W - W^T) and does not depend on the state", "[learning][homeostasis]") {
  for (const char* measured : {"measured=partial", "measured=total"}) {
    ByGain slope = slope_of_loss(measured);
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j)
        if (i != j) CHECK(slope[gain(i, j)] == near(2.0 * (W[i][j] - W[j][i]), 1e-8));
  }
}

TEST_CASE("random probes measure the slope of the homeostatic loss without bias, local ones with more noise", "[learning][homeostasis]") {
  const ProbeNoise probe("probe"), local("local");
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) {
      if (i == j) continue;
      CAPTURE(gain(i, j));
      const double exact = 2.0 * (W[i][j] - W[j][i]);
      CHECK(probe.mean.at(gain(i, j)) == near(exact, 4.0 * probe.deviation_of_mean.at(gain(i, j))));
      CHECK(local.mean.at(gain(i, j)) == near(exact, 4.0 * local.deviation_of_mean.at(gain(i, j))));
    }
  // Twelve connections, one probe: 60000 draws in another program. A deviation of n draws is known to 1/sqrt(2 n) at worst.
  const double known_to = 4.0 / std::sqrt(2.0 * draws);
  CHECK(probe.deviation == Approx(6.602).epsilon(known_to));
  CHECK(local.deviation == Approx(11.128).epsilon(known_to));
  CHECK(local.deviation / probe.deviation == Approx(1.686).epsilon(known_to));
}

TEST_CASE("under homeostasis alone unequal weights approach each other as exp(-4 rate t)", "[learning][homeostasis]") {
  constexpr int updates = 100;
  constexpr double rate = 2e-3;
  // The cost is weighed down to nothing.
  std::string deck = four_neurons(fmt::format(".learn g* rule=exact homeostasis=1 rate={}\n.train epochs={} weights=on\n", rate, updates));
  deck.replace(deck.find(".teach"), 6, ".teach weight(r[3])=1e-15 weight(r[4])=1e-15");
  const Ran ran(deck);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < i; ++j) {
      const auto there = ran.values("train1", "weight", gain(i, j)), back = ran.values("train1", "weight", gain(j, i));
      REQUIRE(there.size() == updates);
      const double x = 4.0 * rate, left = (there.back() - back.back()) / (W[i][j] - W[j][i]);
      CHECK(left == Approx(std::pow(1.0 - 4.0 * rate, updates)).epsilon(1e-8));       // steps of Euler's method
      CHECK(left == Approx(std::exp(-4.0 * rate * updates)).epsilon(updates * x * x / 2.0 / (1.0 - x)));  // as -log(1 - x) - x < x^2 / 2 (1 - x)
      CHECK(there.back() + back.back() == near(W[i][j] + W[j][i], 1e-8));                       // what is symmetric stays
    }
}
