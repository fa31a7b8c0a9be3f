// Names on .input and .target cards: the sources and nodes of a netlist they mean.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "circuits/analysis.hpp"

namespace settle {

class BoundNames {
 public:
  explicit BoundNames(const Netlist& netlist);

  /// Names, buses, or patterns with * of V and I devices whose value is theirs to set. Mistakes are reported at the word; what is right is returned.
  std::vector<std::string> sources(const Word& word, Diagnostics& diagnostics) const;
  /// v(node), with buses and patterns; nodes a nudge can reach.
  std::vector<std::string> nodes(const Word& word, Diagnostics& diagnostics) const;
  /// A node by name.
  bool known_node(const std::string& node, Location where, Diagnostics& diagnostics) const;
  const Netlist& netlist() const { return netlist_; }

 private:
  bool drives(const std::string& name, Location where, Diagnostics& diagnostics) const;

  const Netlist& netlist_;
  std::unordered_map<std::string, const FlatDevice*> devices_;
};

}  // namespace settle
