// Setting: a plug-in behind a dot-card that sets a scene for the analyses of a deck rather than being one (`.teach`).
#pragma once

#include <memory>
#include <optional>

#include "circuits/analysis.hpp"

namespace settle {

/// Lives in Registry<Setting> under the card's name. Its cards are in Netlist::settings; words such as v(out) are whole.
class Setting {
 public:
  virtual ~Setting() = default;
  virtual std::string help() const = 0;
  virtual std::string usage() const = 0;
  virtual std::vector<CardParameter> parameters() const = 0;
  /// At most one card of this name in a deck?
  virtual bool once() const { return true; }
  /// True for an option that is a name, a file or a list: kept as written, in its capitals, with what follows behind commas (classes=0,3:5).
  virtual bool keeps_text(std::string_view /*option*/) const { return false; }
  /// True if it takes its words from the deck's card itself; the AnalysisCard then has none.
  virtual bool reads_card() const { return false; }
  /// False if analyses see the same circuit without the card; an export then leaves it out.
  virtual bool changes_circuit() const { return true; }
  /// Reports everything wrong with a card.
  virtual void check(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const = 0;
  /// Gives devices of the finished netlist, mismatch included, the values the card has for them.
  virtual void apply(const AnalysisCard&, Netlist&, Diagnostics&) const {}
  /// How the card nudges the circuit; nothing if it does not, or if it is wrong.
  virtual std::optional<Teaching> teaching(const AnalysisCard&, const Netlist&, Diagnostics&) const { return {}; }
};

/// How the deck's settings nudge its circuit; nothing without such a card.
std::optional<Teaching> teaching_of(const Netlist& netlist, Diagnostics& diagnostics);
/// Reports everything wrong with the deck's settings.
void check_settings(const Netlist& netlist, Diagnostics& diagnostics);

}  // namespace settle
