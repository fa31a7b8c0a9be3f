// The order of elaboration: surroundings, parameters, analyses, devices, what refers to devices.
#include "circuits/elaborate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/analysis.hpp"
#include "circuits/commands.hpp"
#include "circuits/expander.hpp"
#include "circuits/options.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

void apply(const Overrides& overrides, Scope& top, Diagnostics& diagnostics) {
  for (const auto& [name, value] : overrides) {
    if (top.give(name, value) || name == "temp" || name == "seed") continue;
    const auto known = top.known();
    std::string text = fmt::format("there is no parameter '{}' to be set{}", name, suggest(name, known));
    diagnostics.error({}, text);
  }
}

/// A step's seed, then the command line's, then the deck's.
std::uint64_t chosen_seed(const Overrides& overrides, std::optional<std::uint64_t> given, const Options& options) {
  if (const auto it = overrides.find("seed"); it != overrides.end()) return static_cast<std::uint64_t>(it->second);
  return given ? *given : options.seed.value_or(1);
}

/// Nobody must wonder why write= changes nothing.
void note_write_models(const Netlist& netlist, Diagnostics& diagnostics) {
  const auto note = [&](Location where) {
    diagnostics.note(where, "write= answers requested changes of conductance, and of all analyses only .train requests some; .program writes by the device's own equations");
  };
  if (std::any_of(netlist.analyses.begin(), netlist.analyses.end(), [](const AnalysisCard& card) { return card.kind == "train"; })) return;
  for (const FlatDevice& device : netlist.devices)
    if (device.write) return note(device.where);
  for (const FlatArray& array : netlist.arrays)
    if (array.cells.write) return note(array.where);
}

}  // namespace

Netlist elaborate(const Deck& deck, const Overrides& overrides, Diagnostics& diagnostics, std::optional<std::uint64_t> seed) {
  Netlist netlist;
  netlist.title = deck.title;
  Elaboration elaboration{deck, diagnostics, seed.value_or(1), 27.0, 27.0, {}};
  Scope top(elaboration, *deck.top, nullptr, "", {});
  apply(overrides, top, diagnostics);

  Commands commands(top, netlist);
  commands.read_surroundings(overrides);
  const Options options = options_of(netlist, diagnostics);  // reports what is out of range
  elaboration.seed = netlist.seed = chosen_seed(overrides, seed, options);
  top.evaluate_all();
  netlist.parameters = top.values();

  Expander expander(elaboration, netlist);
  commands.read_analyses();
  expander.window = commands.window();
  expander.expand(top);
  expander.resolve();
  for (const Scope* scope : expander.scopes(top)) expander.writes().check_all(*scope);
  note_write_models(netlist, diagnostics);
  commands.read_settings();
  commands.read_steps();
  commands.read_mismatches();
  for (const Scope* scope : expander.scopes(top)) Commands::read_conditions(*scope, expander, netlist);
  commands.read_outputs();
  for (AnalysisCard& card : netlist.analyses)
    if (const Analysis* analysis = Registry<Analysis>::find(card.kind)) analysis->complete(card, top, netlist);
  return netlist;
}

}  // namespace settle
