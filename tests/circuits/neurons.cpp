// Which nodes are membranes, and which carry their activities.
#include "circuits/neurons.hpp"

#include <catch2/catch.hpp>

#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

namespace {

struct Found {
  DeckText deck;
  Circuit circuit;
  Neurons neurons;
  explicit Found(const std::string& lines) : deck(lines), circuit(deck.netlist, {}, {}), neurons(deck.netlist, circuit) {}

  std::string names() const {
    std::string all;
    for (const Neuron& n : neurons.all()) all += (all.empty() ? "" : " ") + neurons.name(n);
    return all;
  }
  std::string of(const std::string& node) const {
    const auto found = neurons.neuron_of(circuit.find_row(node));
    return found ? neurons.name(*found) : "none";
  }
};

}  // namespace

TEST_CASE("a node that is an explicit function of a membrane is its activity", "[circuits][neurons]") {
  const Found f("C1 u 0 1\nR1 u 0 1\nB1 r 0 v=tanh(8*v(u))\nE1 rn 0 r 0 -1\nR2 rn out 1\nC2 out 0 1\n");
  CHECK(f.names() == "u>r out");
  CHECK(f.of("r") == "u>r");
  CHECK(f.of("u") == "u");
  CHECK(f.of("rn") == "none");
  CHECK(f.of("out") == "out");
  CHECK(f.of("0") == "none");
  CHECK_FALSE(f.neurons.ambiguous(f.neurons.all()[0]));
}

TEST_CASE("a gain makes an activity, and given voltages in its expression do not count", "[circuits][neurons]") {
  const Found f("V1 k 0 2\nC1 u 0 1\nR1 u 0 1\nE1 0 r u 0 -3\nC2 w 0 1\nR2 w 0 1\nB2 s 0 v=tanh(v(k)*v(w,0)+time)\n");
  CHECK(f.names() == "u>r w>s");
  CHECK(f.of("k") == "none");
}

TEST_CASE("functions of several nodes and of currents are readouts", "[circuits][neurons]") {
  const Found f("C1 u 0 1\nR1 u a 1\nC2 w 0 1\nR2 w 0 1\nVs a 0 0\nB1 y 0 v=v(u)*v(w)\nB2 z 0 v=v(u)+i(vs)\nB3 q y v=v(u)\nC3 y 0 1\nRq q 0 1\n");
  CHECK(f.names() == "u w");
  for (const char* node : {"y", "z", "q"}) CHECK(f.of(node) == "none");
}

TEST_CASE("of several sources that read a membrane the first is its activity and the others can be named", "[circuits][neurons]") {
  const Found f("C1 u 0 1\nR1 u 0 1\nB1 r 0 v=tanh(v(u))\nB2 s 0 v=v(u)^2\n");
  REQUIRE(f.names() == "u>r");
  CHECK(f.neurons.ambiguous(f.neurons.all()[0]));
  CHECK(f.of("s") == "u>s");
}

TEST_CASE("nonlinear charge makes a neuron and a node without capacitance is still its own activity", "[circuits][neurons]") {
  const Found f("R0 in u 1\nV1 in 0 1\nD1 u 0 dm\n.model dm d(cjo=1p is=1e-14)\nR1 u v 1\nR2 v 0 1\n");
  CHECK(f.names() == "u");
  CHECK(f.of("v") == "v");
}
