// Dual rail: a circuit of complex voltages as one of real voltages, v = v(x) + i v(x_q), that any simulator or board can have.
#pragma once

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"

namespace settle {

/// Writes every node and device twice: linear ones as they are, others as two sources whose values are the parts of theirs. Real sources are
/// silent on the second rail, memory states stand where they begin, arrays become devices, .teach becomes sources. Errors are reported.
void dual_rail(Netlist& netlist, Diagnostics& diagnostics);

}  // namespace settle
