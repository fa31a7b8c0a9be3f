// Expressions as ngspice reads them: what it lacks or means differently is rewritten.
#pragma once

#include <string>

#include "circuits/export_spice_names.hpp"

namespace settle {

/// Every parameter is a number by now, so the text holds voltages, currents, time and numbers only.
/// Throws Error (netlist), without a place, if ngspice cannot say it.
std::string spice_expression(const BehaviouralText& text, const SpiceNames& names);

}  // namespace settle
