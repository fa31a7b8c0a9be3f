// Crossbars: what they compute, against published numbers, closed forms and their own expansion into plain devices.
#include <fmt/format.h>

#include <cmath>

#include "circuits/array_expand.hpp"
#include "circuits/circuit.hpp"
#include "circuits/dynamics.hpp"
#include "sim/newton.hpp"
#include "tests/circuits/deck_text.hpp"
#include "tests/circuits/ran.hpp"

using namespace settle;
using settle::testing::DeckText;
using settle::testing::Ran;

namespace {

/// The operating point of a netlist with its arrays as they are, or expanded.
struct Solved {
  explicit Solved(Netlist netlist_given, bool expanded) : netlist(std::move(netlist_given)) {
    if (expanded) expand_arrays(netlist);
    circuit = std::make_unique<Circuit>(netlist, RowTolerances{}, Environment{});
    dynamics = std::make_unique<Dynamics<double>>(*circuit, 1, false);
    x = Block<double>::Zero(circuit->rows().unknowns(), 1);
    equilibrium(*dynamics, x, 0.0, {.reltol = 1e-12});
    all = dynamics->extended(x, dynamics->moment(0.0));
  }
  double v(const std::string& node) const {
    const Index row = circuit->find_row(node);
    if (row < 0) throw std::runtime_error("no node " + node);
    return all(row, 0);
  }
  Netlist netlist;
  std::unique_ptr<Circuit> circuit;
  std::unique_ptr<Dynamics<double>> dynamics;
  Block<double> x, all;
};

}  // namespace

TEST_CASE("wires: the currents and voltages that badcrossbar publishes", "[circuits][array][published]") {
  // Three word lines from the left, five bit lines to ground at the bottom, 0.5 Ohm per segment (badcrossbar 1.0, README and examples/computing).
  const std::vector<std::vector<double>> r{{345, 903, 755, 257, 646}, {652, 401, 508, 166, 454}, {442, 874, 190, 244, 635}};
  const std::vector<std::vector<double>> device{{.004290654, .001635991, .001946623, .005650515, .002270403},
                                                {.003488296, .005639933, .004424642, .013414698, .004930215},
                                                {.003806075, .001914718, .008744416, .006767995, .002611174}};
  const std::vector<std::vector<double>> word{{1.492102907, 1.48635114, 1.48141737, 1.477456911, 1.476321709},
                                              {2.284051108, 2.269846363, 2.258461585, 2.249289129, 2.246824021},
                                              {1.688077811, 1.67805866, 1.668996867, 1.664307283, 1.663001695}};
  const std::vector<std::vector<double>> bit{{.011827315, .009051278, .011716785, .025274469, .009641407},
                                             {.009681988, .008233283, .010743473, .022449211, .008506206},
                                             {.005792513, .004595321, .007557841, .012916604, .004905896}};
  const std::vector<double> out{.011585025, .009190642, .015115681, .025833208, .009811793};
  settle::testing::Folder folder;
  std::string table;
  for (const auto& row : r) {
    for (std::size_t j = 0; j < row.size(); ++j) table += (j ? "," : "") + std::to_string(row[j]);
    table += "\n";
  }
  std::string looked_at;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 5; ++j) looked_at += fmt::format(" i(xb[{0},{1}]) v(xb.r[{0},{1}]) v(xb.c[{0},{1}])", i, j);
  const Ran ran("V1 w[0] 0 1.5\nV2 w[1] 0 2.3\nV3 w[2] 0 1.7\nVb[0:4] b[0:4] 0 0\nYcrossbar xb w[0:2] b[0:4] resistor r=\"" + folder.file("r.csv", table) +
                "\" rrow=0.5 rcol=0.5\n.op\n.save i(vb[*]) i(xb.rr[1,2])" + looked_at);
  constexpr double half_a_digit = 0.51e-9;
  for (std::size_t j = 0; j < 5; ++j) {
    CHECK(std::abs(ran.final(fmt::format("i(vb[{}])", j)) - out[j]) < half_a_digit);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(std::abs(ran.final(fmt::format("i(xb[{},{}])", i, j)) - device[i][j]) < half_a_digit);
      CHECK(std::abs(ran.final(fmt::format("v(xb.r[{},{}])", i, j)) - word[i][j]) < half_a_digit);
      CHECK(std::abs(ran.final(fmt::format("v(xb.c[{},{}])", i, j)) - bit[i][j]) < half_a_digit);
    }
  }
  CHECK(std::abs(ran.final("i(xb.rr[1,2])") - .0183449138) < 0.51e-10);  // I_word[1,3]: behind the third device
}

TEST_CASE("the crossbars of badcrossbar's Qucs tests", "[circuits][array][published]") {
  // 5x4-a-1: R = 10, 20, ... 200 Ohm row by row, 0 to 4 V, no wire resistance. 1x1-b-2: 10 Ohm, word 1, bit 2 Ohm, 1 V.
  const Ran ideal("V[i=0:4] w[i] 0 {i}\nVb[0:3] b[0:3] 0 0\nYcrossbar xb w[0:4] b[0:3] g={0.1/(4*row+col+1)}\n.op\n.save i(vb[*])");
  const std::vector<double> out{.08882855706, .08031746032, .07352016405, .06791666667};
  for (std::size_t j = 0; j < 4; ++j) CHECK(ideal.final(fmt::format("i(vb[{}])", j)) == Approx(out[j]).epsilon(1e-9));
  const Ran one("V1 w 0 1\nVb b 0 0\nYcrossbar xb w b resistor r=10 rrow=1 rcol=2\n.op\n.save i(vb)");
  CHECK(one.final("i(vb)") == Approx(1.0 / 13.0).epsilon(1e-12));
}

TEST_CASE("an array is its expansion into plain devices", "[circuits][array]") {
  const std::string card = GENERATE(as<std::string>(), "g={10u*(1+row)/(1+2*col)} rload=20k", "g={10u*(1+row)/(1+2*col)} rrow=200 rcol=300 rdrive=1k rsense=500 rterm=9k rload=20k",
                                    "g=20u rrow=200 drive=right rload=5k", "g=20u rcol=200 rdrive=50 drive=both sense=both rload=5k", "g=20u rsense=200 sense=top rload=5k",
                                    "g={unif(20u,0.4)} coupling=forward rload=5k", "g={unif(20u,0.4)} coupling=forward rrow=100 rcol=300 rload=5k",
                                    "g={unif(20u,0.4)} coupling=pair angle=40 rdrive=2k rload=5k", "g={unif(20u,0.4)} coupling=pair gback=3u rrow=100 rcol=300 rload=5k",
                                    "g={unif(20u,0.4)} ground=virtual", "g={unif(20u,0.4)} ground=virtual sign=-1 rrow=300 rcol=100 sense=both",
                                    "g={unif(20u,0.4)} ground=virtual rsense=1k", "w={10u*sin(row+2*col)} minus=n[0:2] rcol=30", "w={10u*sin(row+2*col)} gbase=10u ground=virtual rrow=3",
                                    "dd rrow=100 rcol=300 rload=5k", "dd coupling=forward rload=5k", "dd coupling=pair rcol=100 rload=5k", "dd ground=virtual",
                                    "g=30u selector=dd rrow=100 rload=5k", "g=30u selector=nm gates=gate[0:3] sel.w=5u rload=5k",
                                    "g=30u open=0.2 short=0.1 stuck_on=(0,0) gon=1m rrow=10 rload=5k", "dd open=0.2 stuck_off=0.2 goff=1u rload=5k",
                                    "g=30u open=0.3 selector=dd rload=5k");
  const DeckText deck(".model dd d(is=1e-9)\n.model nm nmos level=1 vto=0.5 kp=100u\nV[i=0:3] in[i] 0 {0.2+0.3*i}\nVg[i=0:3] gate[i] 0 {1+i}\nR[0:3] in[0:3] r[0:3] 1k\n"
                      "Rn[0:2] n[0:2] 0 1k\nRo[0:2] out[0:2] 0 10k\nYcrossbar xb r[0:3] out[0:2] " + card, {}, 4);
  INFO(card << "\n" << deck.diagnostics.render());
  REQUIRE_FALSE(deck.diagnostics.has_errors());
  REQUIRE(deck.netlist.arrays.size() == 1);
  const Solved array(deck.netlist, false), plain(deck.netlist, true);
  const ArrayExpansion expansion = expand(deck.netlist.arrays[0]);
  std::size_t compared = 0;
  for (const std::string& node : plain.netlist.nodes) {
    if (array.circuit->find_row(node) < 0) continue;  // followers of buffers, and columns at a virtual ground
    INFO(node);
    CHECK(array.v(node) == Approx(plain.v(node)).epsilon(1e-10).margin(1e-13));
    ++compared;
  }
  CHECK(compared >= deck.netlist.nodes.size());
  for (const FlatDevice& d : expansion.devices)
    if (d.kind->name != "vcvs" && d.kind->name != "vccs" && d.kind->name != "cccs" && d.kind->name != "voltage") {
      INFO(d.name);
      CHECK(array.circuit->find_device(d.name).element != nullptr);
    }
}

TEST_CASE("wires become ideal in proportion to their resistance", "[circuits][array]") {
  const auto current = [](double r) {
    const Ran ran(fmt::format("V[i=0:7] w[i] 0 {{1+i}}\nVb[0:5] b[0:5] 0 0\nYcrossbar xb w[0:7] b[0:5] g={{1m*(1+row)/(1+col)}} rrow={0} rcol={0}\n.op\n.save i(vb[*])", r));
    return ran.final("i(vb[3])");
  };
  const double ideal = current(0.0), far = ideal - current(1e-3), near = ideal - current(1e-4), nearest = ideal - current(1e-5);
  CHECK(far / ideal > 1e-5);
  CHECK(std::abs(far / near - 10.0) < 0.1);  // the next order is a thousandth of the first
  CHECK(std::abs(near / nearest - 10.0) < 0.01);
}

TEST_CASE("no current is lost in a crossbar", "[circuits][array]") {
  const Ran ran("V[i=0:7] w[i] 0 {1+i}\nVb[0:5] b[0:5] 0 0\nYcrossbar xb w[0:7] b[0:5] g={1m*(1+row)/(1+col)} rrow=1 rcol=2 rdrive=10 short=(2,2) open=(1,1)\n.op\n.save i(v*)");
  double in = 0.0, out = 0.0;
  for (int i = 0; i < 8; ++i) in -= ran.final(fmt::format("i(v[{}])", i));
  for (int j = 0; j < 6; ++j) out += ran.final(fmt::format("i(vb[{}])", j));
  CHECK(in == Approx(out).epsilon(1e-12));
}

namespace {

using Dense = Eigen::MatrixXd;

/// df/dx of rows r[.] and columns c[.] of an array of n x n between free nodes, in this order.
Dense slopes(const std::string& options, int n) {
  const DeckText deck(fmt::format("R[0:{0}] r[0:{0}] 0 1k\nRc[0:{0}] c[0:{0}] 0 2k\nYcrossbar xb r[0:{0}] c[0:{0}] {1}", n - 1, options), {}, 9);
  INFO(deck.diagnostics.render());
  REQUIRE_FALSE(deck.diagnostics.has_errors());
  const Solved solved(deck.netlist, false);
  Vector<double> J;
  solved.dynamics->jacobian(solved.x, 0.0, 0, J);
  const Pattern& p = solved.dynamics->pattern();
  Dense all = Dense::Zero(p.size, p.size), chosen(2 * n, 2 * n);
  for (Index j = 0; j < p.size; ++j)
    for (auto k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) all(p.row[static_cast<std::size_t>(k)], j) = J[k];
  const auto row = [&](int k) { return solved.circuit->find_row(fmt::format("{}[{}]", k < n ? "r" : "c", k % n)) - solved.circuit->rows().fixed_count(); };
  for (int a = 0; a < 2 * n; ++a)
    for (int b = 0; b < 2 * n; ++b) chosen(a, b) = all(row(a), row(b));
  return chosen;
}

}  // namespace

TEST_CASE("a passive crossbar has a symmetric Jacobian, a pair the antisymmetric part its conductances say", "[circuits][array]") {
  const Dense passive = slopes("g={unif(10u,0.5)}", 5), pair = slopes("g={10u*(1+row)} gback={3u*(1+col)} coupling=pair", 5), buffered = slopes("g={10u*(1+row)} coupling=forward", 5);
  CHECK((passive - passive.transpose()).norm() == 0.0);
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) {
      CHECK(pair(5 + j, i) == Approx(10e-6 * (1 + i)).epsilon(1e-14));  // current into the column by the row's voltage
      CHECK(pair(i, 5 + j) == Approx(3e-6 * (1 + j)).epsilon(1e-14));
      CHECK(buffered(i, 5 + j) == 0.0);
    }
}
