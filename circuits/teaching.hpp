// Teaching: currents -beta(t) g that nudge a circuit, g as expressions of node voltages. What cost they descend is not known here.
#pragma once

#include <string>
#include <vector>

#include "circuits/netlist.hpp"
#include "sim/signal.hpp"

namespace settle {

/// What beta multiplies at one membrane: -beta g flows into the node.
struct NudgeCurrent {
  std::string membrane;  // node
  BehaviouralText g;     // A; its inputs are voltages of nodes
};

struct Teaching {
  Signal signal;
  std::vector<NudgeCurrent> currents;
  std::vector<std::string> outputs;  // nodes whose voltages the currents are made of
  Location where;
};

}  // namespace settle
