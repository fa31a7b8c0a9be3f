// Devices whose conductance is set: what sets it, and what it can be.
#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/devices/typical.hpp"

using namespace settle;
using namespace settle::testing;

TEST_CASE("a programmable conductance is g", "[devices][conductance]") {
  const Bench bench({.kind = "conductance", .values = {{"g", 3e-5}, {"m", 2.0}}});
  REQUIRE(bench.current(0, {1.5, 0.5}) == Approx(6e-5).epsilon(1e-15));
  REQUIRE(bench.element().linear());
}

TEST_CASE("a conductance outside gmin .. gmax is refused, also when it is set", "[devices][conductance]") {
  const Kind& kind = *Registry<Kind>::find("conductance");
  REQUIRE(kind.fault({{"g", 1e-5}, {"gmin", 1e-6}, {"gmax", 1e-4}}).empty());
  REQUIRE_THAT(kind.fault({{"g", 1e-7}, {"gmin", 1e-6}}), Catch::Contains("below gmin = 1e-06 S"));
  REQUIRE_THAT(kind.fault({{"g", 1e-3}, {"gmax", 1e-4}}), Catch::Contains("above gmax"));
  REQUIRE_THAT(kind.fault({{"gmin", 1.0}, {"gmax", 0.5}}), Catch::Contains("gmax = 0.5 S lies below gmin"));
  Bench bench({.kind = "conductance", .values = {{"g", 1e-5}, {"gmax", 1e-4}}});
  REQUIRE_THROWS_WITH(bench.element().set_field(0, kind.field_index("g"), 1e-3), Catch::Contains("'d1' (conductance): g = 0.001 S lies above gmax"));
}

TEST_CASE("the weight that is asked for gives the conductance that was wanted", "[devices][conductance][conformance]") {
  int seen = 0;
  for (const auto& [name, kind] : Registry<Kind>::all()) {
    if (kind->weight.empty()) continue;
    ++seen;
    CAPTURE(name);
    REQUIRE(kind->field_index(kind->weight) != std::string::npos);
    Values values = typical(name).values;
    values["m"] = 2.0;
    const double here = kind->conductance_of(values);
    REQUIRE(here > 0.0);
    for (const double wanted : {here, 0.8 * here, 1.1 * here}) {
      Values set = values;
      set[kind->weight] = kind->weight_for(values, wanted);
      REQUIRE(kind->conductance_of(set) == Approx(wanted).epsilon(1e-12));
    }
    REQUIRE_THROWS_WITH(kind->weight_for(values, -1.0), Catch::Contains("a conductance of -1 S is out of reach: " + kind->weight + " = "));
  }
  REQUIRE(seen >= 2);
}

TEST_CASE("a kind's conductance is the slope of its current at zero volts", "[devices][conductance][conformance]") {
  for (const auto& [name, kind] : Registry<Kind>::all()) {
    if (kind->weight.empty()) continue;
    CAPTURE(name);
    const Bench bench(typical(name));
    const Dense J = bench.jacobian(bench.initial());
    REQUIRE(-J(bench.terminal(0), bench.terminal(0)) == Approx(kind->conductance_of(typical(name).values)).epsilon(1e-14));
  }
}

TEST_CASE("a kind without a weight says so", "[devices][conductance]") {
  REQUIRE_THROWS_WITH(Registry<Kind>::find("diode")->weight_for({}, 1e-6), Catch::Contains("'diode' has no field that sets its conductance"));
}
