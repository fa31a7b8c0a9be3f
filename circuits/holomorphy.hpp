// The linter for complex voltages: which devices and expressions of a circuit are not complex-differentiable, why, and where they stand.
#pragma once

#include <string>
#include <vector>

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"

namespace settle {

/// One device, or all crossings of an array alike.
struct HolomorphyFinding {
  std::string device;  // "d1", "xb" for an array's crossings
  std::string kind;    // "diode"
  Holomorphy how = Holomorphy::nowhere;  // piecewise or nowhere
  std::string why;
  Location where;
};

/// Everything in the deck's order, piecewise and nowhere. Memory states count as held: what only their drift compares does not matter.
std::vector<HolomorphyFinding> holomorphy_findings(const Netlist& netlist);

/// For the plan of a run with complex voltages: an error at every device that is nowhere complex-differentiable, a warning at every one that
/// is so in pieces. Instances of one card are reported once.
void require_holomorphic(const Netlist& netlist, Diagnostics& diagnostics);

/// "'d1' (diode) is complex-differentiable in pieces only: ..."
std::string text_of(const HolomorphyFinding& finding);

}  // namespace settle
