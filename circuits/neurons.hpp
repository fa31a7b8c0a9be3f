// Neurons: which node of a circuit is a membrane, with a capacitance and currents into it, and which one carries its activity r = phi(v).
// A source to ground whose voltage is an explicit function of one plain node, `b1 r 0 v=tanh(v(u))`, makes r the activity of u.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "circuits/circuit.hpp"
#include "circuits/netlist.hpp"

namespace settle {

/// Rows of the circuit (see Rows). For a plain node both are the same.
struct Neuron {
  Index membrane = -1;
  Index activity = -1;
  friend bool operator==(const Neuron&, const Neuron&) = default;
};

/// Pure structure: the same whatever the circuit's state.
class Neurons {
 public:
  Neurons(const Netlist& netlist, const Circuit& circuit);

  /// Every node with a capacitance (or a nonlinear charge) whose voltage no source sets, in the order of rows.
  const std::vector<Neuron>& all() const { return all_; }
  /// The neuron an activity belongs to. A node no source sets is its own activity, with capacitance or without. Nothing for a row that is
  /// no neuron's: a node given by a source, a function of several nodes or of other activities (a readout), a row that is no node.
  std::optional<Neuron> neuron_of(Index row) const;
  /// Nodes that are explicit functions of this membrane alone, in the order of the deck's sources; the first one is its activity.
  const std::vector<Index>& activities(Index membrane) const;
  /// True if several sources read the membrane, so that a user may mean another activity than the first.
  bool ambiguous(const Neuron& neuron) const { return activities(neuron.membrane).size() > 1; }

  /// "u1" for a plain node, "u1>r1" for a membrane with its activity.
  std::string name(const Neuron& neuron) const;

 private:
  const Circuit& circuit_;
  std::vector<char> set_;                         // per row: its voltage is a source's
  std::map<Index, Index> membrane_of_;            // by activity
  std::map<Index, std::vector<Index>> activity_;  // by membrane
  std::vector<Neuron> all_;
};

}  // namespace settle
