// The EKV transistor for ngspice, which has none: a B source and the overlap capacitors.
#pragma once

#include <string>

#include "circuits/export_spice_names.hpp"

namespace settle {

/// Cards with a line end after all but the last. `nominal` is the option tnom in degrees Celsius.
std::string spice_ekv(const FlatDevice& device, const SpiceNames& names, double nominal);

}  // namespace settle
