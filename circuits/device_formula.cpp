// Filling a device's fields, nodes and memory states into the equations its kind gives as text.
#include "circuits/device_formula.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/number.hpp"

namespace settle {
namespace {

class FieldNames final : public Names {
 public:
  explicit FieldNames(const FlatDevice& device) : device_(device) {}
  std::optional<double> parameter(std::string_view name) const override {
    const auto given = device_.values.find(std::string(name));
    if (given != device_.values.end()) return given->second;
    const std::size_t field = device_.kind->field_index(name);
    if (field == std::string::npos) return {};
    return device_.kind->fields[field].initial;
  }

 private:
  const FlatDevice& device_;
};

std::string with_states(std::string text, const Formula& formula) {
  for (const Formula::State& state : formula.states) {
    const std::string voltage = fmt::format("v({})", state.name), number = fmt::format("({})", format_exact(state.initial));
    for (std::size_t at = text.find(voltage); at != std::string::npos; at = text.find(voltage, at + number.size())) text.replace(at, voltage.size(), number);
  }
  return text;
}

}  // namespace

Expression with_fields(const FlatDevice& device, const std::string& text) {
  const ParsedExpression parsed = parse_expression(text, FieldNames(device), ExpressionUse::circuit);
  if (!parsed.problems.empty()) throw std::logic_error(device.kind->name + ": " + parsed.problems[0].text + " in " + text);
  return parsed.expression;
}

DeviceFormula formula_at_rest(const FlatDevice& device, const Environment& environment) {
  const Formula formula = device.kind->formula(device.values, device.model_type, environment);
  const std::vector<std::string>& terminals = device.kind->terminals;
  const auto internal = [&](const std::string& name) { return device.name + "." + name; };
  const auto node_of = [&](const std::string& name) {
    const auto found = std::find(terminals.begin(), terminals.end(), name);
    return found == terminals.end() ? internal(name) : device.nodes[static_cast<std::size_t>(found - terminals.begin())];
  };
  const auto place = [&](int k) {
    const std::size_t j = static_cast<std::size_t>(k);
    return j < terminals.size() ? device.nodes[j] : internal(formula.nodes[j - terminals.size()]);
  };
  const auto given = device.values.find("m");
  const std::string m = format_exact(given == device.values.end() ? 1.0 : given->second);
  const auto bound = [&](const std::string& text) { return device_expression(device, fmt::format("{}*({})", m, with_states(text, formula)), node_of); };
  DeviceFormula result;
  for (const Formula::Current& current : formula.currents) result.currents.push_back({place(current.from), place(current.to), bound(current.text)});
  for (const Formula::Charge& charge : formula.charges) result.charges.push_back({place(charge.from), place(charge.to), bound(charge.text)});
  for (const std::string& node : formula.nodes) result.nodes.push_back(internal(node));
  return result;
}

}  // namespace settle
