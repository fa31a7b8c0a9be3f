// LoadedDeck: reading, elaborating and checking a deck, short of running it.
#include "circuits/loaded.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/elaborate.hpp"
#include "circuits/structure.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

bool needs_dc(const std::vector<AnalysisCard>& cards) {
  return std::any_of(cards.begin(), cards.end(), [](const AnalysisCard& card) {
    return card.kind != "tran" || std::none_of(card.words.begin(), card.words.end(), [](const Word& w) { return w.text == "uic" || w.text == "noop"; });
  });
}

ReadOptions reading() {
  ReadOptions options;
  options.analyses.clear();
  for (const auto& [name, analysis] : Registry<Analysis>::all()) options.analyses.push_back(name);
  return options;
}

}  // namespace

LoadedDeck::LoadedDeck(const RunRequest& request)
    : diagnostics(sources, request.strict), deck(read_deck(request.deck, sources, diagnostics, reading())), set(request.set.begin(), request.set.end()) {
  if (request.seed) seed = *request.seed;
  netlist = flat_netlist(deck, set, diagnostics, seed);
  options = options_of(netlist, diagnostics);
  if (!request.seed) seed = options.seed.value_or(1);
  make_plans();
  if (!diagnostics.has_errors()) check_structure(netlist, needs_dc(netlist.analyses), diagnostics);
}

void LoadedDeck::make_plans() {
  if (netlist.analyses.empty() && !diagnostics.has_errors()) {
    diagnostics.warning({0, 1, 1}, "the deck asks for no analysis; .op is run (add .op, .dc, .tran or .ac)");
    netlist.analyses.push_back({.kind = "op", .words = {}, .options = {}, .where = {}});
  }
  std::map<std::string, int> count;
  for (const AnalysisCard& card : netlist.analyses)
    if (auto plan = Registry<Analysis>::find(card.kind)->plan(card, netlist, diagnostics))
      plans.push_back({fmt::format("{}{}", card.kind, ++count[card.kind]), card.kind, std::move(plan)});
}

std::shared_ptr<LoadedDeck> load(const RunRequest& request) { return std::make_shared<LoadedDeck>(request); }
Diagnostics& diagnostics(LoadedDeck& deck) { return deck.diagnostics; }
const Netlist& netlist(const LoadedDeck& deck) { return deck.netlist; }

CircuitSummary summarize(const Netlist& netlist, const Circuit& circuit) {
  CircuitSummary summary;
  summary.nodes = netlist.nodes.size();
  summary.driven = static_cast<std::size_t>(circuit.rows().fixed_count() - 1);
  summary.unknowns = circuit.rows().unknowns();
  summary.floating = floating_parts(netlist);
  for (const FlatDevice& device : netlist.devices) ++summary.devices[device.kind->name];
  std::vector<bool> moving(static_cast<std::size_t>(summary.unknowns), false);
  for (Index k = 0; k < circuit.pattern().entries(); ++k)
    if (circuit.mass()[k] != 0.0) moving[static_cast<std::size_t>(circuit.pattern().row[static_cast<std::size_t>(k)])] = true;
  summary.algebraic = std::count(moving.begin(), moving.end(), false);
  return summary;
}

CircuitSummary check(LoadedDeck& loaded) {
  if (loaded.diagnostics.has_errors()) return {};
  Bench bench({loaded.deck, loaded.set, loaded.seed}, {}, loaded.diagnostics);
  for (const NamedPlan& plan : loaded.plans) bench.view(plan.kind, loaded.diagnostics);
  return summarize(bench.netlist(), bench.circuit());
}

}  // namespace settle
