// A complex voltage on one wire: what a carrier does in a linear circuit, and what a nonlinearity makes of it.
#include <cmath>
#include <numbers>

#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::Ran;

namespace {

double fact(const Ran& ran, const std::string& name) {
  for (const Fact& f : ran.report.analyses.at(0).stats.facts)
    if (f.name == name) return f.value;
  throw std::runtime_error("no fact " + name);
}
const std::vector<double>& row(const Ran& ran, const std::string& name) {
  for (const FactTable::Row& r : ran.report.analyses.at(0).stats.tables.at(0).rows)
    if (r.name == name) return r.values;
  throw std::runtime_error("no row " + name);
}

std::string deck(const std::string& cubic, double beta) {
  return "I1 0 a 1m\nB1 a 0 i=0.5m*v(a)+" + cubic + "*v(a)^3\nR1 a b 1k\nR2 b 0 1k\nC1 a 0 1p\nC2 b 0 1p\n.teach v(b)=0.1 signal=rotating beta=" + std::to_string(beta) + " period=1m\n.carrier frequency=20k\n";
}

/// Amplitude of v where i(v) = sin: what the node without its capacitor does.
double amplitude() {
  constexpr int count = 4096;
  double sum = 0.0;
  for (int k = 0; k < count; ++k) {
    const double s = std::sin(2.0 * std::numbers::pi * k / count);
    double v = 0.0;
    for (int n = 0; n < 60; ++n) v -= (v + v * v * v - s) / (1.0 + 3.0 * v * v);  // 0.5 + 0.5 mS of the resistors, 1 mA/V^3
    sum += 2.0 / count * v * s;
  }
  return sum;
}

}  // namespace

TEST_CASE("in a linear circuit a carrier carries the response of complex voltages", "[learning][carrier]") {
  const Ran ran(deck("0", 1e-4));
  // J^-1 g of the resistors with g = 0.4 V: -200 and -300 V/S. The carrier feels W C R = 1.3e-4 in quadrature, 2 pi / 32 steps of order 4.
  CHECK(row(ran, "v(a)")[2] == Approx(-200.0).epsilon(1e-4));
  CHECK(row(ran, "v(b)")[2] == Approx(-300.0).epsilon(1e-4));
  CHECK(fact(ran, "image, follows conj(beta)") < 1e-5);
}

TEST_CASE("a cubic on a carrier follows the conjugate of beta, however small beta is", "[learning][carrier]") {
  const Ran ran(deck("1m", 1e-4)), small(deck("1m", 1e-5));
  CHECK(row(ran, "v(a)")[0] == Approx(amplitude()).epsilon(1e-3));  // the nudge itself moves it by beta^2
  CHECK(fact(ran, "image, follows conj(beta)") > 0.1);
  CHECK(fact(small, "image, follows conj(beta)") > 0.1);
  CHECK(fact(small, "error of the response") > 0.1);
}
