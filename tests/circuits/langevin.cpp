// .langevin: every method against the covariances of Ornstein-Uhlenbeck processes, its order, its randomness and its refusals.
#include "tests/circuits/noise_deck.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

const char* const methods[] = {"exact", "implicit", "euler-maruyama"};

std::string card(const std::string& method, const std::string& rest) { return ".langevin method=" + method + " " + rest; }

/// One cell of 1 F and 1 S with injected noise: variance 1, time constant 1 s.
std::string cell(const std::string& card) { return "R1 a 0 1\nC1 a 0 1\n" + card + " thermal=off inject=1"; }

}  // namespace

TEST_CASE("every Langevin method finds the covariances of Ornstein-Uhlenbeck processes", "[circuits][langevin]") {
  struct Case {
    double A[4], S[3];
  };
  for (const Case& c : {Case{{1, 1.5, 0, 1}, {2.125, 1.0, -.75}}, Case{{3, 2.5, 2, 4}, {117.0 / 196.0, 20.0 / 49.0, -31.0 / 98.0}}})
    for (const char* method : methods) {
      INFO(method << " " << c.A[1]);
      // Steps of 0.004 bias variances by 1 % at most (h lambda_max/2), rms values by half of that; errors are about 4 %.
      const Ran ran(ornstein_uhlenbeck(c.A[0], c.A[1], c.A[2], c.A[3]) + ".print langevin v(a) v(b) v(a,b)\n" + card(method, "tstep=4m tstop=400 seed=11"));
      const double wanted[] = {c.S[0], c.S[1], c.S[0] + c.S[1] - 2.0 * c.S[2]};
      const char* const output[] = {"v(a)", "v(b)", "v(a,b)"};
      for (int k = 0; k < 3; ++k) {
        const Sampled m = measured(ran, output[k]);
        CHECK(m.linear == Approx(std::sqrt(wanted[k])).epsilon(1e-12));
        CHECK(std::abs(m.rms - m.linear) <= 4.0 * m.error);
        CHECK(std::abs(m.off) <= 4.0);
        CHECK(std::abs(m.mean) <= 4.0 * m.error_of_mean);
        CHECK(m.error < 0.1 * m.rms);
      }
    }
}

TEST_CASE("a sampled capacitor's noise is kT/C within its error, whatever the resistance", "[circuits][langevin]") {
  const Ran ran("V1 in 0 0\nR1 in a 1k\nC1 a 0 1p\nR2 in b 1g\nC2 b 0 1p\n.print langevin v(a) v(b)\n.langevin tstep=4m tstop=40 temp=26.85");
  for (const char* output : {"v(a)", "v(b)"}) {
    const Sampled m = measured(ran, output);
    CHECK(std::abs(m.rms - std::sqrt(kT / 1e-12)) <= 3.0 * m.error);
    CHECK(m.error < 0.02 * m.rms);
  }
  CHECK(ran.report.analyses[0].stats.method == "exact");
}

TEST_CASE("exact steps have no bias at any length, implicit ones 1/(1 + h/2 tau), explicit ones 1/(1 - h/2 tau)", "[circuits][langevin]") {
  for (const double h : {1.0, 0.5, 0.25}) {
    const std::string steps = "tstep=" + std::to_string(h) + " tstop=" + std::to_string(20000.0 * h) + " seed=4";
    const double wanted[] = {1.0, 1.0 / (1.0 + 0.5 * h), 1.0 / (1.0 - 0.5 * h)};
    for (int k = 0; k < 3; ++k) {
      INFO(methods[k] << " " << h);
      const Sampled m = measured(Ran(cell(card(methods[k], steps))), "v(a)");
      CHECK(m.at_step == Approx(std::sqrt(wanted[k])).epsilon(1e-12));
      CHECK(std::abs(m.rms - std::sqrt(wanted[k])) <= 4.0 * m.error);
      CHECK(m.error < 0.05 * m.rms);
    }
  }
}

TEST_CASE("implicit steps are of weak order one in a network", "[circuits][langevin]") {
  const auto bias = [](const char* step) {
    const Ran ran(std::string(reciprocal_net) + ".print langevin v(n4)\n" + card("implicit", std::string("tstep=") + step + " tstop=2 thermal=off inject=1"));
    const Sampled m = measured(ran, "v(n4)");
    return 1.0 - m.at_step * m.at_step / (m.linear * m.linear);
  };
  CHECK(std::log2(bias("20m") / bias("10m")) == Approx(1.0).margin(0.05));  // the next term is h/2 tau_min = 0.03 relative, half of it goes into the quotient
}

TEST_CASE("a nonlinear circuit samples the Gibbs distribution of its co-content", "[circuits][langevin]") {
  // i = v^3 on 1 F, T_e = 1: density exp(-v^4/4), <v^2> = 2 Gamma(3/4)/Gamma(1/4).
  const double wanted = std::sqrt(2.0 * std::tgamma(0.75) / std::tgamma(0.25));
  const Ran ran("B1 a 0 i=v(a)^3+1e-3*v(a)\nC1 a 0 1\n.langevin tstep=10m tstop=2000 discard=10 seed=2 thermal=off inject=1");
  const Sampled m = measured(ran, "v(a)");
  CHECK(ran.report.analyses[0].stats.method == "implicit");
  CHECK(m.error < 0.02 * m.rms);
  CHECK(std::abs(m.rms - wanted) <= 4.0 * m.error + 0.01 * wanted);  // h <f'>/4 = h 3 <v^2>/4 = 0.5 % is the step's bias, 1e-3 v moves it by less than 0.1 %
}

TEST_CASE("the same seed gives the same bits, another seed others, and a device more does not matter", "[circuits][langevin]") {
  const auto samples = [](const std::string& more, const std::string& seed, int threads) {
    const Ran ran("R1 a 0 1\nC1 a 0 1\n" + more + ".print langevin v(a)\n.langevin method=implicit tstep=10m tstop=3 discard=0 thermal=off inject=1 seed=" + seed, threads);
    return ran.values("langevin1", "v", "a");
  };
  const std::vector<double> first = samples("", "1", 1);
  CHECK(first.size() == 300);
  CHECK(samples("", "1", 1) == first);
  CHECK(samples("", "1", 2) == first);
  CHECK(samples("", "2", 1) != first);
  const std::vector<double> beside = samples("R0 c 0 1\nC0 c 0 1\n", "1", 1);
  for (std::size_t k = 0; k < first.size(); ++k) CHECK(beside[k] == Approx(first[k]).epsilon(1e-9).margin(1e-12));  // another matrix, other rounding
}

TEST_CASE("noise rides on a moving source, and every= thins what is recorded", "[circuits][langevin]") {
  const Ran ran("V1 in 0 SIN(0 1 1k)\nR1 in a 1k\nC1 a 0 1n\n.print langevin v(a)\n.langevin tstep=1u tstop=10m every=10");
  CHECK(ran.report.analyses[0].stats.points == 1000);
  CHECK(measured(ran, "v(a)").rms == Approx(std::sqrt(0.5)).epsilon(1e-3));  // ten periods of 1 V; the corner lies at 159 kHz
  CHECK(fact_of(ran, "linearized covariance").text.find("the sources move") != std::string::npos);
}

TEST_CASE("methods refuse what they cannot do, and say what they can", "[circuits][langevin]") {
  const std::string unstable = refusal_of(cell(card("euler-maruyama", "tstep=2.5 tstop=100")));
  CHECK(unstable.find("unstable with tstep=2.5 s: at most 2 s here") != std::string::npos);
  const char* const chain = "V1 in 0 1\nR1 in m 1k\nR2 m a 1k\nC1 a 0 1p\n.print langevin v(a)\n";
  CHECK(refusal_of(chain + card("euler-maruyama", "tstep=1p tstop=1n")).find("cannot move node 'm', which has no capacitance") != std::string::npos);
  CHECK(refusal_of(chain + card("implicit", "tstep=100p tstop=100n")) == "no failure");
  CHECK(refusal_of("D1 a 0 d\nR1 a 0 1k\nC1 a 0 1p\n.model d d\n" + card("exact", "tstep=1n tstop=1u")).find("'d1' is not linear; use method=implicit") != std::string::npos);
  CHECK(refusal_of("V1 in 0 SIN(0 1 1k)\nR1 in a 1k\nC1 a 0 1n\n" + card("exact", "tstep=1u tstop=1m")).find("a source has a waveform") != std::string::npos);
}
