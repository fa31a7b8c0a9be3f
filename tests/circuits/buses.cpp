// Buses and arrays.
#include "circuits/bus.hpp"

#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

TEST_CASE("an array takes the k-th node of each bus, or the same node", "[circuits][bus]") {
  const DeckText deck("R[0:3] in[0:3] h[3:0] 1k\nC[0:3] h[0:3] 0 1p");
  CHECK(deck.clean());
  CHECK(deck.netlist.devices.size() == 8);
  CHECK(deck.device("r[1]").nodes == std::vector<std::string>{"in[1]", "h[2]"});
  CHECK(deck.device("c[2]").nodes == std::vector<std::string>{"h[2]", "0"});
}

TEST_CASE("named indices choose nodes and values", "[circuits][bus]") {
  const DeckText deck("R[i=0:2,j=0:1] row[i] col[j] {1k*(1+i)+j}\nL[k=1:3] n[k] n[k+1] {1u*k}");
  CHECK(deck.clean());
  CHECK(deck.netlist.devices.size() == 9);
  CHECK(deck.device("r[2,1]").nodes == std::vector<std::string>{"row[2]", "col[1]"});
  CHECK(deck.value("r[2,1]", "r") == 3001.0);
  CHECK(deck.device("l[3]").nodes == std::vector<std::string>{"n[3]", "n[4]"});
  CHECK(deck.value("l[3]", "l") == Approx(3e-6));
}

TEST_CASE("bounds of an array may be parameters, and subcircuits come in arrays", "[circuits][bus]") {
  const DeckText deck(".param n=3\nX[0:n-1] a[0:n-1] s r={1k}\n.subckt s p r=1\nR1 p 0 {r}\n.ends");
  CHECK(deck.clean());
  CHECK(deck.device("x[2].r1").nodes[0] == "a[2]");
}

TEST_CASE("arrays in expressions and references keep step", "[circuits][bus]") {
  const DeckText deck("V[0:1] a[0:1] 0 1\nB[i=0:1] b[i] 0 v=2*v(a[i])\nF[0:1] c[0:1] 0 v[0:1] 2\nR[0:1] c[0:1] 0 1");
  CHECK(deck.clean());
  CHECK(deck.device("b[1]").expressions[0].inputs[0].plus == "a[1]");
  CHECK(deck.device("f[1]").references[0] == "v[1]");
}

TEST_CASE("a square bracket without a range is part of a name", "[circuits][bus]") {
  const DeckText deck("R1 d[3] d<3> 1k\nR2 d[3] 0 1k");
  CHECK(deck.clean());
  CHECK(deck.device("r1").nodes == std::vector<std::string>{"d[3]", "d<3>"});
}

TEST_CASE("wrong buses are errors with their place", "[circuits][bus]") {
  const DeckText deck("R[0:3] a[0:2] 0 1k\nR5 b[0: 0 1k\nR[0:1.5] c 0 1k\nC[0:999999999] c 0 1p");
  CHECK(deck.error(2, 8, "3 nodes, but the array 'r[0:3]' has 4 members"));
  CHECK(deck.error(3, 4, "not closed"));
  CHECK(deck.error(4, 5, "whole number"));
  CHECK(deck.error(5, 1, "at most"));
}

TEST_CASE("ports may be buses, and buses stand for their nodes on an instance", "[circuits][bus]") {
  const DeckText deck("X1 a[0:2] out s\n.subckt s in[2:0] out\nR[0:2] in[0:2] out 1k\nYcrossbar xb in[0:2] out g=1u\n.ends\nR1 b[0] 0 1k");
  CHECK(deck.clean());
  CHECK(deck.device("x1.r[0]").nodes == std::vector<std::string>{"a[2]", "out"});
  CHECK(deck.device("x1.r[2]").nodes == std::vector<std::string>{"a[0]", "out"});
  CHECK(deck.netlist.arrays.at(0).rows == std::vector<std::string>{"a[2]", "a[1]", "a[0]"});
}

TEST_CASE("an instance whose buses are too narrow is told its ports", "[circuits][bus]") {
  const DeckText deck("X1 a[0:1] out s\n.subckt s in[0:2] out\nR[0:2] in[0:2] out 1k\n.ends");
  CHECK(deck.error(2, 1, "has 3 nodes, but subckt 's' has 4 ports: in[0] in[1] in[2] out"));
}
