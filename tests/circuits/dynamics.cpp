// A circuit as a system: rows, driven nodes, charges, currents.
#include "circuits/dynamics.hpp"

#include <catch2/catch.hpp>

#include "circuits/slope.hpp"
#include "circuits/snapshot.hpp"
#include "sim/integrate.hpp"
#include "sim/newton.hpp"

using namespace settle;

namespace {

FlatDevice device(const std::string& kind, const std::string& name, std::vector<std::string> nodes, std::map<std::string, double> values) {
  FlatDevice d;
  d.kind = Registry<Kind>::find(kind);
  REQUIRE(d.kind);
  d.name = name;
  d.nodes = std::move(nodes);
  d.values = std::move(values);
  return d;
}

FlatDevice source(const std::string& name, std::vector<std::string> nodes, const std::string& waveform, std::vector<double> arguments) {
  FlatDevice d = device("voltage", name, std::move(nodes), {});
  WaveformArguments a;
  a.values = std::move(arguments);
  a.window = {1e-6, 1e-3};
  d.waveform = make_waveform(waveform, a);
  return d;
}

Netlist netlist(std::vector<FlatDevice> devices) {
  Netlist n;
  n.devices = std::move(devices);
  for (const FlatDevice& d : n.devices)
    for (const std::string& node : d.nodes)
      if (node != "0" && std::find(n.nodes.begin(), n.nodes.end(), node) == n.nodes.end()) n.nodes.push_back(node);
  return n;
}

struct Last : Observer<double> {
  void start(double, const Block<double>&) override {}
  void step(const Step<double>& s) override { h = s.to - s.from; }
  double h = 0.0;
};

}  // namespace

TEST_CASE("a node given by a source is no unknown", "[circuits][dynamics]") {
  const Netlist n = netlist({device("voltage", "v1", {"in", "0"}, {{"dc", 2.0}}), device("resistor", "r1", {"in", "out"}, {{"r", 1e3}}),
                             device("resistor", "r2", {"out", "0"}, {{"r", 3e3}})});
  const Circuit circuit(n, {}, {});
  REQUIRE(circuit.rows().unknowns() == 1);
  Dynamics<double> dynamics(circuit, 1, false);
  Block<double> x = Block<double>::Zero(1, 1);
  equilibrium(dynamics, x, 0.0);
  CHECK(x(0, 0) == Approx(1.5).epsilon(1e-12));
  const Snapshot<double> at(dynamics, x, 0.0);
  const DeviceRef v1 = circuit.find_device("v1");
  CHECK(v1.element->observe(v1.index, 0, at, 0) == Approx(-0.5e-3).epsilon(1e-12));
}

TEST_CASE("currents through capacitors balance at a driven node", "[circuits][dynamics]") {
  // A sine across 1 uF in parallel with 1 kOhm: i = V (w C cos wt + sin wt / R).
  const double w = 2 * M_PI * 1e3, C = 1e-6, R = 1e3;
  const Netlist n = netlist({source("v1", {"in", "0"}, "sin", {0.0, 1.0, 1e3}), device("capacitor", "c1", {"in", "0"}, {{"c", C}}),
                             device("resistor", "r1", {"in", "0"}, {{"r", R}}), device("resistor", "r2", {"in", "out"}, {{"r", R}}),
                             device("capacitor", "c2", {"out", "0"}, {{"c", C}})});
  const Circuit circuit(n, {}, {});
  Dynamics<double> dynamics(circuit, 1, true);
  Block<double> x = Block<double>::Zero(dynamics.size(), 1);
  equilibrium(dynamics, x, 0.0);
  Last last;
  const double t = 3.3e-3;
  IntegrateOptions options;
  options.reltol = 1e-8;
  options.consistent = true;
  integrate<double>(dynamics, x, {0.0, t}, options, [](double) { return INFINITY; }, last);
  // The low-pass: v' = (sin wt - v) / RC from rest.
  const double tau = R * C, a = w * tau, norm = 1.0 / (1.0 + a * a);
  const double v = norm * (std::sin(w * t) - a * std::cos(w * t) + a * std::exp(-t / tau));
  const Index out = circuit.find_row("out") - circuit.rows().fixed_count();
  CHECK(x(out, 0) == Approx(v).epsilon(1e-6));

  ConsistentSlope<double> slope(dynamics);
  slope.resolution(last.h);
  const Snapshot<double> at(dynamics, x, t, [&] { return slope.at(x, t); });
  const DeviceRef v1 = circuit.find_device("v1"), c1 = circuit.find_device("c1");
  CHECK(c1.element->observe(c1.index, 0, at, 0) == Approx(w * C * std::cos(w * t)).epsilon(1e-6));
  const double total = w * C * std::cos(w * t) + std::sin(w * t) / R + (std::sin(w * t) - v) / R;
  CHECK(v1.element->observe(v1.index, 0, at, 0) == Approx(-total).epsilon(1e-5));
}
