// Readout: from an output to the membranes a nudge must enter for it, by the chain rule over the sources between them.
#pragma once

#include <string>
#include <vector>

#include "circuits/netlist.hpp"

namespace settle {

/// A membrane and what its activity, one volt higher, does to the output.
struct ReadoutShare {
  std::string membrane;
  double slope = 1.0;
};

/// A node the circuit decides is its own membrane. A node that a source makes of one such node is that one's activity. A node that a source
/// makes of activities, or of several nodes, is a readout; its source must be linear. Throws Error (netlist), without a place, where a
/// nudge could not enter.
std::vector<ReadoutShare> readout(const Netlist& netlist, const std::string& output);

}  // namespace settle
