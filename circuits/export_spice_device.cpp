// Devices as ngspice's cards: name, nodes, what controls them, value, model, parameters.
#include "circuits/export_spice_device.hpp"

#include <fmt/format.h>

#include <cmath>

#include "circuits/export_spice_ekv.hpp"
#include "circuits/export_spice_expression.hpp"
#include "circuits/export_spice_formula.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

double given(const FlatDevice& device, const std::string& field, double otherwise) {
  const auto it = device.values.find(field);
  return it == device.values.end() ? otherwise : it->second;
}

std::string head(const FlatDevice& device, const SpiceNames& names) {
  std::string text = names.device(device.name);
  for (const std::string& node : device.nodes) text += " " + names.node(node);
  return text;
}

const Field& field_of(const FlatDevice& device, const std::string& name) { return device.kind->fields[device.kind->field_index(name)]; }

/// Flags stand alone; a resistor's noise has another name.
std::string assignment(const std::string& name, double value) {
  if (name == "off" || name == "on") return value != 0.0 ? " " + name : "";
  return fmt::format(" {}={}", name == "noise" ? "noisy" : name, format_exact(value));
}

std::string model_content(const FlatDevice& device, bool& any) {
  std::string type = device.model_type.empty() ? device.kind->model_types.front() : device.model_type;
  std::string text = type + "(";
  if (!device.kind->levels.empty()) text += fmt::format("level={} ", device.kind->levels.front());
  any = false;
  for (const auto& [name, value] : device.values) {
    const Field& field = field_of(device, name);
    if (field.owner != Field::Owner::model || std::isnan(value)) continue;
    text += fmt::format("{}{}={}", any ? " " : "", field.in_models.empty() ? name : field.in_models, format_exact(value));
    any = true;
  }
  return text + ")";
}

std::string parameters(const FlatDevice& device, const std::string& except) {
  std::string text;
  for (const auto& [name, value] : device.values)
    if (name != except && field_of(device, name).owner == Field::Owner::instance && !std::isnan(value)) text += assignment(name, value);
  return text;
}

/// R C L D M S W: a model if they need one or have something to say in it.
std::string plain(const FlatDevice& device, const SpiceNames& names, SpiceModels& models) {
  const Kind& kind = *device.kind;
  std::string text = head(device, names);
  for (const std::string& reference : device.references) text += " " + names.device(reference);
  const bool bare_value = (kind.letter == 'r' || kind.letter == 'c' || kind.letter == 'l') && device.values.count(kind.principal) > 0;
  if (bare_value) text += " " + format_exact(device.values.at(kind.principal));
  bool says_something = false;
  const std::string content = kind.model_types.empty() ? "" : model_content(device, says_something);
  const bool needs_model = kind.letter == 'd' || kind.letter == 'm' || kind.letter == 's' || kind.letter == 'w';
  if (needs_model || says_something) text += " " + models.name(device.model.empty() ? kind.name : device.model, content);
  return text + parameters(device, bare_value ? kind.principal : "");
}

std::string source(const FlatDevice& device, const SpiceNames& names) {
  std::string text = fmt::format("{} dc {}", head(device, names), format_exact(given(device, "dc", 0.0)));
  const SmallSignal& small = device.small_signal;
  if (small.magnitude != 0.0) text += fmt::format(" ac {} {}", format_exact(small.magnitude), format_exact(small.phase));
  if (!device.waveform_text.empty()) text += " " + device.waveform_text;
  return text + (device.values.count("m") ? assignment("m", device.values.at("m")) : "");
}

/// E G F H. A multiplicity is part of the gain: not all of them take m= in ngspice.
std::string controlled(const FlatDevice& device, const SpiceNames& names) {
  std::string text = head(device, names);
  for (const std::string& reference : device.references) {
    const std::string& name = names.device(reference);
    if (name.front() != 'v') throw Error(Fault::netlist, fmt::format("it is controlled by the current of '{}', but in ngspice only by that of a voltage source", reference));
    text += " " + name;
  }
  const double gain = given(device, device.kind->principal, field_of(device, device.kind->principal).initial);
  return fmt::format("{} {}", text, format_exact(gain * given(device, "m", 1.0)));
}

std::string behavioural(const FlatDevice& device, const SpiceNames& names) {
  const std::string name = names.device(device.name);
  std::string expression = spice_expression(device.expressions.front(), names);
  if (const double m = given(device, "m", 1.0); m != 1.0) expression = fmt::format("{}*{}", format_exact(m), expression);
  const bool voltage = device.kind->name == "behavioural_voltage";
  const char* quantity = name.front() == 'c' ? "q" : name.front() == 'e' ? "vol" : name.front() == 'g' ? "cur" : voltage ? "v" : "i";
  return fmt::format("{} {}={{{}}}{}", head(device, names), quantity, expression, [&] {
    FlatDevice rest = device;
    rest.values.erase("m");
    return parameters(rest, "");
  }());
}

std::string coupling(const FlatDevice& device, const SpiceNames& names) {
  return fmt::format("{} {} {} {}", names.device(device.name), names.device(device.references.at(0)), names.device(device.references.at(1)),
                     format_exact(given(device, "k", 0.0)));
}

}  // namespace

const std::string& SpiceModels::name(const std::string& wanted, const std::string& content) {
  const auto [it, fresh] = by_content_.try_emplace(content, wanted);
  if (!fresh) return it->second;
  for (int k = 2; !taken_.insert(it->second).second; ++k) it->second = fmt::format("{}_{}", wanted, k);
  text_ += fmt::format(".model {} {}\n", it->second, content);
  return it->second;
}

std::string spice_card(const FlatDevice& device, const SpiceNames& names, SpiceModels& models, const Celsius& temperature) {
  if (device.kind->name == "ekv") return spice_ekv(device, names, temperature.nominal);
  if (!spice_knows(*device.kind) && has_formula(device))
    return spice_formula(device, names, {.temperature = zero_celsius + temperature.actual, .nominal = zero_celsius + temperature.nominal});
  switch (spice_letter(device)) {
    case 0: throw Error(Fault::netlist, "ngspice has no " + device.kind->help);
    case 'k': return coupling(device, names);
    case 'v':
    case 'i': return source(device, names);
    case 'f':
    case 'h': return controlled(device, names);
    default: break;
  }
  if (!device.expressions.empty()) return behavioural(device, names);
  return device.kind->letter == 'e' || device.kind->letter == 'g' ? controlled(device, names) : plain(device, names, models);
}

}  // namespace settle
