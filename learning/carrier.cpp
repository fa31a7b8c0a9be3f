// A circuit on a carrier: sources modulated, the error of every membrane in two phases, its products with the two phases of beta as currents.
#include "learning/carrier.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "circuits/teaching_sources.hpp"
#include "devices/waveform.hpp"
#include "learning/taught.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

class Carrier {
 public:
  Carrier(const Teaching& teaching, double hertz, Netlist& netlist) : teaching_(teaching), hertz_(hertz), netlist_(netlist) {}

  void add() {
    for (FlatDevice& device : netlist_.devices)
      if (device.kind->name == "voltage" || device.kind->name == "current") modulate(device);
    carrier_ = sine("carrier", 1.0, hertz_, 0.0);  // the imaginary part of exp(i W t): everything begins at zero
    in_phase_ = sine("carrier.beta", teaching_.signal.beta, 1.0 / teaching_.signal.period, 90.0);
    quadrature_ = sine("carrier.betaq", teaching_.signal.beta, 1.0 / teaching_.signal.period, 0.0);
    for (const NudgeCurrent& current : teaching_.currents) nudge(current);
  }

 private:
  /// Its value at rest times the carrier.
  void modulate(FlatDevice& device) {
    if (device.waveform)
      throw Error(Fault::netlist, fmt::format("'{}' moves by itself, and on a carrier every source is constant but for the carrier; give it a dc value alone", device.name));
    const auto dc = device.values.find("dc");
    if (dc == device.values.end() || dc->second == 0.0) return;
    wave(device, dc->second, hertz_, 0.0);
  }

  static void wave(FlatDevice& device, double amplitude, double hertz, double phase) {
    const WaveformArguments arguments{.values = {0.0, amplitude, hertz, 0.0, 0.0, phase}, .options = {}, .window = {}, .seed = 0, .name = device.name};
    device.waveform = make_waveform("sin", arguments);
    device.waveform_text = waveform_text("sin", arguments);
  }

  std::string sine(const std::string& wanted, double amplitude, double hertz, double phase) {
    const std::string node = fresh(wanted);
    FlatDevice source = plain_device("voltage", node, {node, "0"}, teaching_.where);
    wave(source, amplitude, hertz, phase);
    add_node(netlist_, node, teaching_.where);
    netlist_.devices.push_back(std::move(source));
    return node;
  }

  std::string fresh(std::string name) const {
    while (netlist_.node_where.count(name)) name += "_";
    return name;
  }

  /// a v + b sin: what the error is linear in, with its constant on the carrier.
  std::string error_text(const NudgeCurrent& current) const {
    const BehaviouralText& g = current.g;
    std::vector<double> nothing(g.inputs.size(), 0.0), elsewhere(g.inputs.size()), slopes(g.inputs.size()), slopes_there(g.inputs.size());
    for (std::size_t k = 0; k < elsewhere.size(); ++k) elsewhere[k] = 0.7 + 0.31 * static_cast<double>(k);
    g.expression.gradient<double>(nothing, slopes), g.expression.gradient<double>(elsewhere, slopes_there);
    std::string text = fmt::format("({})*v({})", format_exact(g.expression.eval<double>(nothing)), carrier_);
    for (std::size_t k = 0; k < g.inputs.size(); ++k) {
      if (std::abs(slopes[k] - slopes_there[k]) > 1e-12 * std::abs(slopes[k]))
        throw Error(Fault::netlist, "on a carrier the error must be linear in the outputs: take cost=squared");
      text += fmt::format("+({})*v({}{}{})", format_exact(slopes[k]), g.inputs[k].plus, g.inputs[k].minus.empty() ? "" : ",", g.inputs[k].minus);
    }
    return text;
  }

  void behavioural(const char* kind, const std::string& name, std::vector<std::string> nodes, const std::string& text) {
    FlatDevice source = plain_device(kind, name, std::move(nodes), teaching_.where);
    source.expressions.push_back(circuit_expression(text));
    netlist_.devices.push_back(std::move(source));
  }

  /// The second phase of the error by an all-pass, (1 - s/W) / (1 + s/W): a quarter of a period late at the carrier.
  void nudge(const NudgeCurrent& current) {
    const std::string error = fresh("carrier.e." + current.membrane), late = fresh("carrier.l." + current.membrane);
    add_node(netlist_, error, teaching_.where), add_node(netlist_, late, teaching_.where);
    behavioural("behavioural_voltage", error, {error, "0"}, error_text(current));
    constexpr double ohms = 1e3;
    FlatDevice resistor = plain_device("resistor", late + ".r", {error, late}, teaching_.where), capacitor = plain_device("capacitor", late + ".c", {late, "0"}, teaching_.where);
    resistor.values["r"] = ohms;
    capacitor.values["c"] = 1.0 / (2.0 * std::numbers::pi * hertz_ * ohms);
    netlist_.devices.push_back(std::move(resistor)), netlist_.devices.push_back(std::move(capacitor));
    behavioural("behavioural_current", fresh("carrier.i." + current.membrane), {current.membrane, "0"},
                fmt::format("v({})*v({})-v({})*(2*v({})-v({}))", in_phase_, error, quadrature_, late, error));
  }

  const Teaching& teaching_;
  double hertz_;
  Netlist& netlist_;
  std::string carrier_, in_phase_, quadrature_;
};

}  // namespace

void put_on_carrier(Netlist& netlist, const Teaching& teaching, double hertz) { Carrier(teaching, hertz, netlist).add(); }

}  // namespace settle
