// Memristors: windows at their bounds, equations against hand-worked numbers and closed forms of one device.
#include <catch2/catch.hpp>

#include "devices/memristor_state.hpp"
#include "tests/devices/typical.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

/// d state / dt at a voltage and a state.
double drift(const std::string& kind, const Values& values, double v, double state) {
  const Bench bench({.kind = kind, .values = values});
  Block<double> x = Block<double>::Zero(bench.size(), 1);
  x(bench.terminal(0), 0) = v;
  x(bench.size() - 1, 0) = state;
  return bench.rate(x)(bench.size() - 1, 0);
}

double current(const std::string& kind, const Values& values, double v, double state) {
  const Bench bench({.kind = kind, .values = values});
  Block<double> x = Block<double>::Zero(bench.size(), 1);
  x(bench.terminal(0), 0) = v;
  x(bench.size() - 1, 0) = state;
  return -bench.rate(x)(bench.terminal(0), 0);
}

Window window(double number, double p, double j = 1.0) {
  Window w;
  w.window = number, w.p = p, w.j = j;
  return w;
}

}  // namespace

TEST_CASE("windows have their published values at the bounds and in the middle", "[devices][memristor]") {
  for (const double p : {1.0, 2.0, 10.0}) {
    CAPTURE(p);
    for (const bool up : {false, true}) {
      CHECK(window(1, p).windowed(0.0, up) == 0.0);
      CHECK(window(1, p).windowed(1.0, up) == 0.0);
      CHECK(window(1, p).windowed(0.5, up) == 1.0);
      CHECK(window(3, p, 0.8).windowed(0.0, up) == Approx(0.0).margin(1e-15));
      CHECK(window(3, p, 0.8).windowed(1.0, up) == Approx(0.0).margin(1e-15));
      CHECK(window(3, p, 0.8).windowed(0.5, up) == Approx(0.8 * (1.0 - std::pow(0.75, p))).epsilon(1e-14));
    }
    // Biolek and Zha: closed where the state is going, open where it comes from.
    CHECK(window(2, p).windowed(1.0, true) == 0.0);
    CHECK(window(2, p).windowed(0.0, true) == 1.0);
    CHECK(window(2, p).windowed(0.0, false) == 0.0);
    CHECK(window(2, p).windowed(1.0, false) == 1.0);
    CHECK(window(5, p, 0.8).windowed(1.0, true) == Approx(0.0).margin(1e-15));
    CHECK(window(5, p, 0.8).windowed(0.0, false) == Approx(0.0).margin(1e-15));
    CHECK(window(5, p, 0.8).windowed(0.0, true) == Approx(0.8 * (1.0 - std::pow(0.75, p))).epsilon(1e-14));
    CHECK(window(5, p, 0.8).windowed(1.0, false) == Approx(0.8 * (1.0 - std::pow(0.75, p))).epsilon(1e-14));
  }
  CHECK(window(1, 2.5).windowed(0.25, true) == Approx(1.0 - std::pow(0.5, 5.0)).epsilon(1e-14));  // p need not be whole
}

TEST_CASE("behind a bound every window leads back", "[devices][memristor]") {
  for (const double number : {0.0, 1.0, 2.0, 3.0, 5.0})
    for (const bool up : {false, true}) {
      CAPTURE(number, up);
      const double direction = up ? 1.0 : -1.0;
      CHECK(direction * window(number, 2).windowed(1.01, up) < 0.0);
      CHECK(direction * window(number, 2).windowed(-0.01, up) > 0.0);
    }
}

TEST_CASE("Kvatinsky's window closes within a few widths of its bound", "[devices][memristor]") {
  const Cutoff cutoff{.on = 0.0, .off = 1.0, .width = 0.01};
  CHECK(window(4, 1).windowed(1.0, true, cutoff) == Approx(std::exp(-1.0)).epsilon(1e-14));
  CHECK(window(4, 1).windowed(0.0, false, cutoff) == Approx(std::exp(-1.0)).epsilon(1e-14));
  CHECK(window(4, 1).windowed(0.9, true, cutoff) == Approx(1.0).epsilon(1e-4));
  CHECK(window(4, 1).windowed(1.1, true, cutoff) == 0.0);
}

TEST_CASE("the HP memristor is a resistor between ron and roff", "[devices][memristor]") {
  const Values values{{"ron", 100.0}, {"roff", 16e3}, {"window", 1.0}};
  CHECK(current("hp", values, 1.0, 1.0) == Approx(0.01).epsilon(1e-14));
  CHECK(current("hp", values, 1.0, 0.0) == Approx(1.0 / 16e3).epsilon(1e-14));
  // kappa = mu ron/d^2 = 1e4 per coulomb; at x = 1/2 the window is 1.
  CHECK(drift("hp", values, 1.0, 0.5) == Approx(1e4 / 8050.0).epsilon(1e-14));
}

TEST_CASE("TEAM moves beyond its current, VTEAM beyond its voltage", "[devices][memristor]") {
  const Values team{{"ron", 50.0}, {"roff", 1e3}, {"window", 0.0}, {"koff", 1e-9}, {"kon", -2e-9}, {"ioff", 1e-4}, {"ion", -1e-4}, {"alphaoff", 3.0}, {"alphaon", 2.0}};
  const double middle = 1.5e-9, r = 525.0;
  CHECK(drift("team", team, 0.99e-4 * r, middle) == 0.0);
  CHECK(drift("team", team, -0.99e-4 * r, middle) == 0.0);
  CHECK(drift("team", team, 3e-4 * r, middle) == Approx(8e-9).epsilon(1e-12));
  CHECK(drift("team", team, -3e-4 * r, middle) == Approx(-8e-9).epsilon(1e-12));
  const Values vteam{{"koff", 5e-4}, {"kon", -10.0}, {"voff", 0.02}, {"von", -0.2}, {"alphaoff", 1.0}, {"alphaon", 3.0}};
  CHECK(drift("vteam", vteam, 0.019, middle) == 0.0);
  CHECK(drift("vteam", vteam, 0.06, middle) == Approx(1e-3).epsilon(1e-12));
  CHECK(drift("vteam", vteam, -0.6, middle) == Approx(-80.0).epsilon(1e-12));
  CHECK(current("vteam", {{"ron", 50.0}, {"roff", 800.0}, {"ivrelation", 1.0}}, 1.0, middle) == Approx(1.0 / 200.0).epsilon(1e-12));  // geometric mean
}

TEST_CASE("the Stanford filament has the current and the speed of its formula", "[devices][memristor]") {
  // At g = 0.5 nm, 1 V: i = 1e-3 e^-2 sinh 4 A, T = 298 K + 2100 K/W times 1 V times i, gamma = 16 - 0.8 (1/2)^3.
  const double i = 1e-3 * std::exp(-2.0) * std::sinh(4.0), kt = 1.380649e-23 / 1.602176634e-19 * (298.0 + 2.1e3 * i), gamma = 15.9;
  CHECK(current("stanford", {}, 1.0, 0.5e-9) == Approx(i).epsilon(1e-13));
  CHECK(drift("stanford", {}, 1.0, 0.5e-9) == 0.0);  // 15.9 V over 12 nm is 1.3e9 V/m, below fmin
  CHECK(drift("stanford", {{"fmin", 1e9}}, 1.0, 0.5e-9) == Approx(-10.0 * std::exp(-0.6 / kt) * std::sinh(gamma * 0.25 / 12.0 / kt)).epsilon(1e-10));
}

TEST_CASE("the phase-change memory drifts as published", "[devices][memristor][pcm]") {
  // G = 10 uS, gh = 0.4: nu = -0.0155 ln 0.4 + 0.0244 = 0.0386 raised to 0.049; after 1e4 times t0 it has lost a factor 1e4^-0.049.
  CHECK(current("pcm", {{"g", 1e-5}}, 0.1, 20.0) == Approx(1e-6).epsilon(1e-13));
  CHECK(current("pcm", {{"g", 1e-5}}, 0.1, 2e5) == Approx(1e-6 * std::pow(1e4, -0.049)).epsilon(1e-13));
  CHECK(current("pcm", {{"g", 1e-5}, {"nu", 0.1}, {"t0", 1.0}, {"toff", 3.0}}, 0.1, 7.0) == Approx(1e-6 * std::pow(10.0, -0.1)).epsilon(1e-13));
  // One deviation of programming noise at gh = 0.4: 0.26348 + 0.786 - 0.187696 = 0.861784 uS.
  CHECK(current("pcm", {{"g", 1e-5}, {"zprog", 1.0}}, 1.0, 20.0) == Approx(10.861784e-6).epsilon(1e-12));
  // One deviation of the exponent at gh = 0.4: -0.0125 ln 0.4 - 0.0059 = 0.00555 raised to 0.008.
  CHECK(current("pcm", {{"g", 1e-5}, {"znu", 1.0}}, 1.0, 200.0) == Approx(1e-5 * std::pow(10.0, -0.057)).epsilon(1e-12));
  // One deviation of read noise: qs = 0.0088/0.4^0.65, at 20 s sqrt(ln((20 + 250n)/500n)) = sqrt(ln 40000000.5).
  const double noise = 0.0088 / std::pow(0.4, 0.65) * std::sqrt(std::log(40000000.5));
  CHECK(current("pcm", {{"g", 1e-5}, {"zread", 1.0}}, 1.0, 20.0) == Approx(1e-5 * (1.0 + noise)).epsilon(1e-12));
}

TEST_CASE("the state of a gated cell is the charge that went through its gate", "[devices][memristor]") {
  const Bench bench({.kind = "ecram", .values = {{"rg", 1e6}, {"qmax", 1e-9}, {"x0", 0.3}, {"lifetime", 10.0}, {"xrest", 0.1}, {"voc", 0.05}, {"vx", 0.2}}});
  Block<double> x = bench.initial();
  x(bench.terminal(0), 0) = 0.1;
  x(bench.terminal(2), 0) = 0.6;
  const Block<double> f = bench.rate(x);
  const double ig = (0.6 - 0.05 - 0.2 * (0.3 - 0.5)) / 1e6;
  CHECK(-f(bench.terminal(2), 0) == Approx(ig).epsilon(1e-13));
  CHECK(f(bench.size() - 1, 0) == Approx(ig / 1e-9 - (0.3 - 0.1) / 10.0).epsilon(1e-13));
  CHECK(-f(bench.terminal(0), 0) == Approx(0.1 * (1e-6 + 0.3 * 99e-6)).epsilon(1e-13));
}
