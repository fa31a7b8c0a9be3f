// Devices of a netlist by name.
#include "circuits/netlist.hpp"

namespace settle {

const Kind* kind_of_device(Netlist& netlist, std::string_view name) {
  for (const FlatDevice& device : netlist.devices)
    if (device.name == name) return device.kind;
  for (FlatArray& array : netlist.arrays)
    if (const ArrayDevice device = find_device(array, name); device.cells) return device.cells->kind;
  return nullptr;
}

}  // namespace settle
