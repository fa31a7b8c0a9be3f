// Sources that teach: I = beta g by parts, (b + i bq)(g + i gq) = (b g - bq gq) + i(b gq + bq g), with b and bq on nodes of their own.
#include "circuits/teaching_sources.hpp"

#include <fmt/format.h>

#include "devices/waveform.hpp"

namespace settle {

FlatDevice plain_device(const char* kind, const std::string& name, std::vector<std::string> nodes, Location where) {
  FlatDevice device;
  device.kind = Registry<Kind>::find(kind);
  device.name = name;
  device.where = where;
  device.node_where.assign(nodes.size(), where);
  device.nodes = std::move(nodes);
  return device;
}

void add_node(Netlist& netlist, const std::string& node, Location where) {
  if (node != "0" && netlist.node_where.try_emplace(node, where).second) netlist.nodes.push_back(node);
}

namespace {

/// Of a period or, where nothing repeats, of a second: how long a jump takes, so that every program sees it begin after the rest state.
constexpr double ramp = 1e-9;

class TeachingSources {
 public:
  TeachingSources(const Teaching& teaching, const Rails& rails, RailNames& names, Netlist& netlist)
      : teaching_(teaching), signal_(teaching.signal), rails_(rails), names_(names), netlist_(netlist), beta_(names.fresh("teach.beta")) {}

  void add() {
    if (signal_.oscillates()) add_phases();
    else add_steps();
    for (const NudgeCurrent& current : teaching_.currents) add_current(current);
  }

 private:
  void add_source(const std::string& node, const char* waveform, std::vector<double> values, std::map<std::string, double> options = {}) {
    FlatDevice source = plain_device("voltage", node, {node, "0"}, teaching_.where);
    WaveformArguments arguments{.values = std::move(values), .options = std::move(options), .window = {}, .seed = 0, .name = node};
    source.values["dc"] = 0.0;
    source.waveform = make_waveform(waveform, arguments);
    source.waveform_text = waveform_text(waveform, arguments);
    add_node(netlist_, node, teaching_.where);
    netlist_.devices.push_back(std::move(source));
  }

  /// Two phases of an oscillator, and what switches them on.
  void add_phases() {
    const double frequency = 1.0 / signal_.period;
    add_source(beta_, "sin", {0.0, signal_.beta, frequency, 0.0, 0.0, 90.0});
    if (two_phases()) add_source(names_.node(beta_), "sin", {0.0, signal_.beta, frequency, 0.0, 0.0, rails_.quadrature});
    gate_ = names_.fresh("teach.on");
    add_source(gate_, "pwl", {0.0, 0.0, ramp * signal_.period, 1.0});
  }

  /// Points held one after the other, again and again; one point for a constant.
  void add_steps() {
    const int points = signal_.shape == Signal::Shape::points ? signal_.points : 1;
    const double hold = signal_.period > 0.0 ? signal_.period : 1.0, rise = ramp * hold;
    std::vector<double> in_phase{0.0, 0.0}, quadrature{0.0, 0.0};
    for (int k = 0; k <= points; ++k) {
      const Complex value = point(k % points), last = point((k + points - 1) % points);
      if (k > 0) in_phase.insert(in_phase.end(), {k * hold, last.real()}), quadrature.insert(quadrature.end(), {k * hold, last.imag()});
      in_phase.insert(in_phase.end(), {k * hold + rise, value.real()}), quadrature.insert(quadrature.end(), {k * hold + rise, value.imag()});
    }
    const std::map<std::string, double> again = points > 1 ? std::map<std::string, double>{{"r", rise}} : std::map<std::string, double>{};
    add_source(beta_, "pwl", std::move(in_phase), again);
    if (two_phases()) add_source(names_.node(beta_), "pwl", std::move(quadrature), again);
  }

  bool two_phases() const { return signal_.complex(); }
  /// The second phase early by an angle: sin(wt + a) where sin(wt) should be.
  Complex point(int k) const {
    const Complex z = signal_.shape == Signal::Shape::points ? signal_.point(k) : signal_.at(0.0);
    const double a = rails_.quadrature * std::numbers::pi / 180.0;
    return a == 0.0 ? z : Complex(z.real(), z.imag() * std::cos(a) + z.real() * std::sin(a));
  }

  void add_current(const NudgeCurrent& current) {
    ComplexPair pair(names_);
    ComplexArithmetic& a = pair.arithmetic();
    const Pair beta{pair.voltage(beta_), two_phases() ? pair.voltage(names_.node(beta_)) : a.number(0.0)};
    Pair push = a.multiply(beta, pair.parts(current.g));
    if (!gate_.empty()) push = a.multiply(a.real_value(pair.voltage(gate_)), push);
    const std::string name = names_.fresh("teach." + current.membrane), text = current.g.expression.text() + " times beta(t), on a rail";
    add_current(name, current.membrane, pair.finish(push.re, text));
    if (!a.real(push)) add_current(names_.device(name), names_.node(current.membrane), pair.finish(push.im, text));
  }
  /// -beta g into a node flows out of it through a source to ground as beta g.
  void add_current(const std::string& name, const std::string& membrane, BehaviouralText text) {
    FlatDevice source = plain_device("behavioural_current", name, {membrane, "0"}, teaching_.where);
    source.expressions.push_back(std::move(text));
    netlist_.devices.push_back(std::move(source));
  }

  const Teaching& teaching_;
  const Signal& signal_;
  const Rails& rails_;
  RailNames& names_;
  Netlist& netlist_;
  std::string beta_, gate_;
};

}  // namespace

void add_teaching_sources(const Teaching& teaching, const Rails& rails, RailNames& names, Netlist& netlist, Diagnostics& diagnostics) {
  for (const NudgeCurrent& current : teaching.currents)
    for (const FlatDevice& device : netlist.devices)
      if (device.kind->name == "voltage" && (device.nodes == std::vector{current.membrane, std::string("0")} || device.nodes == std::vector{std::string("0"), current.membrane})) {
        diagnostics.error(teaching.where, fmt::format("the membrane '{}' is held by the source '{}', so no nudge can move it; put a resistor between source and node", current.membrane, device.name));
        return;
      }
  TeachingSources(teaching, rails, names, netlist).add();
}

}  // namespace settle
