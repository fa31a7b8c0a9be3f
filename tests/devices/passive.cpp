// Resistors, capacitors, inductors, couplings and switches against their definitions.
#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/devices/bench.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

double ohms(const Values& values, double celsius = 27.0) {
  const Bench bench({.kind = "resistor", .values = values, .environment = {.temperature = zero_celsius + celsius}});
  return 1.0 / bench.current(0, {1.0, 0.0});
}

double farads(const Values& values, double celsius = 27.0) {
  const Bench bench({.kind = "capacitor", .values = values, .environment = {.temperature = zero_celsius + celsius}});
  return bench.mass()(bench.terminal(0), bench.terminal(0));
}

}  // namespace

TEST_CASE("a resistance follows temperature, geometry and scale as in SPICE", "[devices][passive]") {
  REQUIRE(ohms({{"r", 100.0}}) == Approx(100.0).epsilon(1e-14));
  REQUIRE(ohms({{"r", 100.0}, {"tc1", 1e-3}, {"tc2", 1e-5}}, 77.0) == Approx(100.0 * (1.0 + 0.05 + 0.025)).epsilon(1e-13));
  REQUIRE(ohms({{"r", 100.0}, {"tce", 2.0}}, 37.0) == Approx(100.0 * std::pow(1.01, 20.0)).epsilon(1e-13));
  REQUIRE(ohms({{"r", 100.0}, {"tc1", 1e-3}, {"temp", 127.0}}, 77.0) == Approx(110.0).epsilon(1e-13));
  REQUIRE(ohms({{"r", 100.0}, {"tc1", 1e-3}, {"dtemp", 10.0}}, 77.0) == Approx(106.0).epsilon(1e-13));
  REQUIRE(ohms({{"rsh", 50.0}, {"l", 21e-6}, {"w", 3e-6}, {"narrow", 1e-6}, {"short", 1e-6}}) == Approx(500.0).epsilon(1e-13));
  REQUIRE(ohms({{"r", 100.0}, {"m", 4.0}, {"scale", 2.0}}) == Approx(50.0).epsilon(1e-13));
  REQUIRE(ohms({{"r", -100.0}}) == Approx(-100.0).epsilon(1e-14));
  REQUIRE(ohms({{"r", 0.0}}) == Approx(1e-3).epsilon(1e-14));  // as ngspice
}

TEST_CASE("a capacitance follows temperature, geometry and scale as in SPICE", "[devices][passive]") {
  REQUIRE(farads({{"c", 1e-9}}) == 1e-9);
  REQUIRE(farads({{"c", 1e-9}, {"tc1", 1e-3}, {"m", 3.0}}, 127.0) == Approx(3.3e-9).epsilon(1e-13));
  REQUIRE(farads({{"cj", 1e-4}, {"cjsw", 1e-9}, {"l", 1e-5}, {"w", 2e-5}}) == Approx(1e-4 * 2e-10 + 2e-9 * 3e-5).epsilon(1e-13));
}

TEST_CASE("a capacitor at a driven node carries its charge as a state, with the same current", "[devices][passive]") {
  const Bench free({.kind = "capacitor", .values = {{"c", 2e-9}}}), driven({.kind = "capacitor", .values = {{"c", 2e-9}}, .driven = true});
  REQUIRE(free.size() + 1 == driven.size());
  Block<double> x = driven.settled({3.0, 1.0}), slope = Block<double>::Zero(driven.size(), 1);
  REQUIRE(x(3, 0) == Approx(4e-9).epsilon(1e-14));
  slope(3, 0) = 7.0;
  REQUIRE((driven.mass() * slope)(1, 0) == 7.0);
  const Point<double> point(driven.moment(), x, slope, Block<double>::Zero(driven.size(), 1));
  REQUIRE(driven.element().observe(0, driven.quantity("i"), point, 0) == 7.0);
}

TEST_CASE("an inductor's current is a state that others can read, with its inductance as mass", "[devices][passive]") {
  const Bench bench({.kind = "inductor", .values = {{"l", 2e-3}, {"m", 4.0}}});
  const Index row = bench.rows().current_of("d1");
  REQUIRE(row == 3);
  REQUIRE(bench.mass()(row, row) == Approx(5e-4).epsilon(1e-14));
  Block<double> x = Block<double>::Zero(bench.size(), 1);
  x(1, 0) = 2.0, x(2, 0) = 0.5, x(row, 0) = 0.1;
  const Block<double> f = bench.rate(x);
  REQUIRE(f(1, 0) == -0.1);
  REQUIRE(f(2, 0) == 0.1);
  REQUIRE(f(row, 0) == 1.5);
}

TEST_CASE("a coupling is k times the geometric mean of two inductances, and refuses anything else", "[devices][passive]") {
  const Bench bench({.kind = "coupling", .values = {{"k", -0.5}}});  // between two inductors of 1 mH
  const Index first = bench.rows().current_of("ref1"), second = bench.rows().current_of("ref2");
  REQUIRE(bench.mass()(first, second) == Approx(-5e-4).epsilon(1e-14));
  REQUIRE(bench.mass()(second, first) == bench.mass()(first, second));

  const Kind& coupling = *Registry<Kind>::find("coupling");
  Rows rows({{"0", "V", 1e-6, true, true}}, 1, {});
  Instance k;
  k.name = "k1";
  k.values = {{"k", 0.9}};
  k.references = {"r1", "l2"};
  const std::vector<Instance> instances{k};
  REQUIRE_THROWS_WITH(coupling.make(instances, rows, {}), Catch::Contains("'k1'") && Catch::Contains("'r1'") && Catch::Contains("not an inductor"));
}

TEST_CASE("a switch closes above its upper and opens below its lower threshold, once for every crossing", "[devices][passive]") {
  Bench bench({.kind = "switch", .values = {{"ron", 2.0}, {"roff", 1e6}, {"vt", 1.0}, {"vh", 0.25}}});
  const auto g = [&](double control) {
    Block<double> x = Block<double>::Zero(bench.size(), 1);
    x(bench.terminal(2), 0) = control;
    double value = 0.0;
    bench.element().event_values(x, bench.moment(), &value);
    return value;
  };
  const auto conductance = [&] { return bench.current(0, {1.0, 0.0, 0.0, 0.0}); };
  REQUIRE(bench.element().events() == 1);
  REQUIRE(conductance() == Approx(1e-6).epsilon(1e-14));
  REQUIRE(g(1.24) < 0.0);
  REQUIRE(g(1.26) > 0.0);
  bench.element().fire(0, 0, bench.modes());
  REQUIRE(conductance() == Approx(0.5).epsilon(1e-14));
  REQUIRE(g(1.26) < 0.0);
  REQUIRE(g(0.76) < 0.0);
  REQUIRE(g(0.74) > 0.0);
  bench.element().fire(0, 0, bench.modes());
  REQUIRE(conductance() == Approx(1e-6).epsilon(1e-14));
  const Bench closed({.kind = "switch", .values = {{"ron", 2.0}, {"on", 1.0}}});
  REQUIRE(closed.current(0, {1.0, 0.0, 0.0, 0.0}) == 0.5);
}

TEST_CASE("a value that would need other nodes or charges is refused in a built circuit", "[devices][passive]") {
  Bench bench({.kind = "diode", .values = {{"is", 1e-14}}});
  const std::size_t rs = bench.kind().field_index("rs");
  REQUIRE_THROWS_WITH(bench.element().set_field(0, rs, 5.0), Catch::Contains("'rs'") && Catch::Contains("'d1'"));
  REQUIRE(bench.element().field(0, rs) == 0.0);
  Bench with({.kind = "diode", .values = {{"is", 1e-14}, {"rs", 1.0}}});
  REQUIRE_NOTHROW(with.element().set_field(0, rs, 5.0));
}
