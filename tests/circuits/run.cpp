// Whole runs: from a deck's text to the numbers in its trace, against closed forms and conservation laws.
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Folder;
using settle::testing::Ran;

TEST_CASE("energy is conserved and the resistor takes what theory says", "[circuits][run]") {
  // A capacitor of 1 uF charged to 5 V empties into 1 kOhm: C V^2 / 2 = 12.5 uJ, all of it into the resistor.
  const Ran ran("C1 a 0 1u ic=5\nR1 a 0 1k\n.options energy=1 reltol=1e-7\n.tran 10u 20m uic");
  const std::vector<double> r = ran.values("/tran1", "energy", "resistor"), c = ran.values("/tran1", "energy", "capacitor");
  CHECK(r.back() == Approx(12.5e-6 * (1 - std::exp(-40.0))).epsilon(1e-6));
  for (std::size_t k = 0; k < r.size(); ++k) CHECK(std::abs(r[k] + c[k]) < 12.5e-6 * 1e-6);
}

TEST_CASE("energies of a driven nonlinear circuit add up to nothing", "[circuits][run]") {
  const Ran ran("V1 in 0 SIN(0 5 1k)\nR1 in a 1k\nD1 a b dx\n.model dx d(is=1e-14 cjo=10p tt=5n)\nC1 b 0 100n\nR2 b 0 10k\nL1 b c 1m\nR3 c 0 1k\n"
                ".options energy=1 reltol=1e-6\n.tran 1u 3m");
  double sum = 0.0, largest = 0.0;
  for (const char* kind : {"voltage", "resistor", "diode", "capacitor", "inductor"}) {
    const double e = ran.values("/tran1", "energy", kind).back();
    sum += e;
    largest = std::max(largest, std::abs(e));
  }
  CHECK(std::abs(sum) < 1e-5 * largest);  // quadrature of the steps, at reltol 1e-6
}

TEST_CASE("straight lines between recorded points are right to the tolerance", "[circuits][run]") {
  // v = 1 - exp(-t/tau) with a print interval far above tau: points must appear between.
  const Ran ran("V1 in 0 PULSE(0 1 1u 1n 1n 1 2)\nR1 in out 1k\nC1 out 0 100p\n.tran 10u 10u\n.save v(out)");
  const std::vector<double> t = ran.axis("/tran1"), v = ran.values("/tran1", "v", "out");
  const auto exact = [](double time) {  // ramp of 1 ns, then relaxation; tau = 100 ns
    const double tau = 1e-7, s = time - 1e-6;
    if (s <= 0.0) return 0.0;
    const auto ramp = [&](double x) { return (x - tau * (1.0 - std::exp(-x / tau))) / 1e-9; };
    return s < 1e-9 ? ramp(s) : 1.0 - (1.0 - ramp(1e-9)) * std::exp(-(s - 1e-9) / tau);
  };
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double middle = 0.5 * (t[k] + t[k - 1]);
    CHECK(std::abs(0.5 * (v[k] + v[k - 1]) - exact(middle)) < 1.1e-3);  // reltol of the solution, and a tenth of it for the lines
  }
}

TEST_CASE("only the asked part of the points is written, and measures see them all", "[circuits][run]") {
  const std::string deck = "V1 in 0 SIN(0 1 1k)\nR1 in 0 1k\n.tran 10u 4m\n.measure tran peak MAX v(in)\n.options maxtimestep=10u ";
  const Ran all(deck), part(deck + "every=5 from=2m to=3m");
  const std::vector<double> t = part.axis("/tran1");
  CHECK(t.front() >= 2e-3);
  CHECK(t.back() <= 3e-3);
  CHECK(t.size() < all.axis("/tran1").size() / 15);
  CHECK(*part.report.analyses[0].measures[0].value == *all.report.analyses[0].measures[0].value);
}

TEST_CASE("currents at driven nodes are right between the ends of steps too", "[circuits][run]") {
  // 1 uF across a sine: i = w C cos wt. Steps are a twentieth of a period, points a thousandth.
  const Ran ran("V1 a 0 SIN(0 1 1k)\nC1 a 0 1u\nR1 a b 1k\nC2 b 0 1u\n.tran 1u 2m\n.save i(c1) i(v1) i(r1)\n.options energy=1");
  const std::vector<double> t = ran.axis("/tran1"), i = ran.values("/tran1", "i", "c1"), v = ran.values("/tran1", "i", "v1"),
                            r = ran.values("/tran1", "i", "r1");
  const double w = 2.0 * M_PI * 1e3;
  for (std::size_t k = 0; k < t.size(); ++k) {
    CHECK(std::abs(i[k] - w * 1e-6 * std::cos(w * t[k])) < 1e-5 * w * 1e-6);  // the slope's own h is 1e-6 of a step
    CHECK(std::abs(i[k] + r[k] + v[k]) < 1e-9);
  }
  CHECK(std::abs(ran.values("/tran1", "energy", "capacitor").back()) < 1e-6);  // two whole periods: little more than what C2 holds
}

TEST_CASE("times of an analysis can be stepped", "[circuits][run]") {
  const Ran ran("V1 a 0 1\nR1 a 0 1k\n.param T=1m\n.step param T list 1m 2m\n.tran {T/10} {T}");
  CHECK(ran.report.analyses[0].axis_last == Approx(1e-3).epsilon(1e-12));
  CHECK(ran.report.analyses[1].axis_last == Approx(2e-3).epsilon(1e-12));
}

TEST_CASE("a jump of a source is not felt before its time", "[circuits][run]") {
  const Ran ran("V1 a 0 PWL(0 0 1m 0 1m 1 3m 1)\nR1 a b 1k\nC1 b 0 1u\n.tran 10u 3m\n.save v(b)\n.options reltol=1e-6");
  const std::vector<double> t = ran.axis("/tran1"), v = ran.values("/tran1", "v", "b");
  for (std::size_t k = 0; k < t.size(); ++k) CHECK(std::abs(v[k] - (t[k] <= 1e-3 ? 0.0 : 1.0 - std::exp(-(t[k] - 1e-3) / 1e-3))) < (t[k] <= 1e-3 ? 1e-12 : 3e-6));
  CHECK(ran.report.analyses[0].stats.rejected == 0);
}

TEST_CASE("a shunt at every node is a resistor to ground", "[circuits][run]") {
  const Ran ran("I1 0 a 1m\nC1 a b 1n\nR1 b 0 1k\n.options rshunt=2k\n.op");
  CHECK(ran.final("v(a)") == Approx(2.0).epsilon(1e-9));
  CHECK(ran.final("v(b)") == Approx(0.0).margin(1e-9));
}

TEST_CASE("a swept temperature reaches parameters and devices alike", "[circuits][run]") {
  const Ran ran("I1 0 a 1m\nR1 a 0 1k tc1=1m\nR2 b 0 {1k*(1+1m*(temper-27))}\nI2 0 b 1m\n.dc temp 27 127 50");
  const std::vector<double> t = ran.axis("/dc1"), a = ran.values("/dc1", "v", "a"), b = ran.values("/dc1", "v", "b");
  REQUIRE(t.size() == 3);
  for (std::size_t k = 0; k < t.size(); ++k) {
    CHECK(a[k] == Approx(1.0 + 1e-3 * (t[k] - 27.0)).epsilon(1e-9));
    CHECK(b[k] == Approx(a[k]).epsilon(1e-9));
  }
}

TEST_CASE("a sweep leaves the circuit as it was", "[circuits][run]") {
  const Ran ran("V1 a 0 3\nR1 a b 1k\nR2 b 0 2k\n.dc R2 1k 5k 1k V1 1 2 1\n.op");
  CHECK(ran.final("v(b)", 1) == Approx(2.0).epsilon(1e-12));
  const std::vector<double> outer = ran.values("/dc1", "sweep", "v1"), b = ran.values("/dc1", "v", "b");
  REQUIRE(b.size() == 10);
  CHECK(b[1] == Approx(1.0 * 2.0 / 3.0).epsilon(1e-12));  // R2 = 2k, V1 = 1: the first sweep runs fastest
  CHECK(b[6] == Approx(2.0 * 2.0 / 3.0).epsilon(1e-12));
  CHECK(outer[4] == 1.0);
  CHECK(outer[5] == 2.0);
}

TEST_CASE("steps give the same bits on any number of threads", "[circuits][run]") {
  const std::string deck = "V1 in 0 PULSE(0 1 0 1n 1n 1 2)\nR1 in out {r}\nC1 out 0 1n\n.param r=1k c=1\n.step param r dec 1k 100k 4\n"
                           ".step param c list 1 2\n.tran 1u 100u";
  const Ran one(deck, 1), many(deck, 7);
  REQUIRE(one.report.analyses.size() == 18);
  for (std::size_t k = 0; k < 18; ++k) {
    INFO("step " << k);
    CHECK(one.report.analyses[k].step == many.report.analyses[k].step);
    CHECK(one.final("v(out)", k) == many.final("v(out)", k));
  }
}

TEST_CASE("a step of the seed draws what that seed draws alone, and other steps keep the numbers", "[circuits][run]") {
  const std::string deck = "V1 a 0 1\nR1 a b {gauss(1k,0.1,1)}\nR2 b 0 {load}\n.param load=1k\n.op\n";
  const Ran seeds(deck + ".step seed 1 4 1"), threads(deck + ".step seed 1 4 1", 3);
  std::set<double> different;
  for (std::size_t k = 0; k < 4; ++k) {
    const Ran alone(deck + ".options seed=" + std::to_string(k + 1));
    CHECK(seeds.final("v(b)", k) == alone.final("v(b)"));
    CHECK(seeds.final("v(b)", k) == threads.final("v(b)", k));
    different.insert(seeds.final("v(b)", k));
  }
  CHECK(different.size() == 4);
  const Ran loads(deck + ".step load 1k 4k 1k");
  const double r1 = 1e3 / loads.final("v(b)", 0) - 1e3;
  for (std::size_t k = 0; k < 4; ++k) {
    const double load = 1e3 * static_cast<double>(k + 1);
    CHECK(loads.final("v(b)", k) == Approx(load / (load + r1)).epsilon(1e-12));
  }
}

TEST_CASE("a decade sweep ends exactly at its last frequency", "[circuits][run]") {
  const Ran ran("V1 in 0 AC 1\nR1 in out 1k\nC1 out 0 1u\n.ac dec 7 10 2k\n.save v(out)");
  const std::vector<double> f = ran.axis("/ac1");
  const auto v = TraceReader(ran.report.trace).array("/ac1", "v").column("out");
  CHECK(f.front() == 10.0);
  CHECK(f.back() == Approx(2000.0).epsilon(1e-12));
  CHECK(f.size() == 17);  // floor(7 log10(200)) steps
  for (std::size_t k = 0; k < f.size(); ++k) CHECK(std::abs(v[k] - 1.0 / Complex(1.0, 2.0 * M_PI * f[k] * 1e-3)) < 1e-12);
}

TEST_CASE("a node held by .ic and tied down by an inductor keeps the inductor's current", "[circuits][run]") {
  // LC tank kicked to 6 V about a supply of 5 V: v = 5 + cos(w t).
  const Ran ran("V1 s 0 5\nL1 s a 1m\nC1 a 0 1n\n.ic v(a)=6\n.tran 100n 6.2831853u\n.options reltol=1e-8 vntol=1e-9\n.save v(a)");
  CHECK(ran.final("v(a)") == Approx(6.0).epsilon(1e-6));
}

TEST_CASE("a failed step does not take the others with it", "[circuits][run]") {
  Folder folder;
  RunRequest request;
  request.deck = folder.file("deck.cir", "t\nV1 a 0 {x}\nB1 b 0 v=log(v(a))\nR1 b 0 1k\n.param x=1\n.step param x list 1 -1 2\n.op\n.end\n");
  request.trace = folder.file("deck.h5");
  const auto deck = load(request);
  RunReport report;
  CHECK_THROWS_WITH(run(*deck, request, report), Catch::Contains("x=-1") && Catch::Contains("log(-1)"));
  const TraceReader trace(request.trace);
  CHECK(trace.group("/op1/step0001").rows == 1);
  CHECK(trace.group("/op1/step0002").rows == 0);
  CHECK(trace.array("/op1/step0003", "v").column("b")[0].real() == Approx(std::log(2.0)).epsilon(1e-9));
}

TEST_CASE("a circuit whose nodes are all driven needs no solving", "[circuits][run]") {
  const Ran ran("V1 a 0 SIN(0 1 1k) AC 2\nR1 a 0 2k\n.save v(a) i(v1)\n.op\n.dc V1 0 2 1\n.tran 10u 0.25m\n.ac lin 1 1k 1k");
  CHECK(ran.final("i(v1)", 0) == 0.0);
  CHECK(ran.final("i(v1)", 1) == Approx(-1e-3).epsilon(1e-12));
  CHECK(ran.final("i(v1)", 2) == Approx(-0.5e-3).epsilon(1e-12));
  CHECK(ran.final("i(v1)", 3) == Approx(-1e-3).epsilon(1e-12));
}

TEST_CASE("sources drive nodes by either terminal, and their currents add up", "[circuits][run]") {
  // -5 V below ground by its plus terminal, +2 V on top of that, -1 V hung on the plus terminal; 1 kOhm from each node to ground.
  const Ran ran("V1 0 a 5\nV2 b a 2\nV3 b c 1\nR1 a 0 1k\nR2 b 0 1k\nR3 c 0 1k\n.save v(a) v(b) v(c) i(v1) i(v2) i(v3)\n.op");
  CHECK(ran.report.circuit.unknowns == 0);
  CHECK(ran.final("v(a)") == -5.0);
  CHECK(ran.final("v(b)") == -3.0);
  CHECK(ran.final("v(c)") == -4.0);
  CHECK(ran.final("i(v3)") == Approx(-4e-3).epsilon(1e-12));   // R3 brings 4 mA to c, which leave it through V3 from - to +
  CHECK(ran.final("i(v2)") == Approx(7e-3).epsilon(1e-12));    // and R2 3 mA more to b, through V2 from + to -
  CHECK(ran.final("i(v1)") == Approx(-12e-3).epsilon(1e-12));  // and R1 5 mA more to a, through V1 from - to +
}

TEST_CASE("every method agrees on a rectifier whose diode has a series resistance", "[circuits][run]") {
  const std::string deck = "V1 a 0 SIN(0 10 50)\nD1 a o d\nD2 0 a d2\nC1 o 0 100u\nR1 o 0 1k\n.model d d(is=1n rs=.5 cjo=20p tt=10n)\n"
                           ".model d2 d(is=1n rs=50)\n.tran 100u 60m\n.save v(o) i(d1)\n.options reltol=1e-4 method=";
  const double expected = Ran(deck + "rodas5p").final("v(o)");
  for (const char* method : {"rodas4p", "trbdf2", "trap", "be"}) {
    INFO(method);
    CHECK(Ran(deck + method).final("v(o)") == Approx(expected).epsilon(5e-3));  // be is of first order
  }
}
