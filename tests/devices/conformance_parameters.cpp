// What every registered device kind must hold of its charges, parameters, probes and description.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "tests/devices/typical.hpp"

using namespace settle;
using namespace settle::testing;

TEST_CASE("a charge that is a state is Q(v), and its current enters and leaves the device", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    const Dense J = bench.jacobian(Block<double>(Block<double>::Zero(bench.size(), 1))), M = bench.mass();
    for (Index q = 0; q < bench.size(); ++q) {
      if (bench.rows()[q].unit != "C") continue;
      REQUIRE(J(q, q) == -1.0);
      REQUIRE(J.col(q).cwiseAbs().sum() == 1.0);
      REQUIRE(M.row(q).cwiseAbs().sum() == 0.0);
      REQUIRE(M.col(q).cwiseAbs().sum() == 2.0);
      REQUIRE(M.col(q).sum() == 0.0);
    }
  }
}

TEST_CASE("a parameter that is set takes effect at once", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    Bench bench = bench_of(name);
    bench.moment().transient = false;
    Block<double> x = Block<double>::Constant(bench.size(), 1, 0.7);  // a point at which every device is on
    const Block<double> start = bench.initial();
    for (Index row = 0; row < bench.size(); ++row)
      if (row == Rows::ground || row > 2) x(row, 0) = start(row, 0);
    if (bench.terminals() > 1) x(bench.terminal(1), 0) = name == "ekv" ? -1.5 : 1.5;
    const auto numbers = [&] {
      Dense all(bench.size(), 2 * bench.size() + 3);
      double density = 0.0;
      for (const NoiseSource& source : bench.noise(x)) density += source.density;
      all << bench.rate(x), bench.jacobian(x), bench.mass(), bench.initial(), Dense::Constant(bench.size(), 1, density);
      return all;
    };
    const Dense before = numbers();
    const Kind& kind = bench.kind();
    const std::string field = !kind.principal.empty() ? kind.principal : kind.field_index("kp") != std::string::npos ? "kp" : kind.fields[0].name;
    CAPTURE(field);
    const std::size_t k = bench.kind().field_index(field);
    const double old = bench.element().field(0, k);
    const Values values = typical(name).values;
    const double fresh = field == kind.weight ? kind.weight_for(values, 0.9 * kind.conductance_of(values)) : old == old ? 0.7 * old + 0.05 : 0.25;
    if (bench.kind().name.substr(0, 11) == "behavioural") {
      bench.element().set_field(0, k, 0.01);
      bench.element().prepare({.temperature = zero_celsius + 127.0});
    } else {
      if (field == "ron") bench.modes().at(0, 0) = 1;
      bench.element().set_field(0, k, fresh);
      REQUIRE(bench.element().field(0, k) == fresh);
    }
    REQUIRE((numbers() - before).cwiseAbs().maxCoeff() > 0.0);
    bench.element().set_field(0, k, old);
    bench.element().prepare(Environment{});
    if (field == "ron") bench.modes().at(0, 0) = 0;
    REQUIRE((numbers() - before).cwiseAbs().maxCoeff() == 0.0);
  }
}

TEST_CASE("a kind has the same noise currents at every point, finite, not negative, between rows of its own", "[devices][conformance][noise]") {
  int noisy = 0;
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    std::mt19937 random(31);
    const std::vector<NoiseSource> first = bench.noise(Block<double>(random_point(bench, random, 0.0).real()));
    noisy += first.empty() ? 0 : 1;
    for (int trial = 0; trial < 20; ++trial) {
      const std::vector<NoiseSource> sources = bench.noise(Block<double>(random_point(bench, random, 0.0).real()));
      REQUIRE(sources.size() == first.size());
      const std::vector<Index> rows = bench.element().rows(0);
      for (std::size_t k = 0; k < sources.size(); ++k) {
        REQUIRE(sources[k].what == first[k].what);
        REQUIRE(sources[k].density >= 0.0);
        REQUIRE(std::isfinite(sources[k].density));
        for (const Index row : {sources[k].from, sources[k].to}) REQUIRE(std::find(rows.begin(), rows.end(), row) != rows.end());
      }
    }
  }
  REQUIRE(noisy >= 15);
}

TEST_CASE("m identical devices carry m times the current", "[devices][conformance]") {
  int seen = 0;
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    Setup setup = typical(name);
    setup.environment.gmin = 0.0;  // SPICE puts one gmin across however many junctions
    const Bench one(setup);
    if (one.kind().field_index("m") == std::string::npos) continue;
    ++seen;
    setup.values["m"] = 3.0;
    const Bench three(setup);
    std::mt19937 random(29);
    Block<double> x = random_point(one, random, 0.0).real();
    for (Index row = 0; row < one.size(); ++row)
      if (one.rows()[row].unit == "C") x(row, 0) = 0.0;  // its row 0 = m Q(v) - q then is the charge
    if (one.kind().name == "inductor") {  // its state is the current of all
      REQUIRE(three.element().mass(0) == Approx(one.element().mass(0) / 3.0).epsilon(1e-14));
      continue;
    }
    Block<double> expected = 3.0 * one.rate(x);
    for (Index row = 0; row < one.size(); ++row)
      if (one.rows()[row].memory) expected(row, 0) /= 3.0;  // each device moves by itself
    REQUIRE(row_relative(three.rate(x), expected) < 1e-14);
    if (one.kind().name == "capacitor") REQUIRE(row_relative(three.mass(), Dense(3.0 * one.mass())) < 1e-14);
  }
  REQUIRE(seen >= 8);
}

TEST_CASE("currents and power that a kind shows agree with what it adds to nodes", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    if (bench.terminals() == 0) continue;
    std::mt19937 random(31);
    Block<double> x = random_point(bench, random, 0.0).real(), slope = random_point(bench, random, 0.0).real();
    const Block<double> into = -(bench.rate(x) - Block<double>(bench.mass() * slope));
    const Point<double> point(bench.moment(), x, slope, Block<double>::Zero(bench.size(), 1));
    const auto show = [&](const std::string& quantity) { return bench.element().observe(0, bench.quantity(quantity), point, 0); };
    REQUIRE(show("i") == Approx(into(bench.terminal(0), 0)).epsilon(1e-12).margin(1e-18));
    double power = 0.0;
    for (Index row = 0; row < bench.size(); ++row)
      if (bench.rows()[row].is_node) power += into(row, 0) * x(row, 0);
    REQUIRE(show("p") == Approx(power).epsilon(1e-11).margin(1e-18));
  }
}

TEST_CASE("every kind describes itself: help, units and bounds that hold its defaults", "[devices][conformance]") {
  for (const auto& [name, kind] : Registry<Kind>::all()) {
    CAPTURE(name);
    REQUIRE(kind->name == name);
    REQUIRE_FALSE(kind->help.empty());
    REQUIRE((kind->principal.empty() || kind->field_index(kind->principal) != std::string::npos));
    for (const Field& field : kind->fields) {
      CAPTURE(field.name);
      REQUIRE_FALSE(field.help.empty());
      REQUIRE(std::count_if(kind->fields.begin(), kind->fields.end(), [&](const Field& f) { return f.name == field.name; }) == 1);
      if (field.initial == field.initial) {
        REQUIRE(field.lower <= field.initial);
        REQUIRE(field.initial <= field.upper);
      }
    }
  }
}
