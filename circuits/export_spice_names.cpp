// Choosing names for ngspice that stay as close to the deck's as they can.
#include "circuits/export_spice_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "circuits/export_spice_formula.hpp"

namespace settle {
namespace {

/// Kinds with the letters they may be written with, the usual one first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> letters{
    {{"resistor", "r"},        {"capacitor", "c"}, {"inductor", "l"},      {"coupling", "k"},
     {"voltage", "v"},         {"current", "i"},   {"diode", "d"},         {"mosfet1", "m"},
     {"switch", "s"},          {"vcvs", "e"},      {"current_switch", "w"}, {"vccs", "g"},
     {"cccs", "f"},            {"ccvs", "h"},      {"behavioural_voltage", "be"}, {"behavioural_current", "bg"},
     {"behavioural_charge", "c"}, {"ekv", "b"}}};

/// "r3" of "x1.r3"
std::string_view local_part(std::string_view name) { return name.substr(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1); }

std::string cleaned(std::string name) {
  constexpr std::string_view separators = "()=,{}'\" ;";
  std::replace_if(name.begin(), name.end(), [&](char c) { return separators.find(c) != std::string_view::npos; }, '_');
  return name;
}

const auto* letters_of(const Kind& kind) {
  return std::find_if(letters.begin(), letters.end(), [&](const auto& entry) { return entry.first == kind.name; });
}

}  // namespace

bool spice_knows(const Kind& kind) { return letters_of(kind) != letters.end(); }

char spice_letter(const FlatDevice& device) {
  const auto found = letters_of(*device.kind);
  if (found == letters.end()) return has_formula(device) ? 'b' : 0;
  const char own = local_part(device.name).front();
  return found->second.find(own) != std::string_view::npos ? own : found->second.front();
}

SpiceNames::SpiceNames(const Netlist& netlist) {
  node_["0"] = "0";
  taken_.insert("0");
  for (const std::string& node : netlist.nodes) add(node_, node, cleaned(node));
  for (const FlatDevice& device : netlist.devices)
    for (const std::string& node : formula_nodes(device)) {
      std::string wanted = cleaned(node);
      std::replace(wanted.begin(), wanted.end(), '#', '.');
      add(node_, node, std::move(wanted));
    }
  taken_.clear();  // a device may be called as a node is
  for (const FlatDevice& device : netlist.devices) {
    const char letter = spice_letter(device);
    const std::string name = cleaned(device.name);
    const bool top = name.find('.') == std::string::npos;
    if (letter) add(device_, device.name, top && name.front() == letter ? name : fmt::format("{}.{}", letter, name));
  }
}

void SpiceNames::add(Names& names, const std::string& name, std::string wanted) {
  const std::string first = wanted;
  for (int k = 2; !taken_.insert(wanted).second; ++k) wanted = fmt::format("{}_{}", first, k);
  names[name] = std::move(wanted);
}

}  // namespace settle
