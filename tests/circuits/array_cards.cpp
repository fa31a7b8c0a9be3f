// Crossbar cards: what they are worked out to.
#include <cmath>
#include <numeric>
#include <set>

#include "circuits/array_expand.hpp"
#include "circuits/feedback.hpp"
#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

namespace {

const FlatArray& array(const DeckText& deck, const std::string& name) {
  for (const FlatArray& a : deck.netlist.arrays)
    if (a.name == name) return a;
  FAIL("no array " << name << "\n" << deck.diagnostics.render());
  throw std::logic_error(name);
}

std::vector<double> conductances(const ArrayCells& cells, std::size_t count) {
  if (const auto it = cells.varied.find("g"); it != cells.varied.end()) return it->second;
  return std::vector<double>(count, cells.values.at("g"));
}

}  // namespace

TEST_CASE("a crossbar is as large as its buses, and its conductances follow row and col", "[circuits][array]") {
  const DeckText deck("Ycrossbar xb in[0:2]+bias out[1:0] g={1u*(1+row)+0.1u*col}");
  CHECK(deck.clean());
  const FlatArray& xb = array(deck, "xb");
  CHECK(xb.rows == std::vector<std::string>{"in[0]", "in[1]", "in[2]", "bias"});
  CHECK(xb.columns == std::vector<std::string>{"out[1]", "out[0]"});
  CHECK(xb.cells.kind->name == "conductance");
  CHECK(xb.cells.varied.at("g")[5] == Approx(3.1e-6).epsilon(1e-14));
  CHECK(xb.cells.values.empty());
}

TEST_CASE("what is the same everywhere is kept once, with the model's own parameters", "[circuits][array]") {
  const DeckText deck(".model cell conductance(gmin=1u gmax=50u)\nYcrossbar xb a b cell g=20u\n.param x=3u\nYcrossbar xc a b g=x");
  CHECK(deck.clean());
  CHECK(array(deck, "xb").cells.values == std::map<std::string, double>{{"g", 20e-6}, {"gmin", 1e-6}, {"gmax", 50e-6}});
  CHECK(array(deck, "xb").cells.model == "cell");
  CHECK(array(deck, "xb").cells.varied.empty());
  CHECK(array(deck, "xc").cells.values.at("g") == 3e-6);
}

TEST_CASE("a crossbar in a subcircuit has local names and ports", "[circuits][array]") {
  const DeckText deck(".subckt layer in[0] in[1] out\nYcrossbar xb in[0:1] out g=1u rdrive=10\n.ends\nX1 p q s layer");
  CHECK(deck.clean());
  const FlatArray& xb = array(deck, "x1.xb");
  CHECK(xb.rows == std::vector<std::string>{"p", "q"});
  CHECK(xb.columns == std::vector<std::string>{"s"});
  CHECK(xb.path == std::vector<std::string>{"x1"});
}

TEST_CASE("random conductances are those of each crossing, whatever else there is", "[circuits][array]") {
  const std::string card = "Ycrossbar xb a[0:7] b[0:3] g={10u*(1+0.1*gauss(1))+unif(5u,0.5)}";
  const DeckText one(card, {}, 11), other("R1 p 0 1k\nYcrossbar xa a[0:7] b[0:3] g={unif(5u,0.5)}\n" + card, {}, 11);
  const DeckText wide("Ycrossbar xb a[0:7] b[0:8] g={10u*(1+0.1*gauss(1))+unif(5u,0.5)}", {}, 11), seeded(card, {}, 12);
  const std::vector<double> g = conductances(array(one, "xb").cells, 32);
  CHECK(conductances(array(other, "xb").cells, 32) == g);
  CHECK(conductances(array(seeded, "xb").cells, 32) != g);
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 4; ++j) CHECK(array(wide, "xb").cells.varied.at("g")[i * 9 + j] == g[i * 4 + j]);
  CHECK(std::set<double>(g.begin(), g.end()).size() == 32);
}

TEST_CASE("signed weights are differences of two columns", "[circuits][array]") {
  const std::string w = "w={10u*(row-0.5)*(1+col)}";
  const DeckText deck("Ycrossbar xa a[0:1] p[0:1] minus=n[0:1] " + w + "\nYcrossbar xb a[0:1] p[0:1] gbase=20u ground=virtual sign=-1 " + w +
                      "\n.model c conductance(gmin=2u)\nYcrossbar xc a[0:1] p[0:1] c minus=n[0:1] ground=virtual " + w);
  CHECK(deck.clean());
  CHECK(array(deck, "xa").columns == std::vector<std::string>{"p[0]", "n[0]", "p[1]", "n[1]"});
  CHECK(array(deck, "xb").columns == std::vector<std::string>{"p[0]", "p[0]", "p[1]", "p[1]"});
  CHECK(array(deck, "xb").sign == std::vector<double>{-1.0, 1.0, -1.0, 1.0});
  CHECK(array(deck, "xc").sign == std::vector<double>(4, 1.0));
  const auto check = [&](const std::string& name, const std::vector<double>& expected) {
    const std::vector<double> g = conductances(array(deck, name).cells, 8);
    for (std::size_t k = 0; k < 8; ++k) CHECK(g[k] == Approx(expected[k]).epsilon(1e-14).margin(1e-22));
  };
  check("xa", {0, 5e-6, 0, 10e-6, 5e-6, 0, 10e-6, 0});
  check("xb", {17.5e-6, 22.5e-6, 15e-6, 25e-6, 22.5e-6, 17.5e-6, 25e-6, 15e-6});
  check("xc", {2e-6, 7e-6, 2e-6, 12e-6, 7e-6, 2e-6, 12e-6, 2e-6});
}

TEST_CASE("feedback stands at its angle, with the mean and the spread of the forward weights", "[circuits][array]") {
  const double angle = GENERATE(0.0, 15.0, 45.0, 90.0);
  const DeckText deck("Ycrossbar xb a[0:9] b[0:6] coupling=pair g={unif(50u,0.3)} angle=" + std::to_string(angle), {}, 3);
  CHECK(deck.clean());
  const FlatArray& xb = array(deck, "xb");
  const std::vector<double> forward = conductances(xb.cells, 70), back = conductances(xb.back, 70);
  CHECK(angle_between(forward, back, mean_of(forward)) == Approx(angle).epsilon(1e-9).margin(2e-6));  // acos near 1 keeps half the digits
  CHECK(mean_of(back) == Approx(mean_of(forward)).epsilon(1e-13));
  const auto spread = [](const std::vector<double>& g) {
    const double mean = mean_of(g);
    return std::accumulate(g.begin(), g.end(), 0.0, [&](double sum, double x) { return sum + (x - mean) * (x - mean); });
  };
  CHECK(spread(back) == Approx(spread(forward)).epsilon(1e-12));
}

TEST_CASE("signed weights keep their angle about zero", "[circuits][array]") {
  const DeckText deck("Ycrossbar xb a[0:4] b[0:4] coupling=pair ground=virtual gbase=100u w={gauss(10u)} angle=60", {}, 3);
  CHECK(deck.clean());
  const FlatArray& xb = array(deck, "xb");
  const std::vector<double> g = conductances(xb.cells, 50), back = conductances(xb.back, 50);
  std::vector<double> w, v;
  for (std::size_t k = 0; k < 50; k += 2) w.push_back(g[k] - g[k + 1]), v.push_back(back[k] - back[k + 1]);
  CHECK(angle_between(w, v, 0.0) == Approx(60.0).epsilon(1e-9));
}

TEST_CASE("feedback that leaves the devices' bounds is cut, with a warning that says the angle reached", "[circuits][array]") {
  const DeckText deck(".model c conductance(gmin=10u gmax=20u)\nYcrossbar xb a[0:9] b[0:6] c coupling=pair g={unif(15u,0.33)} angle=45", {}, 3);
  CHECK_FALSE(deck.diagnostics.has_errors());
  CHECK(deck.warning(3, 69, "are taken to these bounds; the angle is 4"));
  for (double g : conductances(array(deck, "xb").back, 70)) CHECK((g >= 10e-6 && g <= 20e-6));
}

TEST_CASE("faults come with the frequency asked for, each crossing by itself", "[circuits][array]") {
  const DeckText deck("Ycrossbar xb a[0:299] b[0:333] g=10u open=0.02 short=0.01 stuck_on=0.1 stuck_off=0.05 gon=50u goff=1u", {}, 5);
  CHECK(deck.clean());
  const FlatArray& xb = array(deck, "xb");
  const double n = 300.0 * 334.0;
  for (const auto& [sort, share, g] : {std::tuple{ArrayFault::Sort::open, 0.02, 0.0}, std::tuple{ArrayFault::Sort::shorted, 0.01, 1.0},
                                       std::tuple{ArrayFault::Sort::stuck_on, 0.1, 50e-6}, std::tuple{ArrayFault::Sort::stuck_off, 0.05, 1e-6}}) {
    double count = 0.0;
    for (const ArrayFault& fault : xb.faults)
      if (fault.sort == sort) {
        ++count;
        CHECK(fault.conductance == g);
      }
    CHECK(std::abs(count - n * share) < 4.0 * std::sqrt(n * share * (1.0 - share)));
  }
  for (std::size_t k = 1; k < xb.faults.size(); ++k) CHECK(xb.faults[k - 1].crossing < xb.faults[k].crossing);
  // Neighbours fail independently: as many pairs in a row as the square says.
  double pairs = 0.0;
  for (std::size_t k = 1; k < xb.faults.size(); ++k) pairs += xb.faults[k].crossing == xb.faults[k - 1].crossing + 1;
  const double p = 0.18;
  CHECK(std::abs(pairs - n * p * p) < 4.0 * p * std::sqrt(n * (1.0 + 2.0 * p - 3.0 * p * p)));
}

TEST_CASE("a fault more does not move the others", "[circuits][array]") {
  const auto faults = [](const std::string& options) {
    const DeckText deck("Ycrossbar xb a[0:19] b[0:19] g=10u " + options, {}, 5);
    CHECK(deck.clean());
    std::set<std::size_t> open;
    for (const ArrayFault& fault : array(deck, "xb").faults)
      if (fault.sort == ArrayFault::Sort::open) open.insert(fault.crossing);
    return open;
  };
  const std::set<std::size_t> few = faults("open=0.05"), more = faults("open=0.1");
  CHECK(few.size() > 5);
  CHECK(std::includes(more.begin(), more.end(), few.begin(), few.end()));
  CHECK(faults("open=(1,2) (3,4)") == std::set<std::size_t>{22, 64});
}

TEST_CASE("an expansion has the names a user can ask for", "[circuits][array]") {
  const DeckText deck("Ycrossbar xb a[0:1] b[0:2] g=1u rrow=1 rcol=2 rdrive=3 rsense=4 crow=1f ccol=1f ccrow=1f cccol=1f ccross=1f rterm=5 rload=6 selector=resistor");
  CHECK(deck.clean());
  const ArrayExpansion expansion = expand(array(deck, "xb"));
  std::map<std::string, std::vector<std::string>> nodes;
  for (const FlatDevice& d : expansion.devices) CHECK(nodes.emplace(d.name, d.nodes).second);
  using Nodes = std::vector<std::string>;
  CHECK(nodes.at("xb[1,2]") == Nodes{"xb.r[1,2]", "xb.m[1,2]"});
  CHECK(nodes.at("xb.sel[1,2]") == Nodes{"xb.m[1,2]", "xb.c[1,2]"});
  CHECK(nodes.at("xb.rd[1]") == Nodes{"a[1]", "xb.r[1,0]"});
  CHECK(nodes.at("xb.rr[1,1]") == Nodes{"xb.r[1,1]", "xb.r[1,2]"});
  CHECK(nodes.at("xb.rt[1]") == Nodes{"xb.r[1,2]", "0"});
  CHECK(nodes.at("xb.cc[0,2]") == Nodes{"xb.c[0,2]", "xb.c[1,2]"});
  CHECK(nodes.at("xb.cs[2]") == Nodes{"xb.c[1,2]", "b[2]"});
  CHECK(nodes.at("xb.cl[2]") == Nodes{"b[2]", "0"});
  CHECK(nodes.at("xb.crow[1,2]") == Nodes{"xb.r[1,2]", "0"});
  CHECK(nodes.at("xb.ccrow[0,2]") == Nodes{"xb.r[0,2]", "xb.r[1,2]"});
  CHECK(nodes.at("xb.cccol[1,1]") == Nodes{"xb.c[1,1]", "xb.c[1,2]"});
  CHECK(nodes.at("xb.ccross[1,2]") == Nodes{"xb.r[1,2]", "xb.c[1,2]"});
  // 6 cells, 6 selectors; wires 2 + 4 + 2 and 3 + 3 + 3; capacitors 6 + 3, 6 + 4, 6
  CHECK(expansion.devices.size() == 12 + 8 + 9 + 25);
}
