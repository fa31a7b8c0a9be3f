// .program in whole runs: pulses through the equations of devices, against closed forms.
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

// dx/dt = kappa i, v = [ron x + roff (1 - x)] i: with D = roff - ron the function roff x - D x^2/2 grows by kappa times the flux.
constexpr double ron = 100.0, roff = 16e3, kappa = 1e-14 * ron / 1e-16;
const std::string hp = ".model m hp(ron=100 roff=16k d=10n mu=1e-14 window=0)\n.options reltol=1e-9\n";

double after(double x, double flux, double series = 0.0) {
  const double a = 0.5 * (roff - ron), b = -(roff + series), c = (roff + series) * x - a * x * x + kappa * flux;
  return (-b - std::sqrt(b * b - 4.0 * a * c)) / (2.0 * a);
}
double conductance(double x) { return 1.0 / (ron * x + roff * (1.0 - x)); }

std::vector<double> attempts(const Ran& ran, const std::string& column) { return ran.values("/program1", column, "attempt"); }

double fact(const Ran& ran, const std::string& name) {
  for (const Fact& f : ran.report.analyses.at(0).stats.facts)
    if (f.name == name) return f.value;
  throw std::runtime_error("no fact " + name);
}

}  // namespace

TEST_CASE("every pulse moves a linear-drift memristor as its flux says", "[circuits][program]") {
  for (const auto& [rise, series] : {std::pair{0.0, 0.0}, std::pair{1e-3, 0.0}, std::pair{1e-3, 2e3}}) {
    INFO("rise " << rise << " s, series " << series << " Ohm");
    const Ran ran("Yhp m1 a 0 m x0=0.3\nR1 a 0 1k\n" + hp + ".program m1 target=150u tolerance=0.001 set=1 reset=-1 width=10m pulses=8 rise=" +
                  std::to_string(rise) + " rseries=" + std::to_string(series));
    const std::vector<double> g = attempts(ran, "conductance"), joules = attempts(ran, "energy"), seconds = attempts(ran, "duration");
    REQUIRE(g.size() == 9);
    double x = 0.3;
    for (std::size_t k = 0; k < g.size(); ++k) {
      CHECK(g[k] == Approx(conductance(x)).epsilon(1e-7));
      // The driver holds 1 V but for the flanks, and the charge is (x - x0)/kappa: without flanks the energy is 1 V times the charge.
      if (rise == 0.0) CHECK(joules[k] == Approx((x - 0.3) / kappa).epsilon(1e-7).margin(1e-18));
      CHECK(seconds[k] == Approx(static_cast<double>(k) * (10e-3 + 2 * rise)).margin(1e-15));
      x = after(x, 10e-3 + rise, series);
    }
  }
}

TEST_CASE("an analysis behind .program starts from the programmed states, one before it does not", "[circuits][program]") {
  const std::string deck = "V1 a 0 0.1\nYhp m1 a 0 m x0=0.3\n.param p=1\nR9 z 0 {p}\nV9 z 0 0\n" + hp;
  const Ran ran(deck + ".op\n.program m1 target=120u tolerance=0.02 set=1 reset=-1 width=10m rise=0\n.op\n.dc v1 0.1 0.2 0.1\n.dc p 1 2 1\n"
                       ".tran 1n 2n\n.save i(m1) @m1[x0] m1#x");
  const double g = attempts(ran, "conductance").back();
  CHECK(g == Approx(120e-6).epsilon(0.02));
  CHECK(ran.final("i(m1)", 0) == Approx(0.1 * conductance(0.3)).epsilon(1e-9));
  CHECK(ran.final("i(m1)", 2) == Approx(0.1 * g).epsilon(1e-9));
  CHECK(ran.final("i(m1)", 3) == Approx(0.2 * g).epsilon(1e-9));
  CHECK(ran.final("i(m1)", 4) == Approx(0.1 * g).epsilon(1e-9));
  CHECK(ran.final("i(m1)", 5) == Approx(0.1 * g).epsilon(1e-6));
  CHECK(conductance(ran.final("@m1[x0]", 2)) == Approx(g).epsilon(1e-9));
  CHECK(ran.final("x(m1)", 2) == ran.final("@m1[x0]", 2));
}

TEST_CASE("programming goes down as well as up, and its summary counts what it did", "[circuits][program]") {
  const Ran ran("Yhp m[1:3] a 0 m x0=0.5\nR1 a 0 1k\n" + hp + ".program m[*] target=80u tolerance=0.02 set=1 reset=-1 width=20m rise=0");
  CHECK(fact(ran, "devices") == 3);
  CHECK(fact(ran, "converged") == 3);
  const std::vector<double> g = attempts(ran, "conductance"), volts = attempts(ran, "amplitude"), device = attempts(ran, "device");
  CHECK(fact(ran, "mean pulses") == Approx(static_cast<double>(g.size() - 3) / 3.0));
  for (std::size_t k = 0; k < g.size(); ++k)
    if (k > 0 && device[k] == device[k - 1]) CHECK(volts[k] == -1.0);
  CHECK(g.back() == Approx(80e-6).epsilon(0.02));
}

TEST_CASE("charge through the gate programs an electrochemical memory", "[circuits][program]") {
  // 1 V through 1 MOhm for 100 us is 100 pC of the 1 nC from x = 0 to 1: a tenth of gmax - gmin per pulse.
  const Ran ran("Yecram e1 a 0 g m x0=0.2\nR1 a 0 1k\nR2 g 0 1k\n.model m ecram(gmin=0 gmax=100u qmax=1n rg=1meg)\n"
                ".program e1 target=60u tolerance=0.001 set=1 reset=-1 width=100u rise=0");
  const std::vector<double> g = attempts(ran, "conductance");
  REQUIRE(g.size() == 5);
  for (std::size_t k = 0; k < g.size(); ++k) CHECK(g[k] == Approx(1e-5 * (2.0 + static_cast<double>(k))).epsilon(1e-4));
  // The driver gives v i t = 1 V * 1 uA * 100 us per pulse.
  CHECK(attempts(ran, "energy").back() == Approx(4e-10).epsilon(1e-6));
}

TEST_CASE("programming noise is that of the seed, the device's name and the number of the pulse", "[circuits][program]") {
  const std::string cells = "Ypcm p[1:40] a 0 m\nR1 a 0 1k\n.model m pcm(gmax=25u)\n", card = ".program p[*] target=10u tolerance=0.03\n";
  const auto run = [&](const std::string& more, int threads = 1) { return attempts(Ran(cells + more + card, threads), "conductance"); };
  const std::vector<double> g = run(".options seed=5\n");
  CHECK(run(".options seed=5\n", 3) == g);
  CHECK(run(".options seed=5\nR7 a 0 1k\n") == g);
  CHECK(run(".options seed=6\n") != g);
  CHECK(std::set<double>(g.begin(), g.end()).size() > 41);  // more than the 40 first readings, which are not all alike either
}

TEST_CASE("without noise a phase-change memory is where it was asked to be", "[circuits][program]") {
  const Ran ran("Ypcm p1 a 0 m\nR1 a 0 1k\n.model m pcm(gmax=25u)\n.program p1 target=12u noise=0 tolerance=1e-9");
  const std::vector<double> g = attempts(ran, "conductance");
  REQUIRE(g.size() == 2);
  CHECK(g[0] == Approx(10e-6).epsilon(1e-12));
  CHECK(g[1] == Approx(12e-6).epsilon(1e-9));
}

TEST_CASE("programming noise has the published spread", "[circuits][program]") {
  // sigma = 0.26348 + 1.9650 g - 1.1731 g^2 uS at g = 0.4 (10.1038/s41467-020-16108-9); read noise is off where nothing is read twice: pulses=1.
  const Ran ran("Ypcm p[1:2000] a 0 m g=5u\nR1 a 0 1k\n.model m pcm(gmax=25u tread=1e3)\n.program p[*] target=10u tolerance=1e-9 pulses=1");
  const std::vector<double> g = attempts(ran, "conductance"), number = attempts(ran, "number");
  double sum = 0.0, squares = 0.0, n = 0.0;
  for (std::size_t k = 0; k < g.size(); ++k)
    if (number[k] == 1.0) sum += g[k], squares += g[k] * g[k], n += 1.0;
  REQUIRE(n == 2000);
  const double mean = sum / n, deviation = std::sqrt(squares / n - mean * mean), sigma = (0.26348 + 1.9650 * 0.4 - 1.1731 * 0.16) * 1e-6;
  CHECK(std::abs(mean - 10e-6) < 4.0 * sigma / std::sqrt(n));
  CHECK(std::abs(deviation - sigma) < 4.0 * sigma / std::sqrt(2.0 * n));
}

TEST_CASE("devices that miss their targets are named", "[circuits][program]") {
  const Ran ran("Yhp m1 a 0 m x0=0.3\nR1 a 0 1k\n" + hp + ".program m1 target=1m set=1 reset=-1 width=10m pulses=2");
  const std::string text = diagnostics(*ran.deck).render();
  INFO(text);
  CHECK(text.find("1 of 1 devices missed their targets: 'm1'") != std::string::npos);
  CHECK(text.find("more pulses") != std::string::npos);
  CHECK(fact(ran, "converged") == 0);
}

TEST_CASE("pulses of the wrong sign are recognised", "[circuits][program]") {
  const Ran ran("Yhp m1 a 0 m x0=0.3\nR1 a 0 1k\n" + hp + ".program m1 target=120u set=-1 reset=1 width=10m pulses=3");
  CHECK(diagnostics(*ran.deck).render().find("exchange the signs") != std::string::npos);
}
