// Names of nodes and devices as ngspice can read them: the first letter of a device says what it is, and no name holds a separator.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "circuits/netlist.hpp"

namespace settle {

/// True if decks for ngspice say this kind in a way of their own, not by its formula.
bool spice_knows(const Kind& kind);
/// The letter of the card that says a device in ngspice; 0 if none does.
char spice_letter(const FlatDevice& device);

class SpiceNames {
 public:
  explicit SpiceNames(const Netlist& netlist);
  const std::string& node(const std::string& name) const { return node_.at(name); }
  const std::string& device(const std::string& name) const { return device_.at(name); }

 private:
  using Names = std::unordered_map<std::string, std::string>;
  void add(Names& names, const std::string& name, std::string wanted);

  Names node_, device_;
  std::unordered_set<std::string> taken_;
};

}  // namespace settle
