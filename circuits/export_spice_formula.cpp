// A device's equations with its fields as numbers, its terminals as nodes and its states as node voltages.
#include "circuits/export_spice_formula.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/device_formula.hpp"
#include "circuits/export_spice_expression.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

std::string state_node(const FlatDevice& device, const std::string& state) { return device.name + "#" + state; }

/// v(state) is the state: its node's voltage times its usual size.
std::string with_sizes(std::string text, const Formula& formula) {
  for (const Formula::State& state : formula.states) {
    const std::string plain = fmt::format("v({})", state.name), sized = fmt::format("({}*{})", format_exact(state.scale), plain);
    if (state.scale == 1.0) continue;
    for (std::size_t at = text.find(plain); at != std::string::npos; at = text.find(plain, at + sized.size())) text.replace(at, plain.size(), sized);
  }
  return text;
}

class FormulaText {
 public:
  FormulaText(const FlatDevice& device, const SpiceNames& names, const Environment& environment)
      : device_(device), names_(names), formula_(device.kind->formula(device.values, device.model_type, environment)) {}

  std::string cards() const {
    std::string text;
    const auto given = device_.values.find("m");
    const double m = given == device_.values.end() ? 1.0 : given->second;
    for (std::size_t k = 0; k < formula_.currents.size(); ++k) {
      const Formula::Current& current = formula_.currents[k];
      text += fmt::format("{}{}{}{} {} {} i={{{}}}", k ? "\n" : "", names_.device(device_.name), k ? "_" : "", k ? std::to_string(k) : "", terminal(current.from),
                          terminal(current.to), expression(fmt::format("{}*({})", format_exact(m), current.text)));
    }
    for (const Formula::State& state : formula_.states) text += "\n" + state_cards(state);
    return text;
  }

 private:
  const std::string& terminal(int k) const { return names_.node(device_.nodes[static_cast<std::size_t>(k)]); }

  std::string state_cards(const Formula::State& state) const {
    const std::string& node = names_.node(state_node(device_, state.name));
    const std::string start = format_exact(state.initial / state.scale);
    const std::string moved = expression(fmt::format("({})/{}", state.drift, format_exact(state.scale)));
    return fmt::format("b.{0} 0 {0} i={{time > 0 ? {1} : {2}-v({0})}}\nc.{0} {0} 0 1 ic={2}", node, moved, start);
  }

  std::string expression(const std::string& text) const {
    const std::string sized = with_sizes(text, formula_);
    return spice_expression(device_expression(device_, sized, [this](const std::string& name) { return node(name); }), names_);
  }

  std::string node(const std::string& name) const {
    const std::vector<std::string>& terminals = device_.kind->terminals;
    const auto found = std::find(terminals.begin(), terminals.end(), name);
    return found == terminals.end() ? state_node(device_, name) : device_.nodes[static_cast<std::size_t>(found - terminals.begin())];
  }

  const FlatDevice& device_;
  const SpiceNames& names_;
  Formula formula_;
};

}  // namespace

bool has_formula(const FlatDevice& device) { return !device.kind->formula(device.values, device.model_type, {}).currents.empty(); }

std::vector<std::string> formula_nodes(const FlatDevice& device) {
  std::vector<std::string> nodes;
  for (const Formula::State& state : device.kind->formula(device.values, device.model_type, {}).states) nodes.push_back(state_node(device, state.name));
  return nodes;
}

std::string spice_formula(const FlatDevice& device, const SpiceNames& names, const Environment& environment) {
  return FormulaText(device, names, environment).cards();
}

}  // namespace settle
