// Mismatch: draws against their laws, and what they do not depend on.
#include "circuits/mismatch.hpp"

#include <cmath>
#include <set>

#include "circuits/bench.hpp"
#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

namespace {

/// A deck with its mismatch drawn.
struct Drawn : DeckText {
  explicit Drawn(const std::string& lines, std::uint64_t seed = 1, const std::vector<DeviceSetting>& settings = {}) : DeckText(lines, {}, seed) {
    finish_netlist(netlist, settings, {}, diagnostics);
  }
};

/// An array of resistors of 1 kOhm with one card about it.
struct DrawnArray {
  Sources sources;
  Diagnostics diagnostics{sources};
  Netlist netlist;

  explicit DrawnArray(std::vector<MismatchCard> cards, std::size_t rows = 400, std::size_t columns = 250, bool pair = false) {
    FlatArray array;
    array.name = "xb";
    array.rows.resize(rows), array.columns.resize(columns);
    array.cells = {.kind = Registry<Kind>::find("resistor"), .model = "", .model_type = "", .values = {{"r", 1e3}}, .varied = {}, .write = nullptr};
    if (pair) array.back = array.cells, array.coupling = FlatArray::Coupling::pair;
    netlist.arrays.push_back(array);
    netlist.mismatches = std::move(cards);
    apply_mismatch(netlist, diagnostics);
    INFO(diagnostics.render());
    REQUIRE(!diagnostics.has_errors());
  }
  const std::vector<double>& forward() const { return netlist.arrays[0].cells.varied.at("r"); }
  const std::vector<double>& back() const { return netlist.arrays[0].back.varied.at("r"); }
};

MismatchCard card(Spread dev, MismatchCard::Law law = MismatchCard::Law::normal) {
  MismatchCard card;
  card.target = "xb", card.field = "r", card.dev = dev, card.law = law;
  return card;
}

struct Moments {
  double mean = 0.0, variance = 0.0, fourth = 0.0;
  double count = 0.0;
  explicit Moments(const std::vector<double>& x) : count(static_cast<double>(x.size())) {
    for (const double each : x) mean += each / count;
    for (const double each : x) variance += std::pow(each - mean, 2) / count, fourth += std::pow(each - mean, 4) / count;
  }
  bool agree(double wanted_mean, double wanted_deviation) const {
    const double square = wanted_deviation * wanted_deviation;
    UNSCOPED_INFO("mean " << mean << " for " << wanted_mean << ", deviation " << std::sqrt(variance) << " for " << wanted_deviation);
    return std::abs(mean - wanted_mean) < 4.0 * wanted_deviation / std::sqrt(count) && std::abs(variance - square) < 4.0 * std::sqrt((fourth - variance * variance) / count);
  }
};

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const Moments x(a), y(b);
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - x.mean) * (b[k] - y.mean) / x.count;
  return sum / std::sqrt(x.variance * y.variance);
}

}  // namespace

TEST_CASE("mismatch of 10^5 crossings follows its law within four standard errors", "[circuits][mismatch]") {
  using Law = MismatchCard::Law;
  CHECK(Moments(DrawnArray({card({0.05, true})}).forward()).agree(1e3, 50.0));
  CHECK(Moments(DrawnArray({card({20.0, false})}).forward()).agree(1e3, 20.0));
  CHECK(Moments(DrawnArray({card({0.05, true}, Law::uniform)}).forward()).agree(1e3, 50.0 / std::sqrt(3.0)));
  const double s = 0.3, mean = 1e3 * std::exp(0.5 * s * s);
  CHECK(Moments(DrawnArray({card({s, true}, Law::lognormal)}).forward()).agree(mean, mean * std::sqrt(std::expm1(s * s))));
}

TEST_CASE("truncated mismatch stays within, drawn again or clipped", "[circuits][mismatch]") {
  MismatchCard cut = card({0.1, true});
  cut.truncate = 1.5;
  // Standard normal within -1.5 ... 1.5: variance 1 - 2 a phi(a) / (2 Phi(a) - 1).
  const double a = 1.5, density = std::exp(-0.5 * a * a) / std::sqrt(2.0 * M_PI), part = std::erf(a / std::sqrt(2.0));
  const std::vector<double> x = DrawnArray({cut}).forward();
  CHECK(Moments(x).agree(1e3, 100.0 * std::sqrt(1.0 - 2.0 * a * density / part)));
  CHECK(*std::max_element(x.begin(), x.end()) <= 1e3 + 150.0);

  MismatchCard clipped = card({0.1, true});
  clipped.lower = 900.0, clipped.outside = MismatchCard::Outside::clip;
  const std::vector<double> y = DrawnArray({clipped}).forward();
  const double at_bound = static_cast<double>(std::count(y.begin(), y.end(), 900.0)) / static_cast<double>(y.size());
  const double p = 0.5 * std::erfc(1.0 / std::sqrt(2.0));
  CHECK(std::abs(at_bound - p) < 4.0 * std::sqrt(p * (1.0 - p) / static_cast<double>(y.size())));
  MismatchCard again = clipped;
  again.outside = MismatchCard::Outside::resample;
  const std::vector<double> z = DrawnArray({again}).forward();
  CHECK(*std::min_element(z.begin(), z.end()) > 900.0);
  for (std::size_t k = 0; k < z.size(); ++k)
    if (y[k] != 900.0) REQUIRE(z[k] == y[k]);  // only what lay outside was drawn again
}

TEST_CASE("forward and backward conductances are independent, or as correlated as the card says", "[circuits][mismatch]") {
  for (const double rho : {0.0, 0.6, -1.0, 1.0}) {
    INFO("rho " << rho);
    MismatchCard both = card({0.1, true});
    both.correlated = rho != 0.0, both.correlation = rho;
    MismatchCard other = card({0.001, false});
    other.field = "tc1";
    const DrawnArray array({other, both}, 400, 250, true);
    CHECK(Moments(array.back()).agree(1e3, 100.0));
    // Standard error of a sample correlation of normal numbers: (1 - rho^2) / sqrt(n).
    CHECK(std::abs(correlation(array.forward(), array.back()) - rho) <= 4.0 * (1.0 - rho * rho) / std::sqrt(1e5) + 1e-9);
  }
}

TEST_CASE("a crossing keeps its draw when its array grows, and other arrays or fields do not matter", "[circuits][mismatch]") {
  const DrawnArray small({card({0.1, true})}, 3, 4), large({card({0.1, true})}, 30, 50);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) CHECK(small.forward()[i * 4 + j] == large.forward()[i * 50 + j]);
  MismatchCard other = card({0.001, false});
  other.field = "tc1";
  CHECK(DrawnArray({other, card({0.1, true})}, 3, 4).forward() == small.forward());
  CHECK(DrawnArray({card({0.1, true})}, 3, 4, true).forward() == small.forward());
}

TEST_CASE("a device's draw depends on its name, its field and the seed alone", "[circuits][mismatch]") {
  const std::string r1 = "R1 a 0 1k tc1=1m", r2 = "R2 a 0 1k", x = "X1 a s\n.subckt s p\nR1 p 0 2k\n.ends";
  const std::string cards = ".mismatch *r* r dev=5%";
  const Drawn plain(r1 + "\n" + r2 + "\n" + x + "\n" + cards);
  const Drawn mixed("C7 a 0 1p\n" + cards + "\n.mismatch r1 tc1 dev=10%\n.mismatch c* c dev=10%\n" + x + "\n" + r2 + "\nR0 a 0 3k\n" + r1);
  CHECK(plain.clean());
  CHECK(mixed.clean());
  std::set<double> ratios;
  for (const char* name : {"r1", "r2", "x1.r1"}) {
    CHECK(plain.value(name, "r") == mixed.value(name, "r"));
    ratios.insert(plain.value(name, "r") / (std::string(name) == "x1.r1" ? 2e3 : 1e3));
  }
  CHECK(ratios.size() == 3);
  CHECK(Drawn(r1 + "\n" + cards, 2).value("r1", "r") != plain.value("r1", "r"));
  CHECK(plain.value("r1", "tc1") == 1e-3);
}

TEST_CASE("a lot moves all devices of a card together", "[circuits][mismatch]") {
  const std::string two = "R1 a 0 1k\nR2 a 0 2k\n.mismatch r* r lot=5%";
  std::vector<double> lots;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Drawn deck(two, seed);
    REQUIRE(deck.value("r2", "r") == Approx(2.0 * deck.value("r1", "r")).epsilon(1e-14));
    lots.push_back(deck.value("r1", "r"));
  }
  CHECK(Moments(lots).agree(1e3, 50.0));
}

TEST_CASE("device and lot spreads add their variances", "[circuits][mismatch]") {
  std::vector<double> values, differences;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const Drawn deck("R1 a 0 1k\nR2 a 0 1k\n.mismatch r* r dev=3% lot=40", seed);
    values.push_back(deck.value("r1", "r"));
    differences.push_back(deck.value("r1", "r") - deck.value("r2", "r"));
  }
  CHECK(Moments(values).agree(1e3, 50.0));
  CHECK(Moments(differences).agree(0.0, 30.0 * std::sqrt(2.0)));
}

TEST_CASE("Pelgrom's law: the spread falls as one over the root of the area", "[circuits][mismatch]") {
  // A_vt = 3.5 mV um, Pelgrom et al. 1989 (doi:10.1109/JSSC.1989.572629): 0.35 mV at 10 um x 10 um.
  std::vector<double> large, small;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const Drawn deck("M1 a a 0 0 nm w=10u l=10u\nM2 a a 0 0 nm w=5u l=5u m=4\nM3 a a 0 0 nm w=1u l=1u\n.model nm nmos vto=0.5 kp=100u\n"
                     ".mismatch model nm vto area=3.5n", seed);
    large.push_back(deck.value("m1", "vto")), small.push_back(deck.value("m3", "vto"));
    const double z1 = deck.value("m1", "vto") - 0.5, z2 = deck.value("m2", "vto") - 0.5;
    if (seed == 0) CHECK(z1 != z2);
  }
  CHECK(Moments(large).agree(0.5, 0.35e-3));
  CHECK(Moments(small).agree(0.5, 3.5e-3));
}

TEST_CASE("mismatch is about the value a device has after settings, and the last card counts", "[circuits][mismatch]") {
  const Drawn plain("R1 a 0 1k\n.mismatch r1 r dev=5%"), set("R1 a 0 1k\n.mismatch r1 r dev=5%", 1, {{"r1", "r", 3e3}});
  CHECK(set.value("r1", "r") == Approx(3.0 * plain.value("r1", "r")).epsilon(1e-14));
  const Drawn later("R1 a 0 1k\nR2 a 0 1k\n.mismatch r* r dev=20%\n.mismatch r1 r dev=5%");
  CHECK(later.value("r1", "r") == plain.value("r1", "r"));
  CHECK(Drawn("R1 a 0 1k\n.mismatch r1 r dev=5%\n.mismatch r* r dev=1%").warning(3, 1, "has no effect"));
  REQUIRE(plain.netlist.drawn.size() == 1);
  CHECK(plain.netlist.drawn[0].nominal == 1e3);
}
