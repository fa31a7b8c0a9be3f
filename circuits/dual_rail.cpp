// Rewriting device by device; v(x_q) is the imaginary part of the voltage at node x.
#include "circuits/dual_rail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "circuits/array_expand.hpp"
#include "circuits/device_formula.hpp"
#include "circuits/holomorphy.hpp"
#include "circuits/options.hpp"
#include "circuits/probe_text.hpp"
#include "circuits/setting.hpp"
#include "circuits/teaching_sources.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

/// Kinds that are their own twins.
constexpr std::array<std::string_view, 9> linear{"resistor", "conductance", "capacitor", "inductor", "coupling", "vcvs", "vccs", "cccs", "ccvs"};
bool is_linear(const FlatDevice& device) { return std::find(linear.begin(), linear.end(), device.kind->name) != linear.end(); }
bool is_source(const FlatDevice& device) { return device.kind->name == "voltage" || device.kind->name == "current"; }

class DualRail {
 public:
  DualRail(Netlist& netlist, const Rails& rails, RailNames& names, const Environment& environment, Diagnostics& diagnostics)
      : netlist_(netlist), rails_(rails), names_(names), environment_(environment), diagnostics_(diagnostics) {}

  void rewrite() {
    for (const std::string& node : std::vector<std::string>(netlist_.nodes)) add_node(netlist_, names_.node(node), netlist_.node_where.at(node));
    const std::vector<FlatDevice> single = std::move(netlist_.devices);
    netlist_.devices.clear();
    for (const FlatDevice& device : single) add(device);
    for (auto* list : {&netlist_.initial, &netlist_.guesses})
      for (const auto& [node, word] : std::vector(*list)) list->emplace_back(names_.node(node), Word{"0", 0.0, word.where});
    add_outputs();
  }

 private:
  void add(const FlatDevice& device) {
    try {
      if (is_linear(device)) add_linear(device);
      else if (is_source(device)) add_source(device);
      else if (!device.expressions.empty()) add_pair(device, device, device.expressions.front());
      else add_formula(device);
    } catch (const Error& error) {
      diagnostics_.error(device.where, fmt::format("'{}' ({}) cannot be built on two rails: {}", device.name, device.kind->name, error.what()));
    }
  }

  /// The same device on the second rail, at rest.
  FlatDevice twin(FlatDevice device) const {
    device.name = names_.device(device.name);
    for (std::string& node : device.nodes) node = names_.node(node);
    for (std::string& reference : device.references) reference = names_.device(reference);
    if (const auto ic = device.values.find("ic"); ic != device.values.end()) ic->second = 0.0;
    return device;
  }

  void add_linear(const FlatDevice& device) {
    FlatDevice other = twin(device);
    const double factor = rails_.factor(rails_.conductance, device.name);
    const bool resistor = device.kind->name == "resistor";
    if (const char* field = resistor ? "scale" : device.kind->name == "conductance" ? "g" : device.kind->name == "vccs" ? "gain" : nullptr; field && factor != 1.0) {
      const auto given = device.values.find(field);
      const double value = given == device.values.end() ? device.kind->fields[device.kind->field_index(field)].initial : given->second;
      other.values[field] = resistor ? value / factor : value * factor;
    }
    netlist_.devices.push_back(device);
    netlist_.devices.push_back(std::move(other));
  }

  void add_source(const FlatDevice& device) {
    FlatDevice other = twin(device);
    other.values["dc"] = 0.0;
    other.waveform = nullptr;
    other.waveform_text.clear();
    other.small_signal = {};
    netlist_.devices.push_back(device);
    netlist_.devices.push_back(std::move(other));
  }

  /// A behavioural source by parts. Chance belongs to the device of the deck.
  void add_pair(FlatDevice source, const FlatDevice& of, const BehaviouralText& text) {
    ComplexPair pair(names_, rails_.offset);
    const Pair parts = pair.parts(text);
    const auto quadrature = pair.arithmetic().scaled(rails_.factor(rails_.gain, of.name), parts.im);
    FlatDevice other = twin(source);
    source.expressions = {pair.finish(parts.re, text.expression.text() + " in phase")};
    other.expressions = {pair.finish(quadrature, text.expression.text() + " in quadrature")};
    netlist_.devices.push_back(std::move(source));
    netlist_.devices.push_back(std::move(other));
  }

  void add_formula(const FlatDevice& device) {
    const DeviceFormula formula = formula_at_rest(device, environment_);
    if (formula.currents.empty())
      throw Error(Fault::netlist, "its equations are not known as text; replace it by B sources, or by a device such as a diode, an EKV transistor or a conductance");
    for (const std::string& node : formula.nodes)
      for (const std::string& name : {node, names_.node(node)}) add_node(netlist_, name, device.where);
    for (std::size_t k = 0; k < formula.currents.size(); ++k)
      add_part("behavioural_current", k == 0 ? device.name : fmt::format("{}.i{}", device.name, k + 1), device, formula.currents[k]);
    for (std::size_t k = 0; k < formula.charges.size(); ++k)
      add_part("behavioural_charge", fmt::format("{}.q{}", device.name, k + 1), device, formula.charges[k]);
  }
  void add_part(const char* kind, const std::string& name, const FlatDevice& device, const DeviceFormula::Part& part) {
    add_pair(plain_device(kind, name, {part.from, part.to}, device.where), device, part.text);
  }

  /// Who asks for a voltage or a current wants both parts of it.
  void add_outputs() {
    for (const OutputRequest& request : std::vector(netlist_.outputs)) {
      const ProbeText probe = split_probe(request.text);
      if (probe.form != ProbeText::Form::function || (probe.function != "v" && probe.function != "i")) continue;
      OutputRequest other = request;
      other.text = probe.function + "(";
      for (const std::string& name : probe.arguments) other.text += (other.text.back() == '(' ? "" : ",") + names_.node(name);
      other.text += ")";
      if (request.text.find('*') == std::string::npos) netlist_.outputs.push_back(std::move(other));
    }
  }

  Netlist& netlist_;
  const Rails& rails_;
  RailNames& names_;
  const Environment& environment_;
  Diagnostics& diagnostics_;
};

/// What a circuit of real voltages can be asked.
void drop_analyses(Netlist& netlist, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 4> kept{"op", "dc", "tran", "ac"};
  std::erase_if(netlist.analyses, [&](const AnalysisCard& card) {
    const bool leave = std::find(kept.begin(), kept.end(), card.kind) == kept.end();
    if (leave) diagnostics.warning(card.where, fmt::format(".{} is left out: with --dual-rail the voltages are real and the teaching signal consists of sources, as .op .dc .tran .ac see them", card.kind));
    return leave;
  });
  for (const ArraySave& save : netlist.array_saves)
    diagnostics.warning(save.where, fmt::format("the matrix of '{}' is left out: with --dual-rail arrays are single devices", save.array));
  netlist.array_saves.clear();
}

/// Those that teach are sources from now on.
void drop_teaching(Netlist& netlist, Diagnostics& diagnostics) {
  const Netlist before = netlist;
  std::erase_if(netlist.settings, [&](const AnalysisCard& card) { return Registry<Setting>::find(card.kind)->teaching(card, before, diagnostics).has_value(); });
}

}  // namespace

void dual_rail(Netlist& netlist, Diagnostics& diagnostics) {
  const Rails rails = rails_of(netlist, diagnostics);
  std::erase_if(netlist.settings, [](const AnalysisCard& card) { return card.kind == "rails"; });
  if (diagnostics.has_errors()) return;
  require_holomorphic(netlist, diagnostics);
  check_settings(netlist, diagnostics);
  const std::optional<Teaching> teaching = teaching_of(netlist, diagnostics);
  if (diagnostics.has_errors()) return;
  drop_teaching(netlist, diagnostics);
  drop_analyses(netlist, diagnostics);
  expand_arrays(netlist);
  netlist.drawn.clear(), netlist.drawn_crossings.clear();  // of devices that are others now
  const Environment environment = environment_of(netlist, options_of(netlist, diagnostics));
  RailNames names(netlist, diagnostics);
  DualRail(netlist, rails, names, environment, diagnostics).rewrite();
  if (teaching) add_teaching_sources(*teaching, rails, names, netlist, diagnostics);
}

}  // namespace settle
