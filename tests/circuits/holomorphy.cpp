// The linter for complex voltages: which devices and expressions it names, and that runs with complex voltages ask it.
#include "circuits/holomorphy.hpp"

#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

namespace {

std::string findings(const std::string& lines) {
  const DeckText deck(lines);
  REQUIRE(deck.clean());
  std::string text;
  for (const HolomorphyFinding& f : holomorphy_findings(deck.netlist)) text += f.device + (f.how == Holomorphy::piecewise ? " piecewise " : " nowhere ");
  return text;
}

}  // namespace

TEST_CASE("smooth devices and expressions are complex-differentiable", "[circuits][holomorphy]") {
  CHECK(findings("V1 a 0 1\nR1 a b 1k\nC1 b 0 1u\nL1 b c 1m\nG1 0 c b 0 1m\nB1 d 0 v=tanh(4*v(b))+exp(-v(c))\nB2 0 c i=1m*v(b)^3/(1+v(c)*v(c))\nR2 c 0 1k\nR3 d 0 1") == "");
}

TEST_CASE("the linter names devices and expressions that compare voltages", "[circuits][holomorphy]") {
  CHECK(findings("R1 a 0 1k\nB1 a 0 i=1m*abs(v(a))") == "b1 nowhere ");
  CHECK(findings("R1 a 0 1k\nB1 a 0 i=max(v(a),0)*1m") == "b1 nowhere ");
  CHECK(findings("R1 a 0 1k\nV1 c 0 1\nS1 a 0 c 0 sw\n.model sw sw(vt=0.5)\nR2 c 0 1k") == "s1 nowhere ");
}

TEST_CASE("a run with complex voltages has an error at each such card and one for all its instances", "[circuits][holomorphy]") {
  DeckText deck("R1 a 0 1k\nB1 a 0 i=1m*abs(v(a))\n.subckt clip p\nBc p 0 i=1m*min(v(p),1)\n.ends\nX1 a clip\nX2 a clip\nX3 a clip");
  REQUIRE(deck.clean());
  require_holomorphic(deck.netlist, deck.diagnostics);
  CHECK(deck.diagnostics.errors() == 2);
  CHECK(deck.error(3, 1, "abs"));
  CHECK(deck.error(5, 1, "(and 2 more of this card)"));
}
