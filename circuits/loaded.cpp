// LoadedDeck: reading, elaborating and checking a deck, short of running it.
#include "circuits/loaded.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/elaborate.hpp"
#include "circuits/setting.hpp"
#include "circuits/structure.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

bool needs_dc(const std::vector<AnalysisCard>& cards) {
  return cards.empty() || std::any_of(cards.begin(), cards.end(), [](const AnalysisCard& card) {
    return card.kind != "tran" || std::none_of(card.words.begin(), card.words.end(), [](const Word& w) { return w.text == "uic" || w.text == "noop"; });
  });
}

ReadOptions reading() {
  ReadOptions options;
  options.analyses.clear();
  for (const auto& [name, analysis] : Registry<Analysis>::all()) options.analyses.push_back(name);
  for (const auto& [name, setting] : Registry<Setting>::all()) options.settings.push_back(name);
  return options;
}

}  // namespace

LoadedDeck::LoadedDeck(const RunRequest& request)
    : diagnostics(sources, request.strict), deck(read_deck(request.deck, sources, diagnostics, reading())) {
  take_settings(request);
  seed = request.seed;
  rewriting = request.rewriting;
  netlist = elaborate(deck, set, diagnostics, seed);
  options = options_of(netlist, diagnostics);
  check_devices();
  finish_netlist(netlist, devices, rewriting, diagnostics);
  if (netlist.analyses.empty() && !diagnostics.has_errors())
    diagnostics.warning({0, 1, 1}, "the deck asks for no analysis; .op is run (add .op, .dc, .tran or .ac)");
  check_settings(netlist, diagnostics);
  plans = make_plans(netlist, diagnostics);
  if (!diagnostics.has_errors()) check_structure(netlist, needs_dc(netlist.analyses), diagnostics);
}

/// `name=value`: a top-level parameter, or a device (its principal value, or `device:field`).
void LoadedDeck::take_settings(const RunRequest& request) {
  for (const auto& [name, value] : request.set) {
    const bool parameter = name == "temp" || std::any_of(deck.top->parameters.begin(), deck.top->parameters.end(),
                                                         [&name = name](const DefinedValue& p) { return p.name == name; });
    const std::size_t colon = name.rfind(':');
    if (parameter)
      set[name] = value;
    else
      devices.push_back({name.substr(0, colon), colon == std::string::npos ? "" : name.substr(colon + 1), value});
  }
}

void LoadedDeck::check_devices() {
  for (DeviceSetting& setting : devices) {
    const Kind* found = kind_of_device(netlist, setting.device);
    if (!found) {
      std::vector<std::string> names;
      for (const auto& [name, value] : netlist.parameters) names.push_back(name);
      for (const FlatDevice& d : netlist.devices) names.push_back(d.name);
      throw Error(Fault::usage, fmt::format("--set {}: the deck has neither a parameter nor a device of that name{}", setting.device, suggest(setting.device, names)));
    }
    const Kind& kind = *found;
    if (setting.field.empty()) setting.field = kind.principal;
    const std::size_t field = kind.field_index(setting.field);
    if (field == std::string::npos)
      throw Error(Fault::usage, fmt::format("--set {}:{}: a {} has no such parameter; `settle list devices {}` shows them", setting.device, setting.field, kind.name, kind.name));
    if (setting.value < kind.fields[field].lower || setting.value > kind.fields[field].upper)
      throw Error(Fault::usage, fmt::format("--set {}={:g} is out of range for {} of a {}", setting.device, setting.value, setting.field, kind.name));
  }
}

std::vector<NamedPlan> make_plans(const Netlist& netlist, Diagnostics& diagnostics) {
  std::vector<AnalysisCard> cards = netlist.analyses;
  if (cards.empty()) cards.push_back({.kind = "op", .words = {}, .options = {}, .where = {}});
  std::vector<NamedPlan> plans;
  std::map<std::string, int> count;
  for (const AnalysisCard& card : cards)
    if (auto plan = Registry<Analysis>::find(card.kind)->plan(card, netlist, diagnostics))
      plans.push_back({fmt::format("{}{}", card.kind, ++count[card.kind]), card.kind, std::move(plan)});
  return plans;
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
  summary.not_holomorphic = holomorphy_findings(netlist);
  for (const FlatArray& array : netlist.arrays)
    summary.arrays.push_back({array.name, array.cells.kind->name, array.rows.size(), array.columns.size(), array.faults.size()});
  for (const FlatDevice& device : netlist.devices) ++summary.devices[device.kind->name];
  std::vector<bool> moving(static_cast<std::size_t>(summary.unknowns), false);
  for (Index k = 0; k < circuit.pattern().entries(); ++k)
    if (circuit.mass()[k] != 0.0) moving[static_cast<std::size_t>(circuit.pattern().row[static_cast<std::size_t>(k)])] = true;
  summary.algebraic = std::count(moving.begin(), moving.end(), false);
  return summary;
}

CircuitSummary check(LoadedDeck& loaded) {
  if (loaded.diagnostics.has_errors()) return {};
  Bench bench(loaded.setup(), {}, loaded.diagnostics);
  for (const NamedPlan& plan : loaded.plans) bench.view(plan.kind, loaded.diagnostics);
  return summarize(bench.netlist(), bench.circuit());
}

}  // namespace settle
