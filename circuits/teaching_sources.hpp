// A teaching signal as sources of the circuit: beta(t) on one node or two, -beta g as currents into the membranes of both rails.
#pragma once

#include "circuits/complex_pair.hpp"
#include "circuits/diagnostics.hpp"
#include "circuits/rails.hpp"
#include "circuits/teaching.hpp"

namespace settle {

/// Adds devices and nodes. At rest, before the time moves, the sources give nothing.
void add_teaching_sources(const Teaching& teaching, const Rails& rails, RailNames& names, Netlist& netlist, Diagnostics& diagnostics);

/// A device without values on nodes of either rail; its place is where messages point to.
FlatDevice plain_device(const char* kind, const std::string& name, std::vector<std::string> nodes, Location where);
void add_node(Netlist& netlist, const std::string& node, Location where);

}  // namespace settle
