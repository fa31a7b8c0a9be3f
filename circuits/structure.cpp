// Structure: the circuit as a graph of branches; parts without a way to ground, and loops of fixed voltages.
#include "circuits/structure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <unordered_set>

namespace settle {
namespace {

using Tie = Branch::Tie;

class NodeSets {
 public:
  explicit NodeSets(const Netlist& netlist) {
    number("0");
    for (const std::string& node : netlist.nodes) number(node);
  }
  std::size_t number(const std::string& node) {
    const auto [it, fresh] = index_.emplace(node, parent_.size());
    if (fresh) parent_.push_back(parent_.size());
    return it->second;
  }
  std::size_t root(std::size_t k) {
    while (parent_[k] != k) k = parent_[k] = parent_[parent_[k]];
    return k;
  }
  bool join(const std::string& a, const std::string& b) {
    const std::size_t i = root(number(a)), j = root(number(b));
    parent_[std::max(i, j)] = std::min(i, j);  // ground stays a root
    return i != j;
  }
  bool grounded(const std::string& node) { return root(number(node)) == 0; }

 private:
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::size_t> parent_;
};

/// A current source that answers to its own voltage conducts.
bool controls_itself(const FlatDevice& device) {
  const auto own = [&](const std::string& node) { return node != "0" && (node == device.nodes[0] || node == device.nodes[1]); };
  for (std::size_t k = 2; k < device.nodes.size(); ++k)
    if (own(device.nodes[k])) return true;
  for (const BehaviouralText& text : device.expressions)
    for (const InputSource& input : text.inputs)
      if (input.what == InputSource::What::voltage && (own(input.plus) || own(input.minus))) return true;
  return false;
}

std::vector<Branch> branches_of(const FlatDevice& device) {
  std::vector<Branch> branches = device.kind->branches;
  if (branches.empty())
    for (std::size_t k = 1; k < device.nodes.size(); ++k) branches.push_back({Tie::conducts, 0, static_cast<int>(k)});
  for (Branch& branch : branches)
    if (branch.tie == Tie::current && controls_itself(device)) branch.tie = Tie::conducts;
  return branches;
}

const std::string& node(const FlatDevice& device, int terminal) { return device.nodes[static_cast<std::size_t>(terminal)]; }

/// Cells tie rows and columns together; buffered ones tie columns to the buffers' supply, a virtual ground ties rows to ground.
void join_arrays(const Netlist& netlist, NodeSets& sets) {
  for (const FlatArray& array : netlist.arrays) {
    const bool forward = array.coupling == FlatArray::Coupling::forward;
    for (const std::string& row : array.rows) {
      if (!forward) sets.join(array.virtual_ground ? "0" : array.rows.front(), row);
      if (array.wires.row_load > 0.0) sets.join("0", row);
    }
    for (const std::string& column : array.columns) {
      if (!array.virtual_ground) sets.join(forward ? "0" : array.rows.front(), column);
      if (array.wires.column_load > 0.0) sets.join("0", column);
    }
  }
}

/// A controlled current source gives a node its voltage if another device listens to that node: a gyrator, an integrator with feedback.
void join_controlled(const Netlist& netlist, NodeSets& sets) {
  std::unordered_set<std::string> heard;
  for (const FlatDevice& device : netlist.devices) {
    if (device.nodes.size() > 2 && !device.kind->branches.empty()) heard.insert(device.nodes.begin() + 2, device.nodes.end());
    for (const BehaviouralText& text : device.expressions)
      for (const InputSource& input : text.inputs) heard.insert({input.plus, input.minus});
  }
  for (const FlatArray& array : netlist.arrays) heard.insert(array.rows.begin(), array.rows.end());
  for (const FlatDevice& device : netlist.devices) {
    const bool controlled = device.nodes.size() > 2 || !device.references.empty() ||
                            std::any_of(device.expressions.begin(), device.expressions.end(), [](const auto& e) { return !e.inputs.empty(); });
    if (!controlled) continue;
    for (const Branch& branch : branches_of(device))
      if (branch.tie == Tie::current)
        for (int terminal : {branch.from, branch.to})
          if (heard.count(node(device, terminal))) sets.join("0", node(device, terminal));
  }
}

NodeSets dc_paths(const Netlist& netlist) {
  NodeSets sets(netlist);
  for (const FlatDevice& device : netlist.devices)
    for (const Branch& branch : branches_of(device))
      if (branch.tie == Tie::conducts || branch.tie == Tie::voltage || branch.tie == Tie::flux) sets.join(node(device, branch.from), node(device, branch.to));
  join_arrays(netlist, sets);
  for (const auto& [held, word] : netlist.initial) sets.join("0", held);
  join_controlled(netlist, sets);
  return sets;
}

std::string quoted(const std::vector<std::string>& names, std::size_t most = 8) {
  std::string text;
  for (std::size_t k = 0; k < std::min(names.size(), most); ++k) text += fmt::format("{}'{}'", k ? ", " : "", names[k]);
  return names.size() > most ? fmt::format("{} and {} more", text, names.size() - most) : text;
}

/// Fixed voltages form a forest; a branch that closes a loop is refused with the devices of the loop.
class VoltageForest {
 public:
  explicit VoltageForest(const Netlist& netlist) : sets_(netlist) {}

  void add(const FlatDevice& device, const Branch& branch, Diagnostics& diagnostics) {
    const std::string &a = node(device, branch.from), &b = node(device, branch.to);
    if (a == b) {
      diagnostics.error(device.where, fmt::format("'{}' is a {} with both ends on node '{}'", device.name, device.kind->name, a));
    } else if (sets_.join(a, b)) {
      neighbours_[a].push_back({b, &device});
      neighbours_[b].push_back({a, &device});
    } else {
      diagnostics.error(device.where, fmt::format("'{}' closes a loop of voltage sources and inductors: {}; put a resistance into the loop", device.name,
                                                  quoted(loop(a, b, device.name))));
    }
  }

 private:
  std::vector<std::string> loop(const std::string& from, const std::string& to, const std::string& closing) {
    std::unordered_map<std::string, std::pair<std::string, const FlatDevice*>> came;
    std::queue<std::string> front;
    front.push(from);
    came[from] = {from, nullptr};
    for (; !front.empty() && !came.count(to); front.pop())
      for (const auto& [next, device] : neighbours_[front.front()])
        if (came.emplace(next, std::pair{front.front(), device}).second) front.push(next);
    std::vector<std::string> devices{closing};
    for (std::string at = to; at != from; at = came[at].first) devices.push_back(came[at].second->name);
    return devices;
  }

  NodeSets sets_;
  std::unordered_map<std::string, std::vector<std::pair<std::string, const FlatDevice*>>> neighbours_;
};

/// The devices at the nodes of each part, in one pass over the netlist.
std::vector<std::vector<const FlatDevice*>> devices_at(const Netlist& netlist, const std::vector<std::vector<std::string>>& parts) {
  std::unordered_map<std::string, std::size_t> part_of;
  for (std::size_t k = 0; k < parts.size(); ++k)
    for (const std::string& n : parts[k]) part_of.emplace(n, k);
  std::vector<std::vector<const FlatDevice*>> devices(parts.size());
  for (const FlatDevice& device : netlist.devices)
    for (const std::string& n : device.nodes)
      if (const auto part = part_of.find(n); part != part_of.end()) {
        auto& list = devices[part->second];
        if (list.empty() || list.back() != &device) list.push_back(&device);
      }
  return devices;
}

std::vector<std::string> arrays_at(const Netlist& netlist, const std::vector<std::string>& part) {
  const std::unordered_set<std::string> nodes(part.begin(), part.end());
  std::vector<std::string> names;
  for (const FlatArray& array : netlist.arrays) {
    const auto inside = [&](const std::string& node) { return nodes.count(node) > 0; };
    if (std::any_of(array.rows.begin(), array.rows.end(), inside) || std::any_of(array.columns.begin(), array.columns.end(), inside)) names.push_back(array.name);
  }
  return names;
}

bool is_current_source(const FlatDevice* device) {
  const std::vector<Branch> branches = branches_of(*device);
  return std::all_of(branches.begin(), branches.end(), [](const Branch& b) { return b.tie == Tie::current; });
}

void check_paths(const Netlist& netlist, Diagnostics& diagnostics) {
  const std::vector<std::vector<std::string>> parts = floating_parts(netlist);
  const std::vector<std::vector<const FlatDevice*>> devices = devices_at(netlist, parts);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    std::vector<std::string> names;
    for (const FlatDevice* device : devices[k]) names.push_back(device->name);
    const std::vector<std::string> arrays = arrays_at(netlist, parts[k]);
    names.insert(names.end(), arrays.begin(), arrays.end());
    const std::string what = parts[k].size() == 1 ? "node " + quoted(parts[k]) : "nodes " + quoted(parts[k]);
    const bool cut = arrays.empty() && std::all_of(devices[k].begin(), devices[k].end(), is_current_source);
    const auto where = netlist.node_where.find(parts[k].front());
    diagnostics.error(where == netlist.node_where.end() ? Location{} : where->second,
                      cut ? fmt::format("nothing but current sources meets at {} ({}), so no voltage follows there; add a resistor to ground", what, quoted(names))
                          : fmt::format("no DC path to ground from {} (connected: {}); add a large resistor to ground, or start with .tran ... uic", what,
                                        quoted(names)));
  }
}

bool fixes_voltage(const FlatDevice& device) {
  const std::vector<Branch> branches = branches_of(device);
  return std::any_of(branches.begin(), branches.end(), [](const Branch& b) { return b.tie == Tie::voltage; });
}

bool spoken_of(const Diagnostics& diagnostics, const Location& where) {
  return std::any_of(diagnostics.all().begin(), diagnostics.all().end(), [&](const Diagnostic& d) {
    return d.where.file == where.file && d.where.line == where.line && d.where.column == where.column;
  });
}

void check_single_connections(const Netlist& netlist, Diagnostics& diagnostics) {
  std::unordered_map<std::string, std::pair<int, const FlatDevice*>> uses;
  for (const FlatDevice& device : netlist.devices) {
    for (const std::string& n : device.nodes) {
      auto& use = uses[n];
      ++use.first;
      use.second = &device;
    }
    for (const BehaviouralText& text : device.expressions)
      for (const InputSource& input : text.inputs) ++uses[input.plus].first, ++uses[input.minus].first;
  }
  for (const FlatArray& array : netlist.arrays)
    for (const auto* nodes : {&array.rows, &array.columns, &array.gates})
      for (const std::string& n : *nodes) ++uses[n].first;
  for (const std::string& n : netlist.nodes) {
    const auto use = uses.find(n);
    if (use == uses.end() || use->second.first != 1 || !use->second.second) continue;
    const FlatDevice& device = *use->second.second;
    const Location where = netlist.node_where.at(n);
    if (device.path.empty() && !fixes_voltage(device) && !spoken_of(diagnostics, where))  // a source's open output is no slip, nor a subcircuit's
      diagnostics.warning(where, fmt::format("node '{}' has a single connection, to '{}'", n, device.name));
  }
}

}  // namespace

std::vector<std::vector<std::string>> floating_parts(const Netlist& netlist) {
  NodeSets sets = dc_paths(netlist);
  std::vector<std::vector<std::string>> parts;
  std::unordered_map<std::size_t, std::size_t> part_of;
  for (const std::string& n : netlist.nodes) {
    if (sets.grounded(n)) continue;
    const auto [it, fresh] = part_of.emplace(sets.root(sets.number(n)), parts.size());
    if (fresh) parts.emplace_back();
    parts[it->second].push_back(n);
  }
  return parts;
}

void check_structure(const Netlist& netlist, bool dc, Diagnostics& diagnostics) {
  if (dc) check_paths(netlist, diagnostics);
  VoltageForest forest(netlist);
  for (const FlatDevice& device : netlist.devices)
    for (const Branch& branch : branches_of(device))
      if (branch.tie == Tie::voltage || (dc && branch.tie == Tie::flux)) forest.add(device, branch, diagnostics);
  check_single_connections(netlist, diagnostics);
}

}  // namespace settle
