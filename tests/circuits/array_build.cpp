// Arrays as built for a run against their expansion into plain devices: the same rates and derivatives at every node.
#include "circuits/array_build.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "circuits/array_expand.hpp"
#include "circuits/snapshot.hpp"

using namespace settle;

namespace {

FlatArray array_of(std::size_t rows, std::size_t columns) {
  FlatArray array;
  array.name = "xb";
  for (std::size_t i = 0; i < rows; ++i) array.rows.push_back("in" + std::to_string(i));
  for (std::size_t j = 0; j < columns; ++j) array.columns.push_back("out" + std::to_string(j));
  array.sign.assign(columns, 1.0);
  array.cells.kind = Registry<Kind>::find("conductance");
  auto& g = array.cells.varied["g"];
  for (std::size_t k = 0; k < rows * columns; ++k) g.push_back(1e-6 * (1.0 + static_cast<double>(k * k % 17)));
  return array;
}

FlatArray with_back(FlatArray array) {
  array.coupling = FlatArray::Coupling::pair;
  array.back = array.cells;
  for (double& g : array.back.varied["g"]) g = 3e-5 - g;
  return array;
}

FlatArray of_kind(FlatArray array, const char* kind, std::map<std::string, double> values) {
  array.cells = {.kind = Registry<Kind>::find(kind), .model = "", .model_type = "", .values = std::move(values), .varied = {}, .write = nullptr};
  return array;
}

const ArrayWires all_wires{.row_resistance = 2.0, .column_resistance = 3.0, .row_capacitance = 1e-15, .column_capacitance = 2e-15, .row_coupling = 3e-16,
                           .column_coupling = 4e-16, .crossing_capacitance = 5e-16, .drive_resistance = 50.0, .sense_resistance = 20.0, .row_load = 1e-7,
                           .column_load = 2e-6};

/// Outer nodes in the netlist's order; every second row is driven by a source.
Netlist around(const FlatArray& array) {
  Netlist netlist;
  netlist.arrays.push_back(array);
  for (const auto* nodes : {&array.rows, &array.columns, &array.gates})
    for (const std::string& node : *nodes) netlist.nodes.push_back(node);
  for (std::size_t i = 0; i < array.rows.size(); i += 2) {
    FlatDevice source;
    source.kind = Registry<Kind>::find("voltage");
    source.name = "v" + std::to_string(i);
    source.nodes = {array.rows[i], "0"};
    source.values["dc"] = 0.1 * static_cast<double>(i + 1);
    netlist.devices.push_back(source);
  }
  return netlist;
}

/// A circuit with the extended state at which it is looked at: equal numbers for equal names.
struct Look {
  explicit Look(const Netlist& netlist) : circuit(netlist, {}, {}), dynamics(circuit, 1, false), x(circuit.rows().count(), 1) {
    for (Index row = 0; row < x.rows(); ++row) {
      std::mt19937_64 random(std::hash<std::string>()(circuit.rows()[row].name));
      x(row, 0) = row == Rows::ground ? 0.0 : std::uniform_real_distribution<double>(-0.2, 0.2)(random);
    }
    f = Block<double>::Zero(x.rows(), 1);
  }
  void evaluate() {
    f.setZero();
    for (const auto& element : circuit.elements()) element->add_rate(x, dynamics.moment(0.0), f);
    J = dynamics.full_jacobian(x, dynamics.moment(0.0));
  }
  /// (M or J) times a vector over all rows.
  Block<double> times(const Vector<double>& values, const Block<double>& y) const {
    Block<double> product = Block<double>::Zero(y.rows(), 1);
    add_product(circuit, values, y, product);
    return product;
  }
  Circuit circuit;
  Dynamics<double> dynamics;
  Block<double> x, f;
  Vector<double> J;
};

/// Nodes the expansion adds to hold a buffer's output or a virtual ground take the voltage they hold.
void follow_buffers(const FlatArray& array, Look& plain) {
  const auto at = [&](const std::string& name) { return plain.circuit.find_row(name); };
  const auto copy = [&](const std::string& to, const std::string& from) {
    if (at(to) >= 0 && at(from) >= 0) plain.x(at(to), 0) = plain.x(at(from), 0);
  };
  for (std::size_t i = 0; i < array.rows.size(); ++i) {
    const std::string line = "[" + std::to_string(i) + "]";
    copy("xb.br" + line, at("xb.r" + line) >= 0 ? "xb.r" + line : array.rows[i]);
    for (std::size_t j = 0; j < array.columns.size(); ++j) {
      const std::string column = "[" + std::to_string(j) + "]", crossing = "[" + std::to_string(i) + "," + std::to_string(j) + "]";
      copy("xb.br" + crossing, "xb.r" + crossing);
      copy("xb.bc" + crossing, "xb.c" + crossing);
      copy("xb.bc" + column, at("xb.c" + column) >= 0 ? "xb.c" + column : array.columns[j]);
    }
  }
}

void same(const FlatArray& array) {
  const Netlist netlist = around(array);
  Netlist plain_netlist = netlist;
  expand_arrays(plain_netlist);
  Look built(netlist), plain(plain_netlist);
  follow_buffers(array, plain);
  built.evaluate();
  plain.evaluate();
  const double scale = plain.f.cwiseAbs().maxCoeff();
  REQUIRE(scale > 0.0);
  Index compared = 0;
  for (Index row = 1; row < built.x.rows(); ++row) {
    const std::string name = built.circuit.rows()[row].name;
    const Index there = plain.circuit.find_row(name);
    INFO(name);
    REQUIRE(there >= 0);
    if (built.circuit.rows().is_fixed(row)) continue;
    CHECK(std::abs(built.f(row, 0) - plain.f(there, 0)) <= 1e-13 * scale);
    ++compared;
  }
  CHECK(compared > 0);
  for (const Vector<double>* values : {static_cast<const Vector<double>*>(&built.J), &built.circuit.mass()}) {  // the derivative and the mass along the state itself
    const Block<double> mine = built.times(*values, built.x), theirs = plain.times(values == &built.J ? plain.J : plain.circuit.mass(), plain.x);
    const double size = std::max(mine.cwiseAbs().maxCoeff(), 1e-300);
    for (Index row = built.circuit.rows().fixed_count(); row < built.x.rows(); ++row)
      CHECK(std::abs(mine(row, 0) - theirs(plain.circuit.find_row(built.circuit.rows()[row].name), 0)) <= 1e-13 * size);
  }
}

}  // namespace

TEST_CASE("an array built for a run is its expansion into plain devices", "[arrays]") {
  using F = FlatArray;
  FlatArray ideal = array_of(4, 3), wired = ideal, ends = ideal, half = ideal;
  wired.wires = all_wires;
  ends.wires = {.row_coupling = 3e-16, .column_coupling = 4e-16, .drive_resistance = 50.0, .sense_resistance = 20.0};
  half.wires = {.column_resistance = 3.0, .row_coupling = 1e-16, .drive_resistance = 5.0};
  const std::vector<ArrayFault> faults{{1, ArrayFault::Sort::open, 0.0}, {5, ArrayFault::Sort::shorted, 0.1}, {11, ArrayFault::Sort::stuck_on, 1e-4}};
  for (FlatArray array : {ideal, wired, ends, half})
    for (const auto coupling : {F::Coupling::passive, F::Coupling::forward, F::Coupling::pair})
      for (const F::Ends driven : {F::first, F::last, F::both})
        for (const bool broken : {false, true})
          for (const char* kind : {"conductance", "diode", "resistor"}) {
            INFO("coupling " << static_cast<int>(coupling) << ", driven " << driven << ", faults " << broken << ", " << kind << ", rrow " << array.wires.row_resistance);
            FlatArray one = array;
            one.driven = driven, one.sensed = driven;
            if (driven == F::both) one.wires.row_load = 0.0;
            if (broken) one.faults = faults;
            if (kind != std::string("conductance")) one = of_kind(one, kind, kind == std::string("diode") ? std::map<std::string, double>{{"is", 1e-9}} : std::map<std::string, double>{{"r", 1e4}});
            if (coupling == F::Coupling::pair) {
              if (kind == std::string("conductance")) one = with_back(one);
              else one.coupling = coupling, one.back = one.cells;
            }
            one.coupling = coupling;
            same(one);
          }
}

TEST_CASE("selectors and virtual grounds of an array are those of its expansion", "[arrays]") {
  FlatArray array = array_of(3, 2);
  for (const bool wired : {false, true}) {
    if (wired) array.wires = {.row_resistance = 2.0, .column_resistance = 3.0, .sense_resistance = 1.0};
    FlatArray selected = array;
    selected.selector.kind = Registry<Kind>::find("resistor");
    selected.selector.values = {{"r", 2e3}};
    same(selected);
    FlatArray gated = array;
    gated.selector.kind = Registry<Kind>::find("mosfet1");
    gated.selector.values = {{"w", 1e-5}, {"l", 1e-6}};
    gated.gates = {"g0", "g1", "g2"};
    same(gated);
  }
}
