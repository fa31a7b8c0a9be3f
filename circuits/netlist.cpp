// Devices of a netlist by name.
#include "circuits/netlist.hpp"

#include <fmt/format.h>

namespace settle {

std::string name_of(const StepCard& card) {
  return card.target == StepCard::Target::device_field ? fmt::format("@{}[{}]", card.name, card.field) : card.name;
}

const Kind* kind_of_device(Netlist& netlist, std::string_view name) {
  for (const FlatDevice& device : netlist.devices)
    if (device.name == name) return device.kind;
  for (FlatArray& array : netlist.arrays)
    if (const ArrayDevice device = find_device(array, name); device.cells) return device.cells->kind;
  return nullptr;
}

}  // namespace settle
