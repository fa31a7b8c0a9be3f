// DC currents of diodes and transistors beside ngspice's, bias point by bias point.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <fstream>

#include "tests/devices/bench.hpp"
#include "tests/support/ngspice.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

struct Sweep {
  std::string title;
  Setup setup;
  std::string parameters;     // as setup.values, for ngspice: on the device card before '|', on the .model card behind
  std::vector<double> fixed;  // voltages of the second terminal and on
  double from, to;            // of the first
  double celsius = 27.0;
};

std::string deck_of(const Sweep& sweep) {
  const std::size_t bar = sweep.parameters.find('|');
  std::string deck = fmt::format("{}\n.options reltol=1e-9 abstol=1e-18 vntol=1e-12 gmin=1e-12 temp={}\n", sweep.title, sweep.celsius);
  for (std::size_t k = 0; k <= sweep.fixed.size(); ++k) deck += fmt::format("V{} t{} 0 {}\n", k, k, k ? sweep.fixed[k - 1] : 0.0);
  deck += sweep.setup.kind == "diode" ? "D1 t0 t1" : "M1 t0 t1 t2 t3";
  deck += fmt::format(" mm {}\n.model mm {}({})\n", sweep.parameters.substr(0, bar), sweep.setup.model_type, sweep.parameters.substr(bar + 1));
  return deck + fmt::format(".dc V0 {} {} {}\n.save all\n.end\n", sweep.from, sweep.to, (sweep.to - sweep.from) / 60.0);
}

/// The largest relative difference of the first terminal's current; `floor` is what rounding of ngspice's node voltages amounts to.
double deviation(const Sweep& sweep, double floor) {
  const Scratch scratch;
  std::ofstream(scratch / "deck.cir") << deck_of(sweep);
  const RawPlot plot = run_ngspice(scratch / "deck.cir").at(0);
  Setup setup = sweep.setup;
  setup.environment.temperature = zero_celsius + sweep.celsius;
  const Bench bench(setup);
  double worst = 0.0;
  for (std::size_t k = 0; k < plot.points(); ++k) {
    std::vector<double> v{plot.columns[0][k].real()};
    v.insert(v.end(), sweep.fixed.begin(), sweep.fixed.end());
    const double expected = -plot.column("i(v0)")[k].real(), difference = std::abs(bench.current(0, v) - expected);
    worst = std::max(worst, std::max(0.0, difference - floor) / std::abs(expected));
  }
  REQUIRE(plot.points() > 50);
  return worst;
}

Sweep diode(const std::string& title, const std::string& parameters, Values values, double from, double to, double celsius = 27.0) {
  return {title, {.kind = "diode", .values = std::move(values), .model_type = "d"}, parameters, {0.0}, from, to, celsius};
}

Sweep mosfet(const std::string& title, const std::string& type, const std::string& parameters, Values values, std::vector<double> fixed, double celsius = 27.0) {
  values.insert({{"w", 1e-5}, {"l", 2e-6}});
  const double sign = type == "pmos" ? -1.0 : 1.0;
  return {title, {.kind = "mosfet1", .values = std::move(values), .model_type = type}, "w=10u l=2u " + parameters, std::move(fixed), -0.5 * sign, 4.0 * sign, celsius};
}

bool skipped() {
  if (have_ngspice()) return false;
  WARN("ngspice is not installed: the comparison of DC currents is skipped");
  return true;
}

// ngspice-39 has k = 1.38064852e-23 and q = 1.6021766208e-19: k/q is 3.4e-7 off the exact value. An exponential multiplies that by its
// argument, here below 45, and the temperature law of is adds (eg - vj) / nVt, below 60.
constexpr double constants = 105 * 3.4e-7;
constexpr double rounding = 1e-15;  // A: 1 V times 2e-16 over a few ohms

}  // namespace

TEST_CASE("diodes carry ngspice's current, forward, reverse and in breakdown, at any temperature", "[devices][ngspice]") {
  if (skipped()) return;
  const std::vector<Sweep> sweeps{
      diode("forward and reverse", "|is=1e-14", {{"is", 1e-14}}, -1, 0.8),
      diode("emission and series resistance", "|is=1e-12 n=1.7 rs=3", {{"is", 1e-12}, {"n", 1.7}, {"rs", 3}}, -1, 1.2),
      diode("area", "area=2.5|is=1e-12 rs=3", {{"is", 1e-12}, {"rs", 3}, {"area", 2.5}}, -1, 1.0),
      diode("multiplicity", "m=3|is=1e-12 rs=3", {{"is", 1e-12}, {"rs", 3}, {"m", 3}}, -1, 1.0),
      diode("hot", "|is=1e-12 n=1.2 rs=3 trs1=1m trs2=1u", {{"is", 1e-12}, {"n", 1.2}, {"rs", 3}, {"trs1", 1e-3}, {"trs2", 1e-6}}, -1, 1.0, 100),
      diode("cold, own band gap", "|is=1e-12 eg=0.69 xti=2 tnom=50", {{"is", 1e-12}, {"eg", 0.69}, {"xti", 2}, {"tnom", 50}}, -1, 0.8, -40),
      diode("own temperature", "temp=80|is=1e-12", {{"is", 1e-12}, {"temp", 80}}, -1, 0.8),
      diode("breakdown", "|is=1e-14 bv=5 ibv=1m", {{"is", 1e-14}, {"bv", 5}, {"ibv", 1e-3}}, -5.1, 0.6),
      diode("hot breakdown", "|is=1e-14 bv=5 nbv=1.5 tcv=1m rs=2", {{"is", 1e-14}, {"bv", 5}, {"nbv", 1.5}, {"tcv", 1e-3}, {"rs", 2}}, -6, 0.6, 80),
      diode("breakdown of an area", "area=3|is=1e-14 bv=5", {{"is", 1e-14}, {"bv", 5}, {"area", 3}}, -5.1, 0.6),
      diode("breakdown below leakage", "|is=1e-9 bv=5 ibv=1n", {{"is", 1e-9}, {"bv", 5}, {"ibv", 1e-9}}, -5.5, 0.5),
      diode("high injection", "area=2|is=1e-14 ikf=1m ikr=2m bv=4", {{"is", 1e-14}, {"ikf", 1e-3}, {"ikr", 2e-3}, {"bv", 4}, {"area", 2}}, -4.2, 0.9),
      diode("recombination", "area=2|is=1e-14 isr=1e-12 nr=2.1 vj=0.8 m=0.4", {{"is", 1e-14}, {"isr", 1e-12}, {"nr", 2.1}, {"vj", 0.8}, {"mj", 0.4}, {"area", 2}}, -1, 0.7, 80),
      diode("side wall", "pj=3|is=1e-14 jsw=2e-13", {{"is", 1e-14}, {"jsw", 2e-13}, {"pj", 3}}, -1, 0.7, 60),
      diode("side wall of its own", "pj=3|is=1e-14 jsw=2e-13 ns=1.6 n=1.1 bv=4", {{"is", 1e-14}, {"jsw", 2e-13}, {"ns", 1.6}, {"n", 1.1}, {"bv", 4}, {"pj", 3}}, -4.2, 0.7, 60)};
  for (const Sweep& sweep : sweeps) {
    CAPTURE(sweep.title);
    REQUIRE(deviation(sweep, rounding) < constants);
  }
}

TEST_CASE("level 1 transistors carry ngspice's drain current in every region, at any temperature", "[devices][ngspice]") {
  if (skipped()) return;
  const Values plain{{"vto", 0.7}, {"kp", 1e-4}, {"gamma", 0.5}, {"phi", 0.65}, {"lambda", 0.04}};
  const std::string card = "|vto=0.7 kp=1e-4 gamma=0.5 phi=0.65 lambda=0.04 ";
  const auto more = [&](Values added) {
    added.insert(plain.begin(), plain.end());
    return added;
  };
  Values p = plain;
  p["vto"] = -0.7;
  const std::string p_card = "|vto=-0.7 kp=1e-4 gamma=0.5 phi=0.65 lambda=0.04";
  // Where oxide and silicon count, ngspice's permittivity of vacuum, 8.854214871e-12 F/m, is 3.1e-6 off.
  const std::vector<Sweep> sweeps{
      mosfet("n", "nmos", card, plain, {2, 0, 0}),
      mosfet("n, bulk bias", "nmos", card, plain, {2, 0, -1.5}),
      mosfet("n, bulk forward", "nmos", card, plain, {2, 0, 0.2}),
      mosfet("n, off", "nmos", card, plain, {0.2, 0, 0}),
      mosfet("n, hot", "nmos", card, plain, {2, 0, -1.5}, 110),
      mosfet("n, resistances", "nmos", card + "rd=100 rs=200 ld=0.1u", more({{"rd", 100}, {"rs", 200}, {"ld", 1e-7}}), {2, 0, -0.5}, 60),
      mosfet("n, squares", "nmos", "nrd=2 nrs=3" + card + "rsh=50", more({{"rsh", 50}, {"nrd", 2}, {"nrs", 3}}), {2, 0, -0.5}),
      mosfet("n, a square", "nmos", card + "rsh=50", more({{"rsh", 50}}), {2, 0, -0.5}),
      mosfet("n, junction area", "nmos", "ad=20p as=30p" + card + "js=1e-4", more({{"js", 1e-4}, {"ad", 2e-11}, {"as", 3e-11}}), {2, 0, -0.5}, 90),
      mosfet("n, multiplicity", "nmos", "m=3" + card, more({{"m", 3}}), {2, 0, -0.5}),
      mosfet("n, from oxide and doping", "nmos", "|tox=20n nsub=1e16", {{"tox", 2e-8}, {"nsub", 1e16}}, {2, 0, -0.5}),
      mosfet("n, metal gate", "nmos", "|tox=20n nsub=1e16 nss=1e10 tpg=0 u0=500", {{"tox", 2e-8}, {"nsub", 1e16}, {"nss", 1e10}, {"tpg", 0}, {"u0", 500}}, {2, 0, -0.5}, 70),
      mosfet("p, from oxide and doping", "pmos", "|tox=20n nsub=1e16 nss=1e10 tpg=-1", {{"tox", 2e-8}, {"nsub", 1e16}, {"nss", 1e10}, {"tpg", -1}}, {-2, 0, 0.5}, 70),
      mosfet("p", "pmos", p_card, p, {-2, 0, 0.5}),
      mosfet("p, hot", "pmos", p_card, p, {-2, 0, 0.5}, 100),
      mosfet("defaults", "nmos", "|", {}, {2, 0, 0})};
  // The leakage of blocked junctions, some 1e-14 A hot, has another tail behind -3 Vt: ngspice jumps there, settle does not.
  constexpr double leakage = 5e-14;
  for (const Sweep& sweep : sweeps) {
    CAPTURE(sweep.title);
    REQUIRE(deviation(sweep, leakage) < constants);
  }
}
