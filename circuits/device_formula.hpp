// A device's equations as expressions of node voltages, its fields filled in as numbers.
#pragma once

#include <string>
#include <vector>

#include "circuits/netlist.hpp"
#include "devices/moment.hpp"

namespace settle {

struct DeviceFormula {
  struct Part {
    std::string from, to;  // nodes
    BehaviouralText text;  // A, or C
  };
  std::vector<Part> currents, charges;
  std::vector<std::string> nodes;  // internal ones, "d1.internal"
};

/// An equation of a device's kind; `node_of` names the node behind v(name).
template <class NodeOf>
BehaviouralText device_expression(const FlatDevice& device, const std::string& text, const NodeOf& node_of);

/// With memory states where they begin. No currents: the kind does not give its equations as text.
DeviceFormula formula_at_rest(const FlatDevice& device, const Environment& environment);

/// The text with its fields as numbers; voltages are still those of terminals and states.
Expression with_fields(const FlatDevice& device, const std::string& text);

template <class NodeOf>
BehaviouralText device_expression(const FlatDevice& device, const std::string& text, const NodeOf& node_of) {
  BehaviouralText bound{with_fields(device, text), {}};
  for (const Input& input : bound.expression.inputs())
    bound.inputs.push_back({InputSource::What::voltage, node_of(input.names[0]), input.names.size() > 1 ? node_of(input.names[1]) : ""});
  return bound;
}

}  // namespace settle
