// Device cards: every letter in its forms, and what is said about wrong ones.
#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

TEST_CASE("resistors, capacitors and inductors take values in any form", "[circuits][cards]") {
  const DeckText deck(
      ".param rv=3k\nR1 (a, 0) 1k tc1=1m tc2=2u\nR2 a 0 rm 2k\nR3 a 0 2k rm\nR4 a 0 R=rv\nR5 a 0 tc=1m,2u 5k\nR6 a 0 4k7\nC1 a 0 1p ic=2\nC2 a 0 C={1p*2}\n"
      "L1 a 0 1u ic=1m\nR7 a 0 resistance=1k\n.model rm r tc1=5m");
  CHECK(deck.diagnostics.errors() == 0);
  CHECK(deck.value("r1", "tc2") == 2e-6);
  CHECK(deck.value("r2", "r") == 2e3);
  CHECK(deck.value("r3", "tc1") == 5e-3);
  CHECK(deck.value("r4", "r") == 3e3);
  CHECK(deck.value("r5", "tc1") == 1e-3);
  CHECK(deck.value("r5", "tc2") == 2e-6);
  CHECK(deck.value("r6", "r") == 4.7e3);
  CHECK(deck.value("r7", "r") == 1e3);
  CHECK(deck.value("c2", "c") == 2e-12);
  CHECK(deck.value("l1", "ic") == 1e-3);
}

TEST_CASE("the instance's value wins over the model's", "[circuits][cards]") {
  const DeckText deck("R1 a 0 1k rm tc1=7m\n.model rm r tc1=5m");
  CHECK(deck.value("r1", "tc1") == 7e-3);
}

TEST_CASE("sources take DC, AC and waveforms in any order", "[circuits][cards]") {
  const DeckText deck(
      "V1 a 0\nV2 b 0 5\nV3 c 0 DC 3 PULSE(1 2 1u 1n 1n 1u 2u)\nV4 d 0 PULSE 0.5 1 1u 1n 1n 1u 2u AC 2 90\nV5 e 0 SINE(0.25 1 1k 0 0 90)\nV6 f 0 DC=7 ac\n"
      "I1 0 g PWL(0 -1 1u 2) \n.tran 1n 1u");
  CHECK(deck.clean());
  CHECK(deck.device("v1").values.count("dc") == 0);
  CHECK(deck.value("v2", "dc") == 5.0);
  CHECK(deck.value("v3", "dc") == 3.0);
  CHECK(deck.device("v3").waveform);
  CHECK(deck.value("v4", "dc") == 0.5);
  CHECK(deck.device("v4").small_signal.magnitude == 2.0);
  CHECK(deck.device("v4").small_signal.phase == 90.0);
  CHECK(deck.value("v5", "dc") == Approx(1.25));
  CHECK(deck.device("v6").small_signal.magnitude == 1.0);
  CHECK(deck.value("i1", "dc") == -1.0);
}

TEST_CASE("waveforms take their defaults from the transient's times", "[circuits][cards]") {
  const DeckText deck("V1 a 0 SIN(0 1)\n.tran 1u 1m");
  CHECK(deck.device("v1").waveform->value(0.25e-3) == Approx(1.0));  // frequency 1/tstop
}

TEST_CASE("linear controlled sources become their own kinds", "[circuits][cards]") {
  const DeckText deck("V1 a 0 1\nE1 b 0 a 0 2\nG1 c 0 a 0 gain=1m\nF1 d 0 V1 3\nH1 e 0 v1 4");
  CHECK(deck.clean());
  CHECK(deck.device("e1").kind->name == "vcvs");
  CHECK(deck.value("g1", "gain") == 1e-3);
  CHECK(deck.device("f1").references == std::vector<std::string>{"v1"});
  CHECK(deck.device("h1").kind->name == "ccvs");
}

namespace {

/// The value of a behavioural device at given values of its inputs.
double evaluated(const FlatDevice& device, const std::vector<double>& inputs) {
  REQUIRE(device.expressions.size() == 1);
  REQUIRE(device.expressions[0].inputs.size() == inputs.size());
  return device.expressions[0].expression.eval<double>(inputs);
}

}  // namespace

TEST_CASE("nonlinear controlled sources become expressions", "[circuits][cards]") {
  const DeckText deck(
      "V1 a 0 1\nV2 b 0 1\nE1 c 0 value={v(a)*v(a,b)}\nG1 d 0 cur='2*v(a)'\nE2 e 0 table {v(a)} = (-1,-2) (1,2)\nG2 f 0 poly(2) a 0 b 0 1 2 3 4 5 6\n"
      "F1 g 0 poly(1) V1 5\nB1 h 0 v=(v(a) > 0 && v(b) < 1) ? pi : i(v1)\nB2 k 0 i={v(a)}*2 m=3\nE3 l 0 vol = 'v(a)'");
  CHECK(deck.clean());
  CHECK(evaluated(deck.device("e1"), {3.0, 2.0}) == 6.0);
  CHECK(evaluated(deck.device("g1"), {4.0}) == 8.0);
  CHECK(evaluated(deck.device("e2"), {0.5}) == 1.0);
  CHECK(evaluated(deck.device("g2"), {2.0, 3.0}) == 1 + 2 * 2 + 3 * 3 + 4 * 4 + 5 * 6 + 6 * 9);  // SPICE2: 1, x, y, x^2, xy, y^2
  CHECK(evaluated(deck.device("f1"), {2.0}) == 10.0);
  CHECK(deck.device("f1").kind->name == "behavioural_current");
  CHECK(deck.device("f1").expressions[0].inputs[0].plus == "v1");
  CHECK(evaluated(deck.device("b2"), {1.0}) == 2.0);
  CHECK(deck.value("b2", "m") == 3.0);
}

TEST_CASE("a resistance or a charge may depend on voltages", "[circuits][cards]") {
  const DeckText deck("V1 a 0 1\nR1 a b R='1k*(1+v(a))'\nC1 b 0 Q={1n*v(b)^2}\nR2 b 0 1k");
  CHECK(deck.clean());
  CHECK(deck.device("r1").kind->name == "behavioural_current");
  CHECK(deck.device("c1").kind->name == "behavioural_charge");
  const DeckText plain(".param runtime=2 v=3 i=4\nR1 a 0 {runtime*(v)*i}");
  CHECK(plain.clean());
  CHECK(plain.value("r1", "r") == 24.0);
}

TEST_CASE("expressions inside subcircuits read local nodes and devices", "[circuits][cards]") {
  const DeckText deck("V1 a 0 1\nX1 a s\n.subckt s p\nV1 p q 0\nR1 q 0 1k\nB1 r 0 v=v(q)+v(p)+i(V1)\nR2 r 0 1k\n.ends\nB2 z 0 v=v(x1.q)+v(x1:p)\nR3 z 0 1k");
  CHECK(deck.clean());
  const auto& inputs = deck.device("x1.b1").expressions[0].inputs;
  CHECK(inputs[0].plus == "x1.q");
  CHECK(inputs[1].plus == "a");
  CHECK(inputs[2].plus == "x1.v1");
  CHECK(deck.device("b2").expressions[0].inputs[0].plus == "x1.q");
  CHECK(deck.device("b2").expressions[0].inputs[1].plus == "a");
}

TEST_CASE("inductors are coupled pair by pair", "[circuits][cards]") {
  const DeckText deck("L1 a 0 1m\nL2 b 0 1m\nL3 c 0 1m\nK1 L1 L2 0.9\nK2 L1 L2 L3 0.5");
  CHECK(deck.clean());
  CHECK(deck.device("k1").references == std::vector<std::string>{"l1", "l2"});
  CHECK(deck.device("k2[2,3]").references == std::vector<std::string>{"l2", "l3"});
  CHECK(deck.value("k2[1,3]", "k") == 0.5);
}

TEST_CASE("every registered kind is reached through its name", "[circuits][cards]") {
  const DeckText deck("V1 a 0 1\nYresistor one a 0 2k tc1=1m\nYvoltage two b 0 SIN(0 1 1k)\nYvcvs three c 0 a 0 2\nYbehavioural_current four d 0 value={v(a)*2}\n"
                      "Ydiode five a 0 dd\n.model dd d is=1e-15\nYcapacitr six a 0 1p");
  CHECK(deck.value("one", "r") == 2e3);
  CHECK(deck.device("two").waveform);
  CHECK(deck.device("three").nodes.size() == 4);
  CHECK(deck.device("four").expressions.size() == 1);
  CHECK(deck.value("five", "is") == 1e-15);
  CHECK(deck.error(9, 1, "did you mean 'capacitor'"));
}

TEST_CASE("mistakes on device cards are told where they are", "[circuits][cards]") {
  const DeckText deck("R1 a 0\nR2 a\nR3 a 0 1k 2k\nD1 a 0 dx\nR4 a 0 1k tc1=\nF1 a 0 vx 2\nB1 a 0 v=v(nod)\nV1 a 0 PULS(0 1)\nR1 a 0 1k\nQ1 a b c qq\nR5 a 0 x2\nR6 a 0 1k m=-1");
  CHECK(deck.error(2, 1, "has no value"));
  CHECK(deck.error(3, 1, "has 1 of 2 nodes"));
  CHECK(deck.error(4, 11, "its r was given before"));
  CHECK(deck.error(5, 8, "unknown model 'dx'"));
  CHECK(deck.error(6, 11, "a value is missing"));
  CHECK(deck.error(7, 8, "unknown device 'vx'"));
  CHECK(deck.error(8, 12, "unknown node 'nod'"));
  CHECK(deck.error(9, 8, "did you mean 'pulse'"));
  CHECK(deck.error(11, 1, "bipolar transistors are not supported"));
  CHECK(deck.error(12, 8, "neither a number, a parameter nor a model"));
  CHECK(deck.error(13, 13, "out of range"));
}

TEST_CASE("models choose the kind by type and level, flags and lists find their fields", "[circuits][cards]") {
  const DeckText deck(
      "M1 d g 0 0 nm w=1u l=1u\nM2 d g 0 0 ne l=1u\nM3 d g 0 0 n3\nD1 d 0 dd 2 off ic=0.5\nS1 d 0 g 0 sm ON\nV1 d g 1\nW1 d 0 V1 wm\nM4 d g 0 nm\n"
      "D2 d 0 nm\n.model nm nmos level=1 vto=1\n.model ne nmos level=44\n.model n3 nmos level=3\n.model dd d(is=1e-14 m=0.4)\n.model sm sw(vt=1)\n"
      ".model wm csw(it=1m)\n.model bjt npn(bf=100)\n.model typo nmoss");
  CHECK(deck.device("m1").kind->name == "mosfet1");
  CHECK(deck.device("m2").kind->name == "ekv");
  CHECK(deck.error(13, 22, "no nmos model of level 3"));
  CHECK(deck.value("d1", "area") == 2.0);
  CHECK(deck.value("d1", "off") == 1.0);
  CHECK(deck.value("d1", "ic") == 0.5);
  CHECK(deck.value("s1", "on") == 1.0);
  CHECK(deck.device("w1").references == std::vector<std::string>{"v1"});
  CHECK(deck.error(9, 1, "3 of 4 nodes"));
  CHECK(deck.error(10, 8, "is of type 'nmos', but d2 needs d"));
  CHECK(deck.error(18, 13, "did you mean 'nmos'"));
  CHECK(deck.diagnostics.errors() == 4);
}

TEST_CASE("what ngspice takes silently is a warning", "[circuits][cards]") {
  const DeckText deck("R1 a ground 1k\nR2 a 00 1k\nR3 a gnd! 0\n.options reltoll=1e-4\n.model dd d is=1 bogus=2\n.model dd d is=2\nD1 a 0 dd");
  CHECK(deck.warning(2, 6, "ordinary node"));
  CHECK(deck.warning(3, 6, "ordinary node"));
  CHECK(deck.warning(4, 11, "1 mOhm"));
  CHECK(deck.warning(5, 10, "did you mean 'reltol'"));
  CHECK(deck.warning(6, 18, "no parameter 'bogus'"));
  CHECK(deck.warning(7, 8, "already defined"));
}
