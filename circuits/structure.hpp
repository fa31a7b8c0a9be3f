// Structure: what can be seen to be wrong with a circuit before anything is solved, with names.
#pragma once

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"

namespace settle {

/// Errors: nodes without a DC path to ground, loops of voltage sources and inductors. Warnings: nodes with a single connection.
/// `dc` is false if no analysis needs a DC solution (only .tran uic): then open nodes are no error.
void check_structure(const Netlist& netlist, bool dc, Diagnostics& diagnostics);

/// Sets of nodes that nothing connects to ground, for summaries.
std::vector<std::vector<std::string>> floating_parts(const Netlist& netlist);

}  // namespace settle
