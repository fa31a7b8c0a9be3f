// Parameters, functions and subcircuits: order, scope, overrides, cycles.
#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

TEST_CASE("parameters are evaluated in the order of their dependence", "[circuits][parameters]") {
  const DeckText deck(".param a={b*2} b='c+1'\n.param c = 3, d=a*b\nR1 x 0 {d}\nR2 x 0 a\nR3 x 0 'par(a,b)'\n.func par(x,y) {x*y/(x+y)}");
  CHECK(deck.clean());
  CHECK(deck.value("r1", "r") == 32.0);
  CHECK(deck.value("r2", "r") == 8.0);
  CHECK(deck.value("r3", "r") == Approx(32.0 / 12.0));
  CHECK(deck.netlist.parameters.at("d") == 32.0);
}

TEST_CASE("a cycle of parameters is named", "[circuits][parameters]") {
  const DeckText deck(".param a={b} b={c+1} c={a}\nR1 x 0 {a}");
  CHECK(deck.error(2, 8, "a -> b -> c -> a"));
  CHECK(deck.diagnostics.errors() == 1);
}

TEST_CASE("values from outside replace those of the deck", "[circuits][parameters]") {
  const std::string lines = ".param r=1k k={2*r}\nR1 a 0 {k}";
  CHECK(DeckText(lines).value("r1", "r") == 2e3);
  const DeckText other(lines, {{"r", 5e3}});
  CHECK(other.value("r1", "r") == 1e4);
  CHECK(DeckText(lines, {{"rr", 1.0}}).diagnostics.render().find("did you mean 'r'") != std::string::npos);
}

TEST_CASE("one deck is elaborated many times with different values", "[circuits][parameters]") {
  const DeckText deck(".param r=1k\nR1 a 0 {r}");
  Diagnostics diagnostics(deck.sources);
  for (double r : {1.0, 2.0, 3.0}) CHECK(elaborate(deck.deck, {{"r", r}}, diagnostics).devices.at(0).values.at("r") == r);
  CHECK(diagnostics.errors() == 0);
}

TEST_CASE("a parameter may be called like a device or a model", "[circuits][parameters]") {
  const DeckText deck(".param r1=2k dd=3k\nR1 a 0 r1\nD1 a 0 dd\nR2 a 0 {dd}\n.model dd d is=1e-15");
  CHECK(deck.clean());
  CHECK(deck.value("r1", "r") == 2e3);
  CHECK(deck.value("r2", "r") == 3e3);
  CHECK(deck.device("d1").model == "dd");
}

TEST_CASE("subcircuits take parameters, defaults refer to each other and instances win", "[circuits][subckt]") {
  const DeckText deck(
      ".param r=500 k=3\nX1 a b div rtop={r*2}\nX2 a c div params: rtop=2k rbot = 4k\nX3 a d div m=4\n"
      ".subckt div t u params: rtop=1k rbot={rtop*k}\n.param half={rtop/2}\nR1 t u {rtop}\nR2 u 0 {rbot}\nR3 t 0 {half}\n.ends div");
  CHECK(deck.clean());
  CHECK(deck.value("x1.r1", "r") == 1e3);
  CHECK(deck.value("x1.r2", "r") == 3e3);
  CHECK(deck.value("x1.r3", "r") == 500.0);
  CHECK(deck.value("x2.r2", "r") == 4e3);
  CHECK(deck.value("x3.r1", "m") == 4.0);
  CHECK(deck.netlist.ports.at("x1.t") == "a");
}

TEST_CASE("an instance overrides even a parameter in the body", "[circuits][subckt]") {
  const DeckText deck("X1 a cell rr=7\n.subckt cell p q=1\n.param rr=3\nR1 p 0 {rr}\n.ends");
  CHECK(deck.value("x1.r1", "r") == 7.0);
}

TEST_CASE("models and subcircuits are looked up in the body first, then outwards", "[circuits][subckt]") {
  const DeckText deck(
      ".model dd d is=1e-14\nX1 a outer\n.subckt outer p\nX1 p inner\n.model dd d is=1e-12\n.subckt inner q\nD1 q 0 dd\nX2 q leaf\n.ends\n.ends\n"
      ".subckt leaf p\nD2 p 0 dd\n.ends");
  CHECK(deck.clean());
  CHECK(deck.value("x1.x1.d1", "is") == 1e-12);
  CHECK(deck.value("x1.x1.x2.d2", "is") == 1e-14);
  CHECK(deck.device("x1.x1.d1").path == std::vector<std::string>{"x1", "x1.x1"});
}

TEST_CASE("nodes inside are local, ports and global nodes are not", "[circuits][subckt]") {
  const DeckText deck(".global vdd\nX1 a cell\n.subckt cell p\nR1 p mid 1k\nR2 mid vdd 1k\nR3 mid GND 1k\n.ends");
  CHECK(deck.device("x1.r1").nodes == std::vector<std::string>{"a", "x1.mid"});
  CHECK(deck.device("x1.r2").nodes == std::vector<std::string>{"x1.mid", "vdd"});
  CHECK(deck.device("x1.r3").nodes[1] == "0");
}

TEST_CASE("a global bus is all its nodes, so layers can be an array of instances between them", "[circuits][subckt]") {
  const DeckText deck(".global u[0:3]\n.param n=3\nX[k=1:n] layer k={k}\n.subckt layer k=1\nRb[i=0:1] u[i] mid 1k\n.ends");
  CHECK(deck.clean());
  CHECK(deck.device("x[2].rb[1]").nodes == std::vector<std::string>{"u[1]", "x[2].mid"});
  CHECK(deck.device("x[2].rb[0]").nodes == std::vector<std::string>{"u[0]", "x[2].mid"});
}

TEST_CASE("a subcircuit that contains itself is reported with the chain", "[circuits][subckt]") {
  const DeckText deck("X1 a 0 one\n.subckt one p n\nX1 p n two\n.ends\n.subckt two p n\nX1 p n one\n.ends");
  CHECK(deck.error(7, 1, "one -> two -> one"));
}

TEST_CASE("calls are checked against ports and parameters", "[circuits][subckt]") {
  const DeckText deck("X1 a cell\nX2 a b cel\nX3 a b cell rx=2\nX4 a b none x=1\n.subckt cell in out r=1\nR1 in out {r}\n.ends\n.subckt none a b\nR1 a b 1\n.ends");
  CHECK(deck.error(2, 1, "1 nodes, but subckt 'cell' has 2 ports: in out"));
  CHECK(deck.error(3, 8, "did you mean 'cell'"));
  CHECK(deck.warning(4, 13, "no parameter 'rx'"));
  CHECK(deck.warning(5, 13, "it has none"));
}

TEST_CASE("values on a device card may refer to earlier ones on the same card", "[circuits][parameters]") {
  const DeckText deck("C1 a 0 cm w=2u l={3*w}\n.model cm c cj=1e-3");
  CHECK(deck.value("c1", "l") == Approx(6e-6));
  CHECK(DeckText("R1 a 0 1k tc1={tc1}").error(2, 16, "unknown parameter 'tc1'"));
}

TEST_CASE("random values follow the seed and every use draws anew", "[circuits][parameters]") {
  const std::string lines = "R1 a 0 {gauss(1k,0.1,1)}\nR2 a 0 {gauss(1k,0.1,1)}\nX1 a s\nX2 a s\n.subckt s p\nR1 p 0 {gauss(1k,0.1,1)}\n.ends";
  const DeckText one(lines, {}, 1), again(lines, {}, 1), two(lines, {}, 2);
  CHECK(one.value("r1", "r") == again.value("r1", "r"));
  CHECK(one.value("r1", "r") != two.value("r1", "r"));
  CHECK(one.value("r1", "r") != one.value("r2", "r"));
  CHECK(one.value("x1.r1", "r") != one.value("x2.r1", "r"));
}

TEST_CASE("what a value draws depends on its device, its field and the seed alone", "[circuits][parameters]") {
  const DeckText plain("R1 a 0 {normal(1k,10)} tc1={normal(0,1m)}\nX1 a s w={uniform(1,2)}\n.param p={normal(0,1)}\nR3 a 0 {2+tanh(p)}\n"
                       ".subckt s a w=1 q={uniform(1,2)}\nR1 a 0 {w*uniform(1,2)+q}\n.ends", {}, 5);
  const DeckText moved(".param z={normal(0,1)} p={normal(0,1)}\nR3 a 0 {2+tanh(p)}\nR0 b 0 {normal(1k,10)}\n.subckt s a w=1 q={uniform(1,2)}\n\n"
                       "C1 a 0 {uniform(1p,2p)}\nR1 a 0 r={w*uniform(1,2)+q}\n.ends\nX0 a s\nX1 b s w={uniform(1,2)}\n"
                       "R1 a 0 temp={normal(20,1)} tc1={normal(0,1m)} r={normal(1k,10)}", {}, 5);
  for (const char* name : {"r1", "x1.r1", "r3"}) CHECK(plain.value(name, "r") == moved.value(name, "r"));
  CHECK(plain.value("r1", "tc1") == moved.value("r1", "tc1"));
  CHECK(moved.value("x0.r1", "r") != moved.value("x1.r1", "r"));
  CHECK(moved.value("r0", "r") != moved.value("r1", "r"));
}

TEST_CASE("a value that another one refers to is drawn once", "[circuits][parameters]") {
  const DeckText deck("C1 a 0 cm w={uniform(1u,2u)} l={3*w}\n.model cm c cj=1e-3");
  CHECK(deck.value("c1", "l") == Approx(3 * deck.value("c1", "w")));
}
