// Export: the flat circuit as a deck for another SPICE program.
#pragma once

#include <string>

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"

namespace settle {

/// A deck for ngspice 39 and later. What cannot be said there is an error that names the device and why.
std::string export_ngspice(Netlist netlist, Diagnostics& diagnostics);

}  // namespace settle
