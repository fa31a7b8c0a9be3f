// What every registered device kind must hold: derivatives, balances, the promise of its holomorphy, parameters that take effect.
#include <catch2/catch.hpp>

#include <random>

#include "devices/waveform.hpp"
#include "sim/error.hpp"
#include "tests/devices/bench.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

std::shared_ptr<const Waveform> sine() { return make_waveform("sin", {.values = {0.1, 1.0, 1e3}, .options = {}, .window = {1e-6, 1e-3}, .seed = 0, .name = {}}); }

/// A setup with every effect switched on, for each kind that is registered.
Setup typical(const std::string& kind) {
  const Values diode{{"is", 1e-14}, {"n", 1.2}, {"rs", 2.0}, {"cjo", 1e-12}, {"tt", 1e-9}, {"bv", 3.0}, {"ikf", 0.1}, {"isr", 1e-12}};
  const Values mos{{"vto", 0.6}, {"kp", 1e-4}, {"gamma", 0.4}, {"lambda", 0.05}, {"tox", 2e-8}, {"rd", 10.0}, {"rs", 20.0}, {"cgso", 1e-10},
                   {"cgdo", 2e-10}, {"cgbo", 1e-10}, {"cj", 1e-4}, {"cjsw", 1e-10}, {"w", 1e-5}, {"l", 1e-6}, {"ad", 1e-11}, {"as", 1e-11}, {"pd", 1e-5}, {"ps", 1e-5}};
  const Values ekv{{"vto", 0.4}, {"kp", 1e-4}, {"gamma", 0.5}, {"w", 1e-5}, {"l", 1e-6}, {"cgso", 1e-10}, {"cgdo", 1e-10}, {"cgbo", 1e-10}};
  const Values control{{"gain", 3.0}};
  const std::map<std::string, Setup> table{
      {"resistor", {"resistor", {{"r", 100.0}}}},
      {"capacitor", {"capacitor", {{"c", 2e-9}}}},
      {"inductor", {"inductor", {{"l", 1e-3}}}},
      {"coupling", {"coupling", {{"k", 0.9}}}},
      {"voltage", {.kind = "voltage", .waveform = sine()}},
      {"current", {.kind = "current", .waveform = sine()}},
      {"diode", {"diode", diode}},
      {"mosfet1", {"mosfet1", mos, "nmos"}},
      {"ekv", {"ekv", ekv, "pmos"}},
      {"vcvs", {"vcvs", control}},
      {"vccs", {"vccs", control}},
      {"cccs", {"cccs", control}},
      {"ccvs", {"ccvs", control}},
      {"behavioural_voltage", {.kind = "behavioural_voltage", .expression = "exp(v(a))*v(b)^2+sin(1000*time)*v(a)"}},
      {"behavioural_current", {.kind = "behavioural_current", .expression = "tanh(v(a)-v(b))+0.1*v(a)^3+cos(1000*time)"}},
      {"behavioural_charge", {.kind = "behavioural_charge", .expression = "1e-9*(v(a)-v(b))^3+1e-9*v(a)*sin(1000*time)"}},
      {"switch", {"switch", {{"ron", 1.0}, {"roff", 1e3}, {"vt", 0.3}, {"vh", 0.1}}}},
      {"current_switch", {"current_switch", {{"ron", 1.0}, {"roff", 1e3}, {"it", 0.3}}}}};
  const auto found = table.find(kind);
  if (found == table.end()) FAIL("no typical values for the kind '" << kind << "' in this test");
  return found->second;
}

Bench bench_of(const std::string& kind) {
  Bench bench(typical(kind));
  bench.moment().t = 3e-4;
  bench.moment().transient = true;
  return bench;
}

std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : Registry<Kind>::all()) names.push_back(name);
  return names;
}

/// Voltages within 1.5 V, charges and currents in their usual size; ground at zero. `imaginary` scales an imaginary part.
Block<Complex> random_point(const Bench& bench, std::mt19937& random, double imaginary) {
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  Block<Complex> x = Block<Complex>::Zero(bench.size(), 1);
  for (Index row = 1; row < bench.size(); ++row) {
    const double size = bench.rows()[row].unit == "V" ? 1.5 : bench.rows()[row].unit == "C" ? 1e-12 : 1e-3;
    x(row, 0) = {size * uniform(random), imaginary * size * uniform(random)};
  }
  return x;
}

/// The largest |a - b| in units of the largest entry of its row.
template <class A, class B>
double row_relative(const A& a, const B& b) {
  double worst = 0.0;
  for (Index i = 0; i < a.rows(); ++i) {
    const double scale = std::max(a.row(i).cwiseAbs().maxCoeff(), b.row(i).cwiseAbs().maxCoeff());
    if (scale > 0.0) worst = std::max(worst, (a.row(i) - b.row(i)).cwiseAbs().maxCoeff() / scale);
  }
  return worst;
}

bool real_only(const Bench& bench) { return bench.kind().holomorphy == Holomorphy::nowhere; }

}  // namespace

TEST_CASE("every kind's Jacobian is its rate's complex step", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    std::mt19937 random(7);
    for (int trial = 0; trial < 40; ++trial) {
      const Block<double> x = random_point(bench, random, 0.0).real();
      Dense expected = Dense::Zero(bench.size(), bench.size());
      for (Index j = 1; j < bench.size(); ++j) {  // ground is no unknown
        if (real_only(bench)) {
          Block<double> up = x, down = x;
          up(j, 0) += 1e-4;
          down(j, 0) -= 1e-4;
          expected.col(j) = (bench.rate(up) - bench.rate(down)) / 2e-4;
        } else {
          Block<Complex> z = x.cast<Complex>();
          z(j, 0) += Complex(0.0, 1e-30);
          expected.col(j) = bench.rate(z).imag() / 1e-30;
        }
      }
      // Switches are linear in one position: the difference quotient is exact but for rounding.
      Dense J = bench.jacobian(x);
      J.col(0).setZero();
      REQUIRE(row_relative(J, expected) < (real_only(bench) ? 1e-10 : 1e-12));
    }
  }
}

TEST_CASE("the currents of every kind sum to zero over all nodes", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    std::mt19937 random(11);
    std::vector<Index> nodes;
    for (Index row = 0; row < bench.size(); ++row)
      if (bench.rows()[row].is_node) nodes.push_back(row);
    const Dense mass = bench.mass();
    for (Index column = 0; column < bench.size(); ++column)
      REQUIRE(std::abs(mass(nodes, column).sum()) <= 1e-15 * mass(nodes, column).cwiseAbs().sum());
    for (int trial = 0; trial < 40; ++trial) {
      const Block<double> f = bench.rate(Block<double>(random_point(bench, random, 0.0).real()));
      REQUIRE(std::abs(f(nodes, 0).sum()) <= 1e-14 * f(nodes, 0).cwiseAbs().sum());
    }
  }
}

TEST_CASE("a holomorphic kind obeys Cauchy and Riemann, and its complex Jacobian is the derivative", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    if (real_only(bench)) continue;
    std::mt19937 random(13);
    for (int trial = 0; trial < 25; ++trial) {
      const Block<Complex> z = random_point(bench, random, 0.02);
      // Central differences: an error of h^2/6 times the third derivative, (1/0.026 V)^2 relative for junctions: 1e-10/6*1.5e3 = 2.5e-8,
      // and rounding 1e-16/h.
      const double h = 1e-5;
      DenseComplex along = DenseComplex::Zero(bench.size(), bench.size()), across = along;
      for (Index j = 1; j < bench.size(); ++j) {
        const double step = h * (bench.rows()[j].unit == "C" ? 1e-9 : 1.0);
        Block<Complex> east = z, west = z, north = z, south = z;
        east(j, 0) += step, west(j, 0) -= step, north(j, 0) += Complex(0, step), south(j, 0) -= Complex(0, step);
        along.col(j) = (bench.rate(east) - bench.rate(west)) / (2.0 * step);
        across.col(j) = (bench.rate(north) - bench.rate(south)) / Complex(0, 2.0 * step);
      }
      DenseComplex J = bench.jacobian(z);
      J.col(0).setZero();
      // Currents of blocked junctions beside large ones leave rounding of 1e-16/h = 1e-11 of the row's currents.
      REQUIRE(row_relative(along, across) < 1e-6);
      REQUIRE(row_relative(J, along) < 1e-6);
    }
  }
}

TEST_CASE("a kind that is nowhere holomorphic refuses complex voltages and names the device", "[devices][conformance]") {
  int refused = 0;
  for (const std::string& name : kinds()) {
    const Bench bench = bench_of(name);
    if (!real_only(bench)) continue;
    ++refused;
    CAPTURE(name);
    const Block<Complex> z = Block<Complex>::Zero(bench.size(), 1);
    REQUIRE_THROWS_WITH(bench.rate(z), Catch::Contains("'d1'") && Catch::Contains(name));
  }
  REQUIRE(refused >= 2);
}

TEST_CASE("where nothing is limited, the limited linearization is rate and Jacobian", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    std::mt19937 random(17);
    for (int trial = 0; trial < 20; ++trial) {
      const Block<double> x = random_point(bench, random, 0.0).real();
      std::vector<double> memory(static_cast<std::size_t>(bench.element().memory()) + 1, not_given);
      for (int pass = 0; pass < 2; ++pass) {
        Block<double> f = Block<double>::Zero(bench.size(), 1);
        PlaceRecorder recorder;
        Stamps<double> record(recorder);
        REQUIRE_FALSE(bench.element().add_limited(x, bench.moment(), memory.data(), f, record));
        REQUIRE(row_relative(f, bench.rate(x)) < 1e-12);
        PlaceRecorder plain;
        Stamps<double> record_plain(plain);
        bench.element().add_jacobian(x, bench.moment(), record_plain);
        REQUIRE(recorder.places() == plain.places());
      }
    }
  }
}

TEST_CASE("a limited linearization is the tangent at the limited voltages", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    const Bench bench = bench_of(name);
    if (bench.element().memory() == 0) continue;
    Block<double> low = Block<double>::Zero(bench.size(), 1), high = low;
    for (Index row = 1; row < bench.size(); ++row) high(row, 0) = bench.rows()[row].is_node ? 8.0 * static_cast<double>(row % 3) : 0.0;
    std::vector<double> memory(static_cast<std::size_t>(bench.element().memory()), not_given);
    const auto linearized = [&](const Block<double>& x, std::vector<double> remembered, Dense& J) {
      Block<double> f = Block<double>::Zero(bench.size(), 1);
      J = bench.stamped<double>([&](Stamps<double>& stamps) {
        std::vector<double> copy = remembered;
        f.setZero();
        bench.element().add_limited(x, bench.moment(), copy.data(), f, stamps);
      });
      return f;
    };
    Dense J;
    PlaceRecorder recorder;
    Stamps<double> record(recorder);
    Block<double> ignored = low;
    bench.element().add_limited(low, bench.moment(), memory.data(), ignored, record);
    const Block<double> f = linearized(high, memory, J);
    REQUIRE(f.allFinite());
    // The limited voltages are what an unlimited element would be evaluated at: f there = f + J (u - high).
    bench.element().add_limited(high, bench.moment(), memory.data(), ignored, record);
    Block<double> u = high;
    for (Index row = 1; row <= static_cast<Index>(memory.size()); ++row) u(row, 0) = memory[static_cast<std::size_t>(row) - 1];
    const Block<double> tangent = f + J * (u - high);
    REQUIRE(row_relative(Dense(tangent.transpose()), Dense(bench.rate(u).transpose())) < 1e-9);
  }
}

TEST_CASE("every kind's time slope is the derivative of its rate by time", "[devices][conformance]") {
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    Bench bench = bench_of(name);
    std::mt19937 random(19);
    const Block<double> x = random_point(bench, random, 0.0).real();
    Block<double> slope = Block<double>::Zero(bench.size(), 1);
    bench.element().add_time_slope(x, bench.moment(), slope);
    const double t = bench.moment().t, h = 1e-8;  // sines of 1 kHz: (2 pi 1e3 h)^2 / 6 = 7e-10
    bench.moment().t = t + h;
    const Block<double> later = bench.rate(x);
    bench.moment().t = t - h;
    const Block<double> earlier = bench.rate(x);
    REQUIRE(row_relative(slope, Block<double>((later - earlier) / (2.0 * h))) < 1e-7);
  }
}

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
    for (Index row = 0; row < bench.size(); ++row)
      if (row == Rows::ground || row > 2) x(row, 0) = 0.0;
    if (bench.terminals() > 1) x(bench.terminal(1), 0) = name == "ekv" ? -1.5 : 1.5;
    const auto numbers = [&] {
      Dense all(bench.size(), 2 * bench.size() + 1);
      all << bench.rate(x), bench.jacobian(x), bench.mass();
      return all;
    };
    const Dense before = numbers();
    const std::string field = bench.kind().principal.empty() ? (bench.kind().field_index("kp") != std::string::npos ? "kp" : bench.kind().fields[0].name)
                                                             : bench.kind().principal;
    CAPTURE(field);
    const std::size_t k = bench.kind().field_index(field);
    const double old = bench.element().field(0, k), fresh = old == old ? 0.7 * old + 0.05 : 0.25;
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
    if (one.element().mass(0) > 0.0) {  // an inductor's state is the current of all
      REQUIRE(three.element().mass(0) == Approx(one.element().mass(0) / 3.0).epsilon(1e-14));
      continue;
    }
    REQUIRE(row_relative(three.rate(x), Block<double>(3.0 * one.rate(x))) < 1e-14);
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
