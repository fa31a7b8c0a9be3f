// Expander, after the last device: what expressions and references name must exist.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/expander.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

/// The name in v(name), within the text of an expression.
std::string_view first_argument(std::string_view text, const Input& input) {
  const std::string_view whole = text.substr(std::min(input.offset, text.size()), input.length);
  const std::size_t at = input.names.empty() ? std::string_view::npos : whole.find(input.names[0], whole.find('(') + 1);
  return at == std::string_view::npos ? whole : whole.substr(at, input.names[0].size());
}

/// Voltage sources of any sort and inductors have their current as an unknown; the reader must be built after them.
bool current_is_known(const Kind& of, const Kind& reader) { return (of.stage == 0 || of.stage == 2) && of.stage < reader.stage; }

}  // namespace

std::string Expander::find_node(const std::string& flat) const {
  if (is_ground(flat) || netlist_.node_where.count(flat)) return is_ground(flat) ? "0" : flat;
  std::string dotted = flat;
  std::replace(dotted.begin(), dotted.end(), ':', '.');
  if (netlist_.node_where.count(dotted)) return dotted;
  if (const auto port = netlist_.ports.find(dotted); port != netlist_.ports.end()) return port->second;
  return "";
}

/// Also "v.x1.vs" as ngspice writes it, and "x1:vs".
const FlatDevice* Expander::find_device(const std::string& flat) const {
  std::string name = flat;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto it = device_by_name_.find(name);
    if (it != device_by_name_.end() && it->second != std::string::npos) return &netlist_.devices[it->second];
    if (attempt == 0) std::replace(name.begin(), name.end(), ':', '.');
    else if (name.size() > 2 && name[1] == '.') name = name.substr(2);
  }
  return nullptr;
}

/// Names in the same scope, without its prefix.
std::vector<std::string_view> Expander::nearby_names(const Scope& scope, bool devices) const {
  constexpr std::size_t enough = 20'000;
  std::vector<std::string_view> names;
  const std::string& prefix = scope.prefix();
  const auto add = [&](std::string_view name) {
    if (names.size() < enough && name.substr(0, prefix.size()) == prefix) names.push_back(name.substr(prefix.size()));
  };
  if (devices)
    for (const FlatDevice& device : netlist_.devices) add(device.name);
  else
    for (const std::string& node : netlist_.nodes) add(node);
  return names;
}

void Expander::resolve() {
  for (const Reference& reference : references_) resolve_reference(reference);
  for (const InputUse& use : inputs_) resolve_input(use);
}

void Expander::resolve_reference(const Reference& r) {
  const std::string local = r.name.substr(std::min(r.name.size(), r.scope->prefix().size()));
  const FlatDevice* device = find_device(r.name);
  if (!device) device = find_device(local);
  FlatDevice& reader = netlist_.devices[r.device];
  if (!device)
    return r.scope->error(r.where, fmt::format("'{}' refers to an unknown device '{}'{}", reader.name, local,
                                               suggest(local, nearby_names(*r.scope, true))));
  reader.references[r.place] = device->name;
  const bool inductors = reader.kind->name == "coupling";
  if (inductors ? device->kind->name != "inductor" : !current_is_known(*device->kind, *reader.kind))
    r.scope->error(r.where, inductors ? fmt::format("'{}' couples inductors, but '{}' is a {}", reader.name, local, device->kind->name)
                                      : fmt::format("'{}' reads the current of '{}', a {}; put a voltage source of 0 V in series and name that",
                                                    reader.name, local, device->kind->name));
}

void Expander::resolve_input(const InputUse& use) {
  InputSource& input = netlist_.devices[use.device].expressions[use.expression].inputs[use.input];
  if (input.what == InputSource::What::current) return resolve_current(input, use);
  std::string& name = use.minus ? input.minus : input.plus;
  const std::string local = name.substr(std::min(name.size(), use.scope->prefix().size()));
  std::string found = find_node(name);
  if (found.empty()) found = find_node(local);
  if (found.empty())
    return use.scope->error(use.where, fmt::format("unknown node '{}'{}", local, suggest(local, nearby_names(*use.scope, false))));
  name = found;
}

void Expander::resolve_current(InputSource& input, const InputUse& use) {
  const std::string local = input.plus.substr(std::min(input.plus.size(), use.scope->prefix().size()));
  const FlatDevice* device = find_device(input.plus);
  if (!device) device = find_device(local);
  if (!device)
    return use.scope->error(use.where, fmt::format("unknown device '{}'{}", local, suggest(local, nearby_names(*use.scope, true))));
  if (!current_is_known(*device->kind, *netlist_.devices[use.device].kind))
    return use.scope->error(use.where, fmt::format("i({}) is the current of a {}; put a voltage source of 0 V in series and write i of that", local,
                                                   device->kind->name));
  input.plus = device->name;
}

void Expander::read_inputs(BehaviouralText& text, const Scope& scope, const Card& card, const ArrayMember& member, std::string_view source) {
  const auto& inputs = text.expression.inputs();
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Input& input = inputs[k];
    const Location where = source.data() ? card.where(first_argument(source, input)) : card.where(std::size_t{0});
    InputSource from;
    const auto name = [&](std::size_t n) { return local_name(scope, card, input.names[n], member); };
    const auto add = [&](bool minus) { new_inputs_.push_back({0, 0, k, minus, &scope, where}); };
    switch (input.kind) {
      case Input::Kind::voltage:
        from = {InputSource::What::voltage, scope.node(name(0)), input.names.size() > 1 ? scope.node(name(1)) : ""};
        if (from.plus != "0") add(false);
        if (!from.minus.empty() && from.minus != "0") add(true);
        break;
      case Input::Kind::current:
        from = {InputSource::What::current, scope.device(name(0)), ""};
        add(false);
        break;
      case Input::Kind::time: from.what = InputSource::What::time; break;
      case Input::Kind::temperature: from.what = InputSource::What::temperature; break;
      case Input::Kind::device_quantity:
        scope.error(where, fmt::format("@{}[{}] cannot be used inside a device; use v() and i()", input.names[0], input.names.size() > 1 ? input.names[1] : ""));
        break;
      case Input::Kind::frequency: scope.error(where, "a device cannot depend on the frequency"); break;
    }
    text.inputs.push_back(std::move(from));
  }
}

}  // namespace settle
