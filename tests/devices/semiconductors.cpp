// Charges and limits of diodes and transistors against their definitions.
#include <catch2/catch.hpp>

#include "devices/junction.hpp"
#include "tests/devices/bench.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

/// Charges of a device at rest, by name.
double charge(const Bench& bench, const std::string& name, const std::vector<double>& v) {
  const Point<double> point(bench.moment(), bench.settled(v), Block<double>::Zero(bench.size(), 1), Block<double>::Zero(bench.size(), 1));
  return bench.element().observe(0, bench.quantity(name), point, 0);
}

const Values silicon{{"vto", 0.7}, {"kp", 1e-4}, {"gamma", 0.5}, {"phi", 0.65}, {"tox", 2e-8}, {"w", 1e-5}, {"l", 2e-6}};
const double oxide = 3.9 * 8.854187817e-12 / 2e-8 * 1e-5 * 2e-6;  // F

}  // namespace

TEST_CASE("a junction's capacitance is c (1 - v/vj)^-m below fc vj and a straight line above, without a jump", "[devices][semiconductors]") {
  const DepletionCharge q(2e-12, 0.8, 0.4, 0.5);
  const auto capacitance = [&](double v) { return q(Dual<double, 1>::variable(v, 0)).slope[0]; };
  for (const double v : {-5.0, -0.3, 0.0, 0.39}) REQUIRE(capacitance(v) == Approx(2e-12 * std::pow(1.0 - v / 0.8, -0.4)).epsilon(1e-13));
  REQUIRE(q(0.0) == 0.0);
  REQUIRE(q(0.4 + 1e-12) - q(0.4 - 1e-12) == Approx(2e-12 * capacitance(0.4)).epsilon(1e-3));
  REQUIRE(capacitance(0.4 + 1e-9) == Approx(capacitance(0.4 - 1e-9)).epsilon(1e-8));
  const double slope = 0.4 / 0.8 * 2e-12 * std::pow(0.5, -1.4);  // dC/dv at the knee
  REQUIRE(capacitance(0.7) == Approx(capacitance(0.4) + 0.3 * slope).epsilon(1e-12));
}

TEST_CASE("a junction's current and its slope do not jump where its pieces meet", "[devices][semiconductors]") {
  const JunctionCurrent i{.is = 1e-14, .vte = 0.026};
  const double border = -3.0 * 0.026;
  REQUIRE(i(border + 1e-12) == Approx(i(border - 1e-12)).epsilon(1e-11));
  const auto slope = [&](double v) { return i(Dual<double, 1>::variable(v, 0)).slope[0]; };
  REQUIRE(slope(border + 1e-12) == Approx(slope(border - 1e-12)).epsilon(1e-9));
}

TEST_CASE("a diode carries ibv at bv", "[devices][semiconductors]") {
  const Bench bench({.kind = "diode", .values = {{"is", 1e-14}, {"bv", 5.6}, {"ibv", 2e-3}}});
  // The match iterates to 1e-3 of the current, as in SPICE.
  REQUIRE(bench.current(0, {-5.6, 0.0}) == Approx(-2e-3).epsilon(1e-3));
}

TEST_CASE("a diode's charge is its transit time times the current on top of the depletion charge", "[devices][semiconductors]") {
  const Bench bench({.kind = "diode", .values = {{"is", 1e-14}, {"tt", 1e-8}, {"cjo", 1e-12}, {"vj", 0.8}}, .environment = {.gmin = 0.0}});
  const double i = bench.current(0, {0.6, 0.0});
  REQUIRE(charge(bench, "q", {0.6, 0.0}) == Approx(1e-8 * i + DepletionCharge(1e-12, 0.8, 0.5, 0.5)(0.6)).epsilon(1e-12));
}

TEST_CASE("a saturated channel holds two thirds of the oxide's charge, three fifths of it at the source", "[devices][semiconductors]") {
  const Bench bench({.kind = "mosfet1", .values = silicon, .model_type = "nmos"});
  const std::vector<double> v{4.0, 2.7, 0.0, 0.0};
  const double inverted = oxide * 2.0, depleted = oxide * 0.5 * std::sqrt(0.65);  // overdrive 2 V
  REQUIRE(charge(bench, "qd", v) == Approx(-4.0 / 15.0 * inverted).epsilon(1e-9));
  REQUIRE(charge(bench, "qs", v) == Approx(-6.0 / 15.0 * inverted).epsilon(1e-9));
  REQUIRE(charge(bench, "qg", v) == Approx(2.0 / 3.0 * inverted + depleted).epsilon(1e-9));
  const std::vector<double> even{0.0, 2.7, 0.0, 0.0};
  REQUIRE(charge(bench, "qd", even) == Approx(-0.5 * inverted).epsilon(1e-9));
  REQUIRE(charge(bench, "qg", even) == Approx(inverted + depleted).epsilon(1e-9));
}

TEST_CASE("a transistor's charges do not jump between its regions", "[devices][semiconductors]") {
  for (const char* type : {"nmos", "pmos"}) {
    CAPTURE(type);
    const double sign = type == std::string("pmos") ? -1.0 : 1.0;
    Values values = silicon;
    values["vto"] *= sign;
    const Bench bench({.kind = "mosfet1", .values = values, .model_type = type});
    // Steps of 1 mV: no charge moves by more than the whole oxide capacitance, or the depletion layer's, times the step.
    for (const std::size_t swept : {0u, 1u, 2u, 3u})
      for (const double other : {-0.4, 0.9, 2.2}) {
        std::array<double, 3> last{};
        for (int k = 0; k <= 3000; ++k) {
          std::vector<double> v{0.3 * sign, sign * other, 0.0, -0.5 * sign};
          v[swept] = sign * (-1.0 + 1e-3 * k);
          if (swept != 3) v[3] = -1.5 * sign;
          const std::array<double, 3> now{charge(bench, "qg", v), charge(bench, "qd", v), charge(bench, "qs", v)};
          for (std::size_t q = 0; q < 3 && k > 0; ++q) REQUIRE(std::abs(now[q] - last[q]) <= 1.5 * oxide * 1e-3);
          last = now;
        }
      }
  }
}

TEST_CASE("a level 1 transistor is symmetric in drain and source, a p channel mirrors an n channel", "[devices][semiconductors]") {
  const Bench n({.kind = "mosfet1", .values = silicon, .model_type = "nmos"});
  Values mirrored = silicon;
  mirrored["vto"] = -0.7;
  const Bench p({.kind = "mosfet1", .values = mirrored, .model_type = "pmos"});
  for (const double vd : {-0.3, 0.2, 1.0, 3.0}) {
    REQUIRE(n.current(0, {vd, 2.0, 0.1, -0.5}) == Approx(n.current(2, {0.1, 2.0, vd, -0.5})).epsilon(1e-12));
    REQUIRE(p.current(0, {-vd, -2.0, -0.1, 0.5}) == Approx(-n.current(0, {vd, 2.0, 0.1, -0.5})).epsilon(1e-12));
  }
}

TEST_CASE("EKV is exponential with slope n Ut below threshold and a parabola above", "[devices][semiconductors]") {
  const Bench bench({.kind = "ekv", .values = {{"vto", 0.5}, {"kp", 1e-4}, {"n", 1.4}, {"w", 1e-5}, {"l", 1e-6}}, .model_type = "nmos"});
  const double ut = Environment{}.thermal_voltage(), beta = 1e-3;
  // Far below threshold F(u) = e^(u/Ut), with an error e^(u/2Ut), here at most 3e-3.
  const double low = bench.current(0, {1.0, 0.0, 0.0, 0.0}), higher = bench.current(0, {1.0, 0.1, 0.0, 0.0});
  REQUIRE(std::log(higher / low) == Approx(0.1 / (1.4 * ut)).epsilon(5e-3));
  // In saturation well above, i = beta/(2n) (vg - vto)^2: softplus is the identity to e^(-u/2Ut), here 1e-11.
  REQUIRE(bench.current(0, {5.0, 2.5, 0.0, 0.0}) == Approx(beta / 2.8 * 4.0).epsilon(1e-6));
  REQUIRE(bench.current(0, {0.7, 1.0, 0.2, 0.0}) == Approx(-bench.current(0, {0.2, 1.0, 0.7, 0.0})).epsilon(1e-12));
}

TEST_CASE("EKV with body effect pinches off at zero for a gate at threshold, and never beyond -phi", "[devices][semiconductors]") {
  const Values body{{"vto", 0.5}, {"kp", 1e-4}, {"gamma", 0.6}, {"phi", 0.7}, {"w", 1e-5}, {"l", 1e-6}};
  const Bench bench({.kind = "ekv", .values = body, .model_type = "nmos"});
  // vp = 0 at vg = vto: source at 0 V, F(0) = ln(2)^2, drain far away.
  const double ut = Environment{}.thermal_voltage(), n = 1.0 + 0.6 / (2.0 * std::sqrt(0.7)), specific = 2.0 * n * 1e-3 * ut * ut;
  REQUIRE(bench.current(0, {3.0, 0.5, 0.0, 0.0}) == Approx(specific * std::log(2.0) * std::log(2.0)).epsilon(1e-9));
  for (const double vg : {-1.0, -3.0, -10.0}) REQUIRE(std::isfinite(bench.current(0, {3.0, vg, 0.0, 0.0})));
}
