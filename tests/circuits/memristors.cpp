// Memristors in whole runs, against published samples and closed forms.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <sstream>

#include "tests/circuits/deck_text.hpp"
#include "tests/circuits/ran.hpp"

using settle::testing::Ran;

namespace {

const std::string exact = ".options reltol=1e-8\n";

double measured(const Ran& ran, const std::string& name) {
  for (const auto& m : ran.report.analyses.at(0).measures)
    if (m.name == name && m.value) return *m.value;
  throw std::runtime_error("no measure " + name);
}

/// The state x of `m1` and the current through it at given times.
std::string finds(const std::vector<double>& times, const std::string& what, const std::string& prefix) {
  std::string cards;
  for (std::size_t k = 0; k < times.size(); ++k) cards += ".measure tran " + prefix + std::to_string(k) + " FIND " + what + " AT=" + std::to_string(times[k]) + "\n";
  return cards;
}

/// HP with the Joglekar window, p = 1: the charge whose flux is phi, and the state after that charge (kappa = 1e4/C).
struct JoglekarOne {
  double ron = 100.0, roff = 16e3, kappa = 1e4, x0 = 0.1;

  double state(double q) const {
    const double e = x0 * std::exp(4.0 * kappa * q);
    return e / (1.0 - x0 + e);
  }
  double flux(double q) const { return roff * q - (roff - ron) / (4.0 * kappa) * std::log1p(x0 * std::expm1(4.0 * kappa * q)); }
  double state_after(double phi) const {
    double low = -1e-3, high = 1e-3;
    for (int k = 0; k < 200; ++k) {
      const double middle = 0.5 * (low + high);
      (flux(middle) < phi ? low : high) = middle;
    }
    return state(0.5 * (low + high));
  }
};

}  // namespace

TEST_CASE("the HP memristor under a sine follows its closed form", "[circuits][memristor]") {
  // Recomputed from the closed form; 1 Hz, kappa = 1e4/C.
  const std::vector<double> times{0.125, 0.25, 0.375, 0.5, 1.0};
  const Ran one("V1 a 0 SIN(0 1 1)\nYhp m1 a 0 m x0=0.1\n.model m hp(ron=100 roff=16k d=10n uv=1e-14 wt=1 p=1)\n.tran 1m 1\n" + exact + finds(times, "x(m1)", "x") + finds(times, "i(m1)", "i"));
  const std::vector<double> x{.1123503748, .1488157562, .1970963887, .2214150893, .1};
  for (std::size_t k = 0; k < times.size(); ++k) CHECK(measured(one, "x" + std::to_string(k)) == Approx(x[k]).epsilon(1e-6));
  CHECK(1.0 / measured(one, "i1") == Approx(13633.829476).epsilon(1e-6));
  const Ran strong("V1 a 0 SIN(0 1.5 1)\nYhp m1 a 0 m 0.316770186335\n.model m hp(ron=100 roff=16k)\n.tran 1m 0.5\n" + exact + finds(times, "x(m1)", "x") + finds(times, "i(m1)", "i"));
  const std::vector<double> far{.3770609776, .5736732172, .8684702809, .9994583777};
  for (std::size_t k = 0; k < 4; ++k) CHECK(measured(strong, "x" + std::to_string(k)) == Approx(far[k]).epsilon(1e-6));
  CHECK(measured(strong, "i1") == Approx(2.180677617e-4).epsilon(1e-6));
}

TEST_CASE("the HP memristor's state is a function of its flux, whatever the waveform", "[circuits][memristor]") {
  const JoglekarOne closed;
  const double pi = M_PI;
  struct Case {
    std::string waveform;
    double flux;  // Vs at 0.7 s
  };
  const std::vector<Case> cases{{"DC 0.8", 0.56},
                                {"PWL(0 0 0.35 1.2 0.7 0)", 0.42},
                                {"SIN(0.3 1 2)", 0.21 + (1.0 - std::cos(4.0 * pi * 0.7)) / (4.0 * pi)},
                                {"PWL(0 1 0.3 1 0.3001 -0.5 0.7 -0.5)", 0.3 + 0.0001 * 0.25 - 0.5 * 0.3999}};
  for (const Case& c : cases) {
    CAPTURE(c.waveform);
    const Ran ran("V1 a 0 " + c.waveform + "\nYhp m1 a 0 m x0=0.1\n.model m hp()\n.tran 1m 0.7\n.save x(m1)\n" + exact);
    CHECK(ran.final("x(m1)") == Approx(closed.state_after(c.flux)).epsilon(1e-6));
  }
}

TEST_CASE("TEAM has Xyce's published samples", "[circuits][memristor]") {
  // Xyce's regression test memristorTEAM_test; its samples recomputed by an independent stiff integrator: 1e-3, the equations are extremely stiff.
  const std::vector<double> times{.25e-3, .40e-3, .55e-3, .75e-3, .95e-3};
  std::string finds_at;
  for (std::size_t k = 0; k < times.size(); ++k) finds_at += ".measure tran x" + std::to_string(k) + " FIND x(mr1) AT=" + std::to_string(times[k] * 1e6) + "u\n";
  const Ran ran(
      "Vsrc n1 0 SIN(0 1 1000 0)\n.model mrm1 memristor level=2 ron=50 roff=1000 koff=1.46e-18 kon=-4.68e-22 alphaoff=10 alphaon=10 wc=1.0e-12\n"
      "+ ioff=115e-6 ion=-8.9e-6 wt=4\nymemristor mr1 n1 n2 mrm1\nRptg n2 0 50\n.tran 1u 1m\n.options reltol=1e-6\n" + finds_at);
  const std::vector<double> nanometres{1.2486079, 1.3446213, -.00333422, -.00375908, -.00377550};
  for (std::size_t k = 0; k < times.size(); ++k) CHECK(measured(ran, "x" + std::to_string(k)) == Approx(1e-9 * nanometres[k]).epsilon(1e-3));
}

TEST_CASE("the Yakopcic memristor has the samples of two other programs", "[circuits][memristor]") {
  // ngspice and an independent integrator agree on these to 7 digits. Steps are short because the thresholds are kinks, which the error estimate
  // of a long step sees too late.
  const std::vector<double> times{1e-3, 2e-3, 2.5e-3, 5e-3, 7.5e-3, 10e-3, 12.5e-3, 20e-3};
  const Ran ran(
      "Vsrc n1 0 SIN(0 0.5 100 0)\n.model mrm1 memristor level=3 a1=0.17 a2=0.17 b=0.05 vp=0.16 vn=0.15\n"
      "+ ap=4000 an=4000 xp=0.3 xn=0.5 alphap=1 alphan=5 eta=1\nymemristor mr1 n1 n2 mrm1 xo=0.11\nRptg n2 0 50\n.tran 10u 20m 0 1u\n" + exact +
      finds(times, "x(mr1)", "x") + finds(times, "i(mr1)", "i"));
  const std::vector<double> x{.2380570, .7112775, .8229880, .9313920, .1894801, .0931960, .8216588, .0931759};
  for (std::size_t k = 0; k < times.size(); ++k) CHECK(measured(ran, "x" + std::to_string(k)) == Approx(x[k]).epsilon(1e-6));
  CHECK(measured(ran, "i0") == Approx(5.400627e-4).epsilon(1e-6));
  CHECK(measured(ran, "i1") == Approx(2.2077209e-3).epsilon(1e-6));
  CHECK(measured(ran, "i2") == Approx(2.5914396e-3).epsilon(1e-6));
  CHECK(measured(ran, "i4") == Approx(-7.4533564e-4).epsilon(1e-6));
  CHECK(measured(ran, "i6") == Approx(2.5883376e-3).epsilon(1e-6));
}

TEST_CASE("the Michigan memristor decays and grows exponentially", "[circuits][memristor]") {
  // dw/dt = lambda (eta1 sinh(eta2 v) - w/tau): towards w1 = eta1 tau sinh(eta2 v) with the time constant tau/lambda.
  for (const double v : {0.0, 0.3, -0.2}) {
    const Ran ran("V1 a 0 " + std::to_string(v) + "\nYumich m1 a 0 m w0=0.4\n.model m umich(lambda=4.5 eta1=0.004 eta2=4 tau=10)\n.tran 10m 3\n.save w(m1)\n" + exact);
    const double w1 = 0.04 * std::sinh(4.0 * v);
    CHECK(ran.final("w(m1)") == Approx(w1 + (0.4 - w1) * std::exp(-3.0 * 0.45)).epsilon(1e-6));
  }
}

TEST_CASE("metastable switches relax to the ratio of their rates", "[circuits][memristor]") {
  const double vt = 1.380649e-23 * 300.15 / 1.602176634e-19, v = 0.25;
  const double on = 1.0 / (1.0 + std::exp(-(v - 0.27) / vt)), off = 1.0 - 1.0 / (1.0 + std::exp(-(v + 0.27) / vt));
  const Ran ran("V1 a 0 0.25\nYknowm m1 a 0 m x0=0.2\n.model m knowm(tau=1e-4 von=0.27 voff=0.27)\n.tran 1u 0.2m\n.save x(m1)\n" + exact);
  const double x1 = on / (on + off);
  CHECK(ran.final("x(m1)") == Approx(x1 + (0.2 - x1) * std::exp(-2.0 * (on + off))).epsilon(1e-6));
}

TEST_CASE("the threshold memristor integrates what exceeds the threshold", "[circuits][memristor]") {
  // A triangle of 1 V/s: beyond 0.5 V the resistance moves by beta (v - vt); up to 2 V that is beta 1.5^2/2, and twice that over the triangle.
  const Ran ran("V1 a 0 PWL(0 0 2 2 4 0)\nYpershin m1 a 0 m r0=3k\n.model m pershin(rmin=1k rmax=10k alpha=0 beta=1k vt=0.5)\n.tran 10m 4 0 1m\n.save r(m1)\n" + exact +
                ".measure tran top FIND r(m1) AT=2\n");
  CHECK(measured(ran, "top") == Approx(3e3 + 1e3 * 1.125).epsilon(1e-6));
  CHECK(ran.final("r(m1)") == Approx(3e3 + 2e3 * 1.125).epsilon(1e-6));
}

TEST_CASE("a memristor without a window stops at its bound and leaves it again", "[circuits][memristor]") {
  // VTEAM at a constant voltage drifts at a constant speed: koff (v/voff - 1) = 1 nm/us, from 1 nm to the bound at 3 nm in 2 us.
  const std::string model = ".model m vteam(koff=1e-3 voff=0.5 alphaoff=1 kon=-1e-3 von=-0.5 alphaon=1 xoff=3n edge=1e-3)\n";
  const Ran ran("V1 a 0 PWL(0 1 5u 1 5.001u -1 10u -1)\nYvteam m1 a 0 m x0=1n\n" + model + ".tran 10n 7u\n.save x(m1)\n" + exact +
                ".measure tran early FIND x(m1) AT=1u\n.measure tran stopped FIND x(m1) AT=5u\n.measure tran most MAX x(m1)\n");
  CHECK(measured(ran, "early") == Approx(2e-9).epsilon(1e-6));
  CHECK(measured(ran, "stopped") == Approx(3e-9).epsilon(1e-4));
  CHECK(measured(ran, "most") <= 3e-9 * (1.0 + 1e-6));
  CHECK(ran.final("x(m1)") == Approx(1e-9).epsilon(2e-3));  // 2 us down, less the turn of the voltage
}

TEST_CASE("the data-driven memristor follows its closed form at a constant voltage", "[circuits][memristor]") {
  // exp(kp r) moves exponentially: e^(kp r) = e^(kp rp) + (e^(kp r0) - e^(kp rp)) e^(-kp s t), s = ap (e^(tp v) - 1).
  const double kp = 5.11e-4, rp = 16719.0, s = 743.47 * std::expm1(6.51 * 0.8), t = 0.05, r0 = 5e3;
  const Ran ran("V1 a 0 0.8\nYmessaris m1 a 0 m r0=5k\n.model m messaris(rmax=20k)\n.tran 1m 50m\n.save r(m1)\n" + exact);
  CHECK(ran.final("r(m1)") == Approx(std::log(std::exp(kp * rp) + (std::exp(kp * r0) - std::exp(kp * rp)) * std::exp(-kp * s * t)) / kp).epsilon(1e-6));
}

TEST_CASE("phase-change memory ages while time passes", "[circuits][memristor]") {
  const Ran ran("V1 a 0 0.1\nYpcm m1 a 0 m g=10u age=20\n.model m pcm(nu=0.06)\n.tran 1 1e4\n.save i(m1)\n" + exact);
  CHECK(ran.final("i(m1)") == Approx(1e-6 * std::pow(10020.0 / 20.0, -0.06)).epsilon(1e-6));
}

TEST_CASE("a gate pulse moves an electrochemical cell by its charge, and leakage takes it back", "[circuits][memristor]") {
  // 1 nA for 0.1 s is 0.1 nC of 1 nC.
  const Ran kept("V1 d 0 0.1\nI1 0 g PULSE(0 1n 0.1 1u 1u 99.999m 10)\nYecram m1 d 0 g m x0=0.3\n.model m ecram(qmax=1n gmin=1u gmax=101u)\n.tran 1m 1\n.save x(m1) i(m1)\n" + exact);
  CHECK(kept.final("x(m1)") == Approx(0.4).epsilon(1e-6));
  CHECK(kept.final("i(m1)") == Approx(0.1 * 41e-6).epsilon(1e-6));
  const Ran leaking("V1 d 0 0.1\nI1 0 g 0\nYecram m1 d 0 g m x0=0.3\n.model m ecram(lifetime=0.5 xrest=0.1)\n.tran 1m 1\n.save x(m1)\n" + exact);
  CHECK(leaking.final("x(m1)") == Approx(0.1 + 0.2 * std::exp(-2.0)).epsilon(1e-6));
}

TEST_CASE("a capacitor cell charges through its gate and forgets", "[circuits][memristor]") {
  const Ran ran("V1 d 0 0.1\nI1 0 g PULSE(0 1n 1u 1n 1n 0.999u 1)\nYcapacitor_cell m1 d 0 g m u0=0.5\n.model m capacitor_cell(c=10f lifetime=1m)\n.tran 10n 1m\n.save u(m1)\n" + exact +
                ".measure tran charged FIND u(m1) AT=2.001u\n");
  // 1 nA for 1 us puts 0.1 V on 10 fF; the leak is exp(-t/1 ms), the pulse lies around 1.5 us.
  CHECK(measured(ran, "charged") == Approx(0.5 * std::exp(-2.001e-3) + 0.1 * std::exp(-0.501e-3)).epsilon(1e-6));
  CHECK(ran.final("u(m1)") == Approx(measured(ran, "charged") * std::exp(-(1.0 - 2.001e-3))).epsilon(1e-6));
}

TEST_CASE("the shipped loop has the numbers its head comment claims", "[circuits][memristor]") {
  settle::testing::Folder folder;
  settle::RunRequest request;
  request.deck = SETTLE_SOURCE_DIR "/netlists/memristor_loop.cir";
  request.trace = folder.file("loop.h5");
  settle::RunReport report;
  const auto deck = settle::load(request);
  INFO(settle::diagnostics(*deck).render());
  settle::run(*deck, request, report);
  const auto value = [&](const std::string& name) {
    for (const auto& m : report.analyses.at(0).measures)
      if (m.name == name) return m.value.value();
    throw std::runtime_error("no measure " + name);
  };
  CHECK(value("quarter") == Approx(0.14881576).epsilon(1e-5));
  CHECK(value("half") == Approx(0.22141509).epsilon(1e-5));
  CHECK(value("whole") == Approx(0.1).epsilon(1e-5));
  CHECK(1.0 / value("crest") == Approx(13633.83).epsilon(1e-5));
  CHECK(value("down") / value("up") - 1.0 == Approx(0.104729).epsilon(1e-3));
  CHECK(value("fast_down") / value("fast_up") - 1.0 == Approx(0.00650724).epsilon(1e-2));
}

TEST_CASE("the published parameter sets on the page of memristors are read without a warning", "[circuits][memristor]") {
  std::ifstream page(SETTLE_SOURCE_DIR "/docs/memristors.md");
  std::string cards = "V1 a 0 0.1\n", line;
  int sets = 0;
  while (std::getline(page, line)) {
    std::istringstream words(line);
    std::string dot, name, type;
    words >> dot >> name >> type;
    if (dot != ".model") continue;
    ++sets;
    const std::string device = "m" + std::to_string(sets);
    cards += line + "\nY" + type.substr(0, type.find('(')) + " " + device + " a 0" + (type.rfind("ecram", 0) == 0 ? " 0 " : " ") + name + "\n";
  }
  REQUIRE(sets >= 14);
  const settle::testing::DeckText deck(cards);
  REQUIRE(deck.clean());
}
