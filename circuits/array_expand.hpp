// Array expansion: a crossbar as plain devices, one by one; this is what an array means.
#pragma once

#include <string>
#include <vector>

#include "circuits/netlist.hpp"

namespace settle {

/// The devices of an array and, in order of their first use, the nodes it adds to the circuit.
struct ArrayExpansion {
  std::vector<FlatDevice> devices;
  std::vector<std::string> nodes;
};

ArrayExpansion expand(const FlatArray& array);

/// Puts the devices of all arrays in their place.
void expand_arrays(Netlist& netlist);

}  // namespace settle
