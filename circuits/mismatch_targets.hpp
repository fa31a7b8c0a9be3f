// Which fields of which devices and arrays the `.mismatch` cards of a netlist spread.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "circuits/netlist.hpp"

namespace settle {

/// The cells, the backward cells or the selectors of an array.
struct ArrayPart {
  const char* name;  // "", "back", "sel"
  ArrayCells FlatArray::*cells;
};
/// The parts an array has devices in.
std::vector<ArrayPart> parts_of(const FlatArray& array);

/// Places in Netlist::mismatches, by device and field, and by array, field and part: forward cells come right before backward ones.
struct MismatchTargets {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> devices;
  std::map<std::tuple<std::size_t, std::size_t, std::string>, std::size_t> arrays;
};

/// Finds them; the last card of a field wins. Cards without anything to spread are reported.
MismatchTargets find_targets(const Netlist& netlist, Diagnostics& diagnostics);

}  // namespace settle
