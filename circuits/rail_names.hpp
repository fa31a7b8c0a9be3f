// Names of the second of two rails: node x has x_q beside it, device r1 has r1_q.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"

namespace settle {

class RailNames {
 public:
  /// Of a netlist without arrays. Warns where a name of the deck ends as those of the second rail would.
  RailNames(const Netlist& netlist, Diagnostics& diagnostics);

  const std::string& suffix() const { return suffix_; }
  std::string node(const std::string& name) const { return name == "0" || name.empty() ? name : name + suffix_; }
  std::string device(const std::string& name) const { return name + suffix_; }
  /// The wanted name, or the next free one, on both rails; it is taken from then on.
  std::string fresh(const std::string& wanted);

 private:
  std::string suffix_ = "_q";
  std::unordered_set<std::string> taken_;
};

}  // namespace settle
