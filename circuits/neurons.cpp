// Neurons: membranes and activities read off the sources that set nodes.
#include "circuits/neurons.hpp"

#include <algorithm>

namespace settle {
namespace {

/// A device that ties two nodes by a voltage, with the row it sets when the other one is known.
struct Tie {
  const FlatDevice* device;
  Index from, to;
};

std::vector<Tie> voltage_ties(const Netlist& netlist, const Circuit& circuit) {
  std::vector<Tie> ties;
  for (const FlatDevice& device : netlist.devices)
    for (const Branch& branch : device.kind->branches) {
      if (branch.tie != Branch::Tie::voltage) continue;
      const Index from = circuit.find_row(device.nodes[static_cast<std::size_t>(branch.from)]);
      const Index to = circuit.find_row(device.nodes[static_cast<std::size_t>(branch.to)]);
      if (from != to) ties.push_back({&device, from, to});
    }
  return ties;
}

/// Nodes a source's voltage is a function of; nothing if it also depends on a current.
std::optional<std::vector<Index>> nodes_read(const FlatDevice& device, const Circuit& circuit) {
  std::vector<Index> nodes;
  const auto read = [&](const std::string& node) { nodes.push_back(circuit.find_row(node)); };
  if (device.kind->name == "vcvs") read(device.nodes[2]), read(device.nodes[3]);
  else if (device.kind->references > 0) return std::nullopt;
  for (const BehaviouralText& text : device.expressions)
    for (const InputSource& input : text.inputs) {
      if (input.what == InputSource::What::current) return std::nullopt;
      if (input.what != InputSource::What::voltage) continue;
      read(input.plus);
      if (!input.minus.empty()) read(input.minus);
    }
  return nodes;
}

}  // namespace

Neurons::Neurons(const Netlist& netlist, const Circuit& circuit) : circuit_(circuit) {
  const Rows& rows = circuit.rows();
  set_.assign(static_cast<std::size_t>(rows.count()), 0);
  std::fill_n(set_.begin(), rows.fixed_count(), 1);
  const std::vector<Tie> ties = voltage_ties(netlist, circuit);
  const auto is_set = [this](Index row) -> char& { return set_[static_cast<std::size_t>(row)]; };
  for (bool grown = true; grown;) {  // a source standing on a node that is set sets the next one
    grown = false;
    for (const Tie& tie : ties) {
      if (is_set(tie.from) == is_set(tie.to)) continue;
      is_set(tie.from) = is_set(tie.to) = 1;
      grown = true;
    }
  }
  for (const Tie& tie : ties) {
    if (rows.is_fixed(tie.from) == rows.is_fixed(tie.to)) continue;
    auto read = nodes_read(*tie.device, circuit);
    if (!read) continue;
    std::erase_if(*read, [&](Index row) { return rows.is_fixed(row); });
    std::sort(read->begin(), read->end());
    read->erase(std::unique(read->begin(), read->end()), read->end());
    if (read->size() != 1 || is_set(read->front())) continue;
    const Index activity = rows.is_fixed(tie.from) ? tie.to : tie.from;
    if (!membrane_of_.emplace(activity, read->front()).second) continue;
    activity_[read->front()].push_back(activity);
  }

  std::vector<char> has_mass(static_cast<std::size_t>(rows.unknowns()), 0);
  const Pattern& pattern = circuit.pattern();
  for (Index k = 0; k < pattern.entries(); ++k)
    if (circuit.mass()[k] != 0.0) has_mass[static_cast<std::size_t>(pattern.row[static_cast<std::size_t>(k)])] = 1;
  for (Index row = rows.fixed_count(); row < rows.count(); ++row) {
    if (!has_mass[static_cast<std::size_t>(row - rows.fixed_count())] || !rows.kind_of(row).is_node || is_set(row)) continue;
    const std::vector<Index>& read_by = activities(row);
    all_.push_back({row, read_by.empty() ? row : read_by.front()});
  }
}

std::optional<Neuron> Neurons::neuron_of(Index row) const {
  if (const auto found = membrane_of_.find(row); found != membrane_of_.end()) return Neuron{found->second, row};
  if (row < 0 || row >= circuit_.rows().count() || set_[static_cast<std::size_t>(row)] || !circuit_.rows().kind_of(row).is_node) return std::nullopt;
  return Neuron{row, row};
}

const std::vector<Index>& Neurons::activities(Index membrane) const {
  static const std::vector<Index> none;
  const auto found = activity_.find(membrane);
  return found == activity_.end() ? none : found->second;
}

std::string Neurons::name(const Neuron& neuron) const {
  const std::string membrane = circuit_.rows()[neuron.membrane].name;
  return neuron.activity == neuron.membrane ? membrane : membrane + ">" + circuit_.rows()[neuron.activity].name;
}

}  // namespace settle
