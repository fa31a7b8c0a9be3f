// Array build: a crossbar as few elements over many crossings; equal, device by device, to its expansion into plain devices.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "circuits/array.hpp"
#include "devices/rows.hpp"

namespace settle {

/// Wires as rows of the circuit in their order along the wire; what a solver may use.
struct WireChains {
  std::vector<std::vector<Index>> rows, columns;
};

/// Adds nodes and states of `array` to `rows`, its elements to `elements`, its wires to `chains`.
void build_array(const FlatArray& array, const std::function<Index(const std::string&)>& row_of, Rows& rows, const Environment& environment,
                 std::vector<std::unique_ptr<Element>>& elements, WireChains& chains);

}  // namespace settle
