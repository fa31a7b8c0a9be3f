// Typical devices of every kind; one that is not listed is tested with its defaults.
#include "tests/devices/typical.hpp"

#include <catch2/catch.hpp>

#include "devices/waveform.hpp"

namespace settle::testing {
namespace {

std::shared_ptr<const Waveform> sine() {
  return make_waveform("sin", {.values = {0.1, 1.0, 1e3}, .options = {}, .window = {1e-6, 1e-3}, .seed = 0, .name = {}});
}

}  // namespace

Setup typical(const std::string& kind) {
  const Values diode{{"is", 1e-14}, {"n", 1.2}, {"rs", 2.0}, {"cjo", 1e-12}, {"tt", 1e-9}, {"bv", 3.0}, {"ikf", 0.1}, {"isr", 1e-12}, {"nr", 2.0}};
  const Values mos{{"vto", 0.6}, {"kp", 1e-4}, {"gamma", 0.4}, {"lambda", 0.05}, {"tox", 2e-8}, {"rd", 10.0}, {"rs", 20.0}, {"cgso", 1e-10},
                   {"cgdo", 2e-10}, {"cgbo", 1e-10}, {"cj", 1e-4}, {"cjsw", 1e-10}, {"w", 1e-5}, {"l", 1e-6},
                   {"ad", 1e-11}, {"as", 1e-11}, {"pd", 1e-5}, {"ps", 1e-5}};
  const Values ekv{{"vto", 0.4}, {"kp", 1e-4}, {"gamma", 0.5}, {"w", 1e-5}, {"l", 1e-6}, {"cgso", 1e-10}, {"cgdo", 1e-10}, {"cgbo", 1e-10}};
  const Values control{{"gain", 3.0}};
  const std::map<std::string, Setup> table{
      {"resistor", {"resistor", {{"r", 100.0}}}},
      {"capacitor", {"capacitor", {{"c", 2e-9}}}},
      {"inductor", {"inductor", {{"l", 1e-3}}}},
      {"coupling", {"coupling", {{"k", 0.9}}}},
      {"voltage", {.kind = "voltage", .waveform = sine()}},
      {"current", {.kind = "current", .waveform = sine()}},
      {"diode", {"diode", diode}},
      {"mosfet1", {"mosfet1", mos, "nmos"}},
      {"ekv", {"ekv", ekv, "pmos"}},
      {"vcvs", {"vcvs", control}},
      {"vccs", {"vccs", control}},
      {"cccs", {"cccs", control}},
      {"ccvs", {"ccvs", control}},
      {"behavioural_voltage", {.kind = "behavioural_voltage", .expression = "exp(v(a))*v(b)^2+sin(1000*time)*v(a)"}},
      {"behavioural_current", {.kind = "behavioural_current", .expression = "tanh(v(a)-v(b))+0.1*v(a)^3+cos(1000*time)"}},
      {"behavioural_charge", {.kind = "behavioural_charge", .expression = "1e-9*(v(a)-v(b))^3+1e-9*v(a)*sin(1000*time)"}},
      {"conductance", {"conductance", {{"g", 2e-5}, {"gmin", 1e-6}, {"gmax", 1e-4}}}},
      {"hp", {"hp", {{"x0", 0.4}, {"window", 1.0}, {"p", 2.0}}}},
      {"team", {"team", {{"x0", 1.2e-9}, {"wc", 1e-9}, {"koff", 8e-10}, {"kon", -8e-10}}}},
      {"vteam", {"vteam", {{"x0", 1.2e-9}}}},
      {"stanford", {"stanford", {{"gap0", 0.8e-9}, {"fmin", 5e8}}}},
      {"ecram", {"ecram", {{"x0", 0.4}, {"vx", 0.2}, {"fup", 0.3}, {"fdown", 0.2}, {"lifetime", 5.0}, {"xrest", 0.2}}}},
      {"capacitor_cell", {"capacitor_cell", {{"u0", 0.5}, {"lifetime", 1e-3}, {"gmin", 1e-8}}}},
      {"pcm", {"pcm", {{"g", 1.2e-5}, {"age", 50.0}, {"zread", 0.5}}}},
      {"noise", {"noise", {{"density", 1e-12}}}},
      {"switch", {"switch", {{"ron", 1.0}, {"roff", 1e3}, {"vt", 0.3}, {"vh", 0.1}}}},
      {"current_switch", {"current_switch", {{"ron", 1.0}, {"roff", 1e3}, {"it", 0.3}}}}};
  const auto found = table.find(kind);
  return found == table.end() ? Setup{.kind = kind} : found->second;
}

Bench bench_of(const std::string& kind) {
  Bench bench(typical(kind));
  bench.moment().t = 3e-4;
  bench.moment().transient = true;
  return bench;
}

std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : Registry<Kind>::all()) names.push_back(name);
  return names;
}

Block<Complex> random_point(const Bench& bench, std::mt19937& random, double imaginary) {
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  Block<Complex> x = Block<Complex>::Zero(bench.size(), 1);
  const Block<double> start = bench.initial();
  for (Index row = 1; row < bench.size(); ++row) {
    const Row& what = bench.rows()[row];
    const double size = what.memory ? 0.5 * start(row, 0) : what.unit == "V" ? 1.5 : what.unit == "C" ? 1e-12 : 1e-3;
    x(row, 0) = {(what.memory ? start(row, 0) : 0.0) + size * uniform(random), imaginary * size * uniform(random)};
  }
  return x;
}

}  // namespace settle::testing
