// The settings of a deck, asked one by one.
#include "circuits/setting.hpp"

#include <fmt/format.h>

#include <set>

namespace settle {

std::optional<Teaching> teaching_of(const Netlist& netlist, Diagnostics& diagnostics) {
  for (const AnalysisCard& card : netlist.settings)
    if (auto teaching = Registry<Setting>::find(card.kind)->teaching(card, netlist, diagnostics)) return teaching;
  return {};
}

void check_settings(const Netlist& netlist, Diagnostics& diagnostics) {
  std::set<std::string> seen;
  for (const AnalysisCard& card : netlist.settings) {
    const Setting& setting = *Registry<Setting>::find(card.kind);
    if (!seen.insert(card.kind).second && setting.once())
      diagnostics.error(card.where, fmt::format("a deck has one .{} card; put everything on one, continued with + where it gets long", card.kind));
    setting.check(card, netlist, diagnostics);
  }
}

}  // namespace settle
