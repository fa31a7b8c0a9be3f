// Finding sources and nodes.
#include "learning/bound_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/probe_text.hpp"
#include "learning/members.hpp"
#include "sim/error.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

bool is_source(const FlatDevice& device) { return device.kind->letter == 'v' || device.kind->letter == 'i'; }
bool is_pattern(const std::string& word) { return word.find('*') != std::string::npos; }

std::vector<std::string> expanded(const std::string& name, const Word& word, const Netlist& netlist, Diagnostics& diagnostics) {
  try {
    return bus_names(name, netlist);
  } catch (const Error& error) {
    diagnostics.error(word.where, error.what());
    return {};
  }
}

}  // namespace

BoundNames::BoundNames(const Netlist& netlist) : netlist_(netlist) {
  for (const FlatDevice& device : netlist.devices) devices_.emplace(device.name, &device);
}

bool BoundNames::drives(const std::string& name, Location where, Diagnostics& diagnostics) const {
  const auto it = devices_.find(name);
  if (it == devices_.end()) {
    std::vector<std::string> sources;
    for (const FlatDevice& device : netlist_.devices)
      if (is_source(device)) sources.push_back(device.name);
    diagnostics.error(where, fmt::format("there is no device '{}'{}", name, suggest(name, sources)));
    return false;
  }
  const FlatDevice& device = *it->second;
  if (!is_source(device)) diagnostics.error(where, fmt::format("'{}' is a {}; a feature drives an independent source, V or I", name, device.kind->name), {{device.where, "it is defined here"}});
  else if (device.waveform)
    diagnostics.error(where, fmt::format("'{}' has a waveform, {}, which would overrule the feature in time; give it a plain value, such as 0", name, device.waveform_text), {{device.where, "it is defined here"}});
  return is_source(device) && !device.waveform;
}

std::vector<std::string> BoundNames::sources(const Word& word, Diagnostics& diagnostics) const {
  std::vector<std::string> names = expanded(word.text, word, netlist_, diagnostics);
  if (is_pattern(word.text)) {
    names.clear();
    for (const FlatDevice& device : netlist_.devices)
      if (is_source(device) && glob(word.text, device.name)) names.push_back(device.name);
    if (names.empty()) diagnostics.error(word.where, fmt::format("no independent source fits '{}'", word.text));
  }
  std::erase_if(names, [&](const std::string& name) { return !drives(name, word.where, diagnostics); });
  return names;
}

bool BoundNames::known_node(const std::string& node, Location where, Diagnostics& diagnostics) const {
  if (netlist_.node_where.count(node)) return true;
  diagnostics.error(where, node == "0" ? "ground stays at 0 V" : fmt::format("there is no node '{}'{}", node, suggest(node, netlist_.nodes)));
  return false;
}

std::vector<std::string> BoundNames::nodes(const Word& word, Diagnostics& diagnostics) const {
  const ProbeText probe = split_probe(word.text);
  const bool voltage = probe.form == ProbeText::Form::function && probe.function == "v" && word.text.starts_with("v(");
  if (!voltage || probe.arguments.size() != 1) {
    diagnostics.error(word.where, fmt::format("'{}' is not of the form v(node); a target is the voltage of one node", word.text));
    return {};
  }
  const std::string& name = probe.arguments[0];
  std::vector<std::string> names = expanded(name, word, netlist_, diagnostics);
  if (is_pattern(name)) {
    names.clear();
    std::copy_if(netlist_.nodes.begin(), netlist_.nodes.end(), std::back_inserter(names), [&](const std::string& node) { return glob(name, node); });
    if (names.empty()) diagnostics.error(word.where, fmt::format("no node fits '{}'", word.text));
  }
  std::erase_if(names, [&](const std::string& node) { return !known_node(node, word.where, diagnostics); });
  return names;
}

}  // namespace settle
