// Choosing names for the second rail that nothing in the deck has.
#include "circuits/rail_names.hpp"

#include <fmt/format.h>

namespace settle {

RailNames::RailNames(const Netlist& netlist, Diagnostics& diagnostics) {
  for (const std::string& node : netlist.nodes) taken_.insert(node);
  for (const FlatDevice& device : netlist.devices) taken_.insert(device.name);
  const auto clash = [&] {
    for (const std::string& name : taken_)
      if (taken_.count(name + suffix_)) return name + suffix_;
    return std::string();
  };
  const std::string first = clash();
  for (int k = 2; !clash().empty(); ++k) suffix_ = fmt::format("_q{}", k);
  if (first.empty()) return;
  Location where;
  for (const FlatDevice& device : netlist.devices)
    if (device.name == first) where = device.where;
  if (const auto node = netlist.node_where.find(first); node != netlist.node_where.end()) where = node->second;
  diagnostics.warning(where, fmt::format("'{}' has the name that its twin on the quadrature rail would have, so names there end in '{}' instead of '_q'", first, suffix_));
}

std::string RailNames::fresh(const std::string& wanted) {
  std::string name = wanted;
  for (int k = 2; taken_.count(name) || taken_.count(name + suffix_); ++k) name = fmt::format("{}{}", wanted, k);
  taken_.insert(name), taken_.insert(name + suffix_);
  return name;
}

}  // namespace settle
