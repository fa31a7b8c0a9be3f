// Independent, controlled and behavioural sources against their definitions.
#include <catch2/catch.hpp>

#include "devices/waveform.hpp"
#include "sim/error.hpp"
#include "tests/devices/bench.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

std::shared_ptr<const Waveform> ramp() {
  return make_waveform("pwl", {.values = {0.0, 1.0, 1.0, 5.0}, .options = {}, .window = {1e-3, 1.0}, .seed = 0, .name = {}});
}

Instance source(const std::string& name, Index plus, Index minus, double dc) {
  Instance instance;
  instance.name = name;
  instance.rows = {plus, minus};
  instance.values = {{"dc", dc}};
  instance.driven = 0;
  return instance;
}

Point<double> at_rest(const Bench& bench, Block<double> x) {
  return {bench.moment(), std::move(x), Block<double>::Zero(bench.size(), 1), Block<double>::Zero(bench.size(), 1)};
}

}  // namespace

TEST_CASE("a current source pushes its current from its first node through itself to the second", "[devices][sources]") {
  const Bench bench({.kind = "current", .values = {{"dc", 2e-3}, {"m", 3.0}}});
  const Block<double> f = bench.rate(Block<double>(Block<double>::Zero(bench.size(), 1)));
  REQUIRE(f(1, 0) == -6e-3);
  REQUIRE(f(2, 0) == 6e-3);
}

TEST_CASE("sources rest at their DC value, or else at the waveform's first, and follow the waveform in a transient", "[devices][sources]") {
  const auto volts = [](Setup setup, double t, bool transient, double scale) {
    Bench bench(setup);
    bench.moment() = {.t = t, .transient = transient, .sources = scale, .modes = &bench.modes()};
    return -bench.rate(Block<double>(Block<double>::Zero(bench.size(), 1)))(bench.size() - 1, 0);
  };
  const Setup both{.kind = "voltage", .values = {{"dc", 3.0}}, .waveform = ramp()}, only{.kind = "voltage", .waveform = ramp()};
  REQUIRE(volts(both, 0.5, false, 1.0) == 3.0);
  REQUIRE(volts(both, 0.5, false, 0.5) == 1.5);
  REQUIRE(volts(both, 0.5, true, 1.0) == 3.0);  // 1 + 4 t
  REQUIRE(volts(both, 0.25, true, 1.0) == 2.0);
  REQUIRE(volts(only, 0.5, false, 1.0) == 1.0);
}

TEST_CASE("driving voltage sources stand on each other, and a lower one carries the current of the upper ones", "[devices][sources]") {
  const Kind& kind = *Registry<Kind>::find("voltage");
  std::vector<Row> nodes;
  for (const char* name : {"0", "a", "b", "c"}) nodes.push_back({name, "V", 1e-6, true, true});
  Rows rows(nodes, 4, {});
  const std::vector<Instance> instances{source("v1", 1, 0, 2.0), source("v2", 2, 1, 3.0), source("v3", 3, 1, -1.0)};
  const auto element = kind.make(instances, rows, {});
  REQUIRE(rows.count() == 4);  // no state
  Block<double> fixed = Block<double>::Zero(4, 2);
  element->drive({}, 0, fixed);
  for (Index s : {0, 1}) {
    REQUIRE(fixed(1, s) == 2.0);
    REQUIRE(fixed(2, s) == 5.0);
    REQUIRE(fixed(3, s) == 1.0);
  }
  Block<double> balance(4, 1);
  balance << 0.0, 0.1, 0.01, 0.002;
  const Point<double> point({}, fixed.leftCols(1), Block<double>::Zero(4, 1), balance);
  REQUIRE(element->observe(1, 0, point, 0) == 0.01);
  REQUIRE(element->observe(0, 0, point, 0) == Approx(0.112).epsilon(1e-14));
  REQUIRE(element->observe(1, 1, point, 0) == Approx(0.03).epsilon(1e-14));
}

TEST_CASE("a source's AC amplitude drives its node, its state row or its nodes", "[devices][sources]") {
  const Complex amplitude = std::polar(2.0, std::acos(-1.0) / 3.0);
  for (const bool driven : {true, false}) {
    const Bench bench({.kind = "voltage", .small_signal = {2.0, 60.0}, .driven = driven});
    Block<Complex> fixed = Block<Complex>::Zero(bench.size(), 1), rates = Block<Complex>::Zero(bench.size(), 1);
    bench.element().add_small_signal(fixed, rates);
    REQUIRE(std::abs((driven ? fixed(1, 0) : -rates(bench.size() - 1, 0)) - amplitude) < 1e-15);
  }
  const Bench bench({.kind = "current", .small_signal = {2.0, 60.0}});
  Block<Complex> fixed = Block<Complex>::Zero(1, 1), rates = Block<Complex>::Zero(bench.size(), 1);
  bench.element().add_small_signal(fixed, rates);
  REQUIRE(std::abs(rates(1, 0) + amplitude) < 1e-15);
  REQUIRE(std::abs(rates(2, 0) - amplitude) < 1e-15);
}

TEST_CASE("linear controlled sources obey their equations", "[devices][sources]") {
  const Bench g({.kind = "vccs", .values = {{"gain", 0.5}}});
  REQUIRE(g.current(0, {9.0, 8.0, 3.0, 1.0}) == 1.0);
  const auto residual = [](const Bench& bench, const std::vector<double>& terminals, double control, double own) {
    Block<double> x = Block<double>::Zero(bench.size(), 1);
    for (std::size_t k = 0; k < terminals.size(); ++k) x(bench.terminal(k), 0) = terminals[k];
    if (bench.kind().references) x(bench.rows().current_of("ref1"), 0) = control;
    if (const Index row = bench.rows().current_of("d1"); row >= 0) x(row, 0) = own;
    return bench.rate(x);
  };
  const Bench e({.kind = "vcvs", .values = {{"gain", 10.0}}});
  const Block<double> fe = residual(e, {25.0, 4.0, 3.0, 1.0}, 0.0, 0.3);
  REQUIRE(fe(e.rows().current_of("d1"), 0) == Approx(1.0).epsilon(1e-14));  // 21 - 20
  REQUIRE(fe(e.terminal(0), 0) == -0.3);
  const Bench f({.kind = "cccs", .values = {{"gain", 4.0}, {"m", 2.0}}});
  REQUIRE(residual(f, {0.0, 0.0}, 0.5, 0.0)(f.terminal(1), 0) == 4.0);
  const Bench h({.kind = "ccvs", .values = {{"gain", 4.0}}});
  REQUIRE(residual(h, {3.0, 0.0}, 0.5, 0.1)(h.rows().current_of("d1"), 0) == 1.0);
}

TEST_CASE("a device that reads the current of one that has none says so", "[devices][sources]") {
  Rows rows({{"0", "V", 1e-6, true, true}}, 1, {});
  Instance f;
  f.name = "f1";
  f.rows = {0, 0};
  f.references = {"r7"};
  const std::vector<Instance> instances{f};
  REQUIRE_THROWS_WITH(Registry<Kind>::find("cccs")->make(instances, rows, {}), Catch::Contains("'f1'") && Catch::Contains("'r7'"));
}

TEST_CASE("a behavioural value outside its function's domain is an error only where a point was accepted", "[devices][sources]") {
  const Bench bench({.kind = "behavioural_current", .expression = "log(v(a))"});
  Block<double> x = Block<double>::Zero(bench.size(), 1);
  x(1, 0) = -0.5;
  REQUIRE(std::isnan(bench.rate(x)(1, 0)));
  REQUIRE_THROWS_WITH(bench.element().observe(0, 0, at_rest(bench, x), 0),
                      Catch::Contains("'d1'") && Catch::Contains("log(-0.5) has no real value") && Catch::Contains("'log(v(a))'"));
  REQUIRE_THAT(bench.element().undefined(x, bench.moment()), Catch::Contains("log(-0.5)"));
  x(1, 0) = 0.5;
  REQUIRE(bench.element().undefined(x, bench.moment()).empty());
  REQUIRE(bench.element().observe(0, 0, at_rest(bench, x), 0) == std::log(0.5));
}

TEST_CASE("a behavioural device with a function that is not holomorphic refuses complex voltages and names both", "[devices][sources]") {
  for (const char* kind : {"behavioural_current", "behavioural_voltage", "behavioural_charge"}) {
    const Bench bench({.kind = kind, .expression = "3*abs(v(a))"});
    REQUIRE_THROWS_WITH(bench.rate(Block<Complex>(Block<Complex>::Zero(bench.size(), 1))), Catch::Contains("'d1'") && Catch::Contains("abs"));
    REQUIRE_NOTHROW(bench.rate(Block<double>(Block<double>::Zero(bench.size(), 1))));
  }
}

TEST_CASE("behavioural values follow temperature and multiplicity", "[devices][sources]") {
  Environment hot;
  hot.temperature += 50.0;
  const Bench bench({.kind = "behavioural_current", .values = {{"tc1", 1e-3}, {"tc2", 1e-5}, {"m", 2.0}}, .expression = "v(a)", .environment = hot});
  REQUIRE(bench.current(0, {1.0, 0.0}) == Approx(2.0 * (1.0 + 0.05 + 0.025)).epsilon(1e-13));
}
