// Devices that ngspice lacks but whose equations are known as text: B sources, and a node with a capacitor for every state.
#pragma once

#include "circuits/export_spice_names.hpp"
#include "devices/moment.hpp"

namespace settle {

/// True for a device that ngspice lacks and whose kind gives its equations as text.
bool has_formula(const FlatDevice& device);

/// States whose nodes stand beside those of the deck; named <device>#<state>.
std::vector<std::string> formula_nodes(const FlatDevice& device);

/// Cards with a line end after all but the last. A state's node carries the state in units of its usual size. Until the time moves its
/// source holds it at its initial value, as operating points here do.
std::string spice_formula(const FlatDevice& device, const SpiceNames& names, const Environment& environment);

}  // namespace settle
