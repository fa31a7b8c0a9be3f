// .settle: settling times against closed forms, where a circuit is let go from, and what is said of one that never rests.
#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

const FactTable::Row& node(const Ran& ran, const std::string& name) {
  for (const FactTable& table : ran.report.analyses.at(0).stats.tables)
    for (const FactTable::Row& row : table.rows)
      if (row.name == name) return row;
  throw std::runtime_error("no node " + name);
}
double settling(const Ran& ran, const std::string& name) { return node(ran, name).values.at(0); }
double rest(const Ran& ran, const std::string& name) { return node(ran, name).values.at(2); }
double overshoot(const Ran& ran, const std::string& name) { return node(ran, name).values.at(3); }

std::string fact(const Ran& ran, const std::string& name) {
  for (const Fact& f : ran.report.analyses.at(0).stats.facts)
    if (f.name == name) return f.text;
  throw std::runtime_error("no fact " + name);
}

std::string failure(const std::string& deck) {
  try {
    const Ran ran(deck);
  } catch (const Error& error) {
    return error.what();
  }
  return "no failure";
}

/// The last time at which |deviation| crosses `band`, looking back from `end` in `steps` steps.
double last_crossing(const std::function<double(double)>& deviation, double band, double end, int steps) {
  int k = steps;
  while (k > 0 && std::abs(deviation(end * k / steps)) <= band) --k;
  double a = end * k / steps, b = end * (k + 1) / steps;
  for (int n = 0; n < 60; ++n) (std::abs(deviation(0.5 * (a + b))) > band ? a : b) = 0.5 * (a + b);
  return 0.5 * (a + b);
}

// The integrator errs by 1e-3 of the band, so by tau/1000 in time: a share of 1/(1000 ln(1/tol)) of the settling time.
double share(double tolerance) { return 1e-3 / std::log(1.0 / tolerance); }

}  // namespace

TEST_CASE("an RC node settles after tau times the logarithm of one over the tolerance", "[circuits][settle]") {
  for (const double tolerance : {0.1, 1e-3, 1e-6}) {
    const Ran ran("V1 in 0 2\nR1 in a 1k\nC1 a 0 1u\n.settle tol=" + fmt::format("{:g}", tolerance));
    CHECK(settling(ran, "a") == Approx(1e-3 * std::log(1.0 / tolerance)).epsilon(share(tolerance)));
    CHECK(rest(ran, "a") == Approx(2.0).epsilon(1e-9));
    CHECK(overshoot(ran, "a") == 0.0);
    CHECK(fact(ran, "slowest node") == "a");
  }
}

TEST_CASE("each node of a ladder gets its own settling time", "[circuits][settle]") {
  const Ran ran("V1 in 0 1\nR1 in a 1k\nC1 a 0 1n\nR2 a b 1k\nC2 b 0 1n\n.settle");
  const double s5 = std::sqrt(5.0), tau = 1e-6, fast = (3.0 + s5) / 2.0 / tau, slow = (3.0 - s5) / 2.0 / tau;
  // Modes of [-2 1; 1 -1] are (1, (1 -+ sqrt 5)/2); both nodes start one volt below their rest.
  const double m_fast = (1.0 - s5) / 2.0, m_slow = (1.0 + s5) / 2.0, c_fast = (m_slow - 1.0) / (m_slow - m_fast), c_slow = 1.0 - c_fast;
  const auto a = [&](double t) { return c_fast * std::exp(-fast * t) + c_slow * std::exp(-slow * t); };
  const auto b = [&](double t) { return c_fast * m_fast * std::exp(-fast * t) + c_slow * m_slow * std::exp(-slow * t); };
  CHECK(settling(ran, "a") == Approx(last_crossing(a, 1e-3, 50e-6, 1000)).epsilon(share(1e-3)));
  CHECK(settling(ran, "b") == Approx(last_crossing(b, 1e-3, 50e-6, 1000)).epsilon(share(1e-3)));
  CHECK(fact(ran, "Newton alone").rfind("finds the same rest state", 0) == 0);
}

TEST_CASE("a ringing node settles at its last swing out of the band, and its overshoot is told", "[circuits][settle]") {
  const Ran ran("V1 in 0 1\nR1 in l 100\nL1 l a 1m\nC1 a 0 1n\n.settle");
  const double decay = 100.0 / (2.0 * 1e-3), w = std::sqrt(1.0 / (1e-3 * 1e-9) - decay * decay);
  const auto a = [&](double t) { return std::exp(-decay * t) * (std::cos(w * t) + decay / w * std::sin(w * t)); };
  // Swings of 1e6/s cross the band within 1e-9 s of their time where the integrator errs by 1e-6 V; it errs by more over 20 periods.
  CHECK(settling(ran, "a") == Approx(last_crossing(a, 1e-3, 400e-6, 100000)).epsilon(1e-3));
  CHECK(overshoot(ran, "a") == Approx(std::exp(-std::numbers::pi * decay / w)).epsilon(1e-3));
}

TEST_CASE("from the operating point settling counts from the last edge of a source", "[circuits][settle]") {
  const Ran ran("V1 in 0 pwl(0 0.5 1m 0.5 1.000001m 1)\nR1 in a 1k\nC1 a 0 1u\n.settle from=op");
  CHECK(settling(ran, "a") == Approx(1e-3 * std::log(1e3)).epsilon(2.0 * share(1e-3)));
  CHECK(node(ran, "a").values.at(1) == Approx(0.5));
}

TEST_CASE("a pair of neurons that inhibit each other settles on the side it was let go from", "[circuits][settle]") {
  const std::string pair = "Ca a 0 1n\nRa a 0 1meg\nBa 0 a i=-1u*tanh(4*v(b))\nCb b 0 1n\nRb b 0 1meg\nBb 0 b i=-1u*tanh(4*v(a))\n.settle\n";
  const Ran first(pair + ".ic v(a)=10m v(b)=0"), second(pair + ".ic v(a)=0 v(b)=10m");
  double x = 1.0;
  for (int n = 0; n < 200; ++n) x = std::tanh(4.0 * x);  // a = tanh(4 a), the rest state of both up to sign
  CHECK(rest(first, "a") == Approx(x).epsilon(1e-6));
  CHECK(rest(first, "b") == Approx(-x).epsilon(1e-6));
  CHECK(rest(second, "a") == Approx(-x).epsilon(1e-6));
  CHECK(fact(first, "Newton alone").rfind("finds ANOTHER rest state", 0) == 0);
  CHECK(fact(first, "let go from") == "initial conditions");
}

TEST_CASE("Newton's iteration alone gives the rest state and the current left", "[circuits][settle]") {
  const Ran ran("V1 in 0 2\nR1 in a 1k\nR2 a 0 3k\nC1 a 0 1u\n.settle method=newton");
  CHECK(node(ran, "a").values.at(0) == Approx(1.5).epsilon(1e-9));
  for (const Fact& f : ran.report.analyses.at(0).stats.facts)
    if (f.name == "largest current left at a node") CHECK(f.value < 1e-12);
}

TEST_CASE("a circuit that oscillates is told with its node and its period", "[circuits][settle]") {
  const std::string text = failure("C1 a 0 1\nL1 a 0 1\nB1 a 0 i=-0.2*v(a)+0.05*v(a)^3\n.ic v(a)=0.1\n.settle tmax=300");
  INFO(text);
  CHECK(text.find("node 'a' oscillates between -2.3") != std::string::npos);  // v^2 = 4 0.2/(3 0.05)
  CHECK(text.find("period of about 6.") != std::string::npos);
}

TEST_CASE("what cannot settle is refused with what to do", "[circuits][settle]") {
  CHECK(failure("V1 a 0 1\nR1 a b 1k\nR2 b 0 1k\n.settle").find("nothing in this circuit takes time") != std::string::npos);
  CHECK(failure("V1 a 0 sin(0 1 1k)\nR1 a b 1k\nC2 b 0 1u\n.settle from=op").find("'v1' never rests") != std::string::npos);
  CHECK(failure("V1 a 0 1\nR1 a b 1k\nC2 b 0 1u\n.settle from=op").find("no source has an edge after t = 0") != std::string::npos);
  CHECK(failure("V1 a 0 1\nR1 a b 1k\nC2 b 0 1u\n.settle tmax=1m").find("node 'b' still moves") != std::string::npos);
}
