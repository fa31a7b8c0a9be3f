// .learn: by which rule a circuit learns, and with which devices.
#include "learning/learn.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "circuits/holomorphy.hpp"
#include "circuits/setting.hpp"
#include "learning/cost.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr const char* card_usage = ".learn [device|array|pattern ...] rule=name [name=value ...]";

HomeostasisSettings read_homeostasis(CardOptions& options) {
  HomeostasisSettings settings;
  settings.coefficient = options.number("homeostasis", 0.0, {0.0, INFINITY});
  settings.how = static_cast<HomeostasisSettings::How>(options.word("measured", {"partial", "total", "probe", "local"}, 0));
  settings.membrane = options.word("coordinates", {"activity", "membrane"}, 0) == 1;
  settings.probes = static_cast<int>(options.number("probes", settings.probes, {1, 100000, true}));
  for (const char* name : {"measured", "coordinates", "probes"})
    if (options.given(name) && settings.coefficient == 0.0) options.refuse(name, fmt::format("{}= belongs to homeostasis=, its coefficient, which is not given", name));
  return settings;
}

/// rate=, rate(pattern)= and how they change over the epochs.
RateSettings read_rates(const AnalysisCard& card, CardOptions& options) {
  RateSettings rates;
  rates.rate = options.number("rate", 0.0, {0.0, INFINITY});
  for (const auto& [name, word] : card.options)
    if (name.starts_with("rate(") && name.ends_with(")")) rates.of_devices.emplace_back(name.substr(5, name.size() - 6), options.number(name, 0.0, {0.0, INFINITY}));
  rates.schedule = static_cast<RateSettings::Schedule>(options.word("schedule", {"constant", "exponential", "cosine"}, 0));
  rates.last = options.number("last", rates.last, {0.0, 1.0});
  if (options.given("last") && rates.schedule == RateSettings::Schedule::constant) options.refuse("last", "last= belongs to schedule=exponential or cosine");
  if (rates.schedule == RateSettings::Schedule::exponential && rates.last == 0.0) options.refuse("last", "an exponential schedule never reaches 0; take last= above it");
  return rates;
}

template <class Plugin>
const Plugin* chosen(CardOptions& options, const std::string& option, std::string& name) {
  if (options.given(option)) name = options.text(option);
  else options.text(option);
  const Plugin* found = Registry<Plugin>::find(name);
  std::vector<std::string> known;
  for (const auto& [each, unused] : Registry<Plugin>::all()) known.push_back(each);
  if (!found && name.empty()) options.refuse(option, fmt::format(".learn needs {}=; there are {}", option, fmt::join(known, ", ")));
  else if (!found) options.refuse(option, fmt::format("unknown {} '{}'{}; there are {}", option, name, suggest(name, known), fmt::join(known, ", ")));
  return found;
}

std::optional<Learning> read(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.errors();
  CardOptions options(card, card_usage, diagnostics);
  Learning learning{.name = {}, .rule_name = options.text("rule"), .rule = {}, .devices = {}, .where = card.where};
  learning.name = options.text("name");
  if (learning.name.empty()) learning.name = learning.rule_name;
  for (const Word& word : card.words) learning.devices.push_back(word.text);
  const RuleKind* kind = chosen<RuleKind>(options, "rule", learning.rule_name);
  if (!kind) return {};
  check_patterns(card.words, netlist, diagnostics);
  learning.rule = kind->make(options);
  learning.homeostasis = read_homeostasis(options);
  learning.rates = read_rates(card, options);
  if (const OptimizerKind* optimizer = chosen<OptimizerKind>(options, "optimizer", learning.optimizer_name)) learning.optimizer = optimizer->read(options);
  chosen<Cost>(options, "cost", learning.cost);
  learning.clip = options.number("clip", INFINITY, {0.0, INFINITY, false, true});
  if (options.given("clip") && learning.rule && !std::dynamic_pointer_cast<const ErrorRule>(learning.rule))
    options.refuse("clip", fmt::format("clip= shortens the error signal of a sample, and rule={} measures none", learning.rule_name));
  options.finish(card.words.size());
  if (kind->complex(options)) require_holomorphic(netlist, diagnostics);
  return learning.rule && diagnostics.errors() == errors ? std::optional(std::move(learning)) : std::nullopt;
}

class Learn final : public Setting {
 public:
  std::string help() const override { return "by which rule the circuit learns, and with which devices: their conductances, gains, resistances or currents"; }
  std::string usage() const override { return card_usage; }
  bool once() const override { return false; }
  bool changes_circuit() const override { return false; }
  std::vector<CardParameter> parameters() const override {
    std::vector<CardParameter> parameters{{"device", "", "all with a conductance to be programmed", "name of a device, an array, a crossing (xb[3,7]) or a pattern with *"},
                                          {"name=", "", "the rule's", "what reports call this card"},
                                          {"homeostasis=", "cost/S^2", "0", "coefficient of 2 |A|^2, A the antisymmetric part of the Jacobian, added to the cost of any rule"},
                                          {"measured=", "", "partial", "partial: exact at a fixed state; total: with what a device does to the state; probe: by random vectors with J and J^T; local: by J alone, nodes "
                                                                       "clamped at small displacements"},
                                          {"coordinates=", "", "activity", "activity or membrane, of the Jacobian"},
                                          {"probes=", "", "5", "random vectors per sample"},
                                          {"cost=", "", "squared", "of a task's targets: squared or cross_entropy (see .teach)"},
                                          {"clip=", "V per unit of beta", "none", "longest error signal a sample may teach with: longer ones, of samples near a fold, are shortened in training"},
                                          {"rate=", "", "", "how fast devices learn: change of a device per gradient (sgd), or per update (adam, sign)"},
                                          {"rate(devices)=", "", "rate=", "of these devices, a name or pattern"},
                                          {"schedule=", "", "constant", "constant, exponential or cosine over the epochs"},
                                          {"last=", "", "0.01", "share of the rate in the last epoch"},
                                          {"optimizer=", "", "sgd", "sgd, adam or sign"}};
    for (const auto& [name, kind] : Registry<OptimizerKind>::all())
      for (CardParameter parameter : kind->parameters()) {
        parameter.help += fmt::format(" (optimizer={})", name);
        parameters.push_back(std::move(parameter));
      }
    for (const auto& [name, kind] : Registry<RuleKind>::all()) {
      parameters.push_back({"rule=" + name, "", "", kind->help()});
      for (CardParameter parameter : kind->parameters()) {
        parameter.help += fmt::format(" (rule={})", name);
        parameters.push_back(std::move(parameter));
      }
    }
    return parameters;
  }
  void check(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override { read(card, netlist, diagnostics); }
};

const Registered<Setting, Learn> registered("learn");

}  // namespace

bool takes_all(const Learning& learning) {
  const HomeostasisSettings& h = learning.homeostasis;
  return dynamic_cast<const SceneRule*>(learning.rule.get()) && (h.coefficient == 0.0 || (h.how == HomeostasisSettings::How::partial && !h.membrane));
}

bool names_a_rule(const Netlist& netlist) {
  return std::any_of(netlist.settings.begin(), netlist.settings.end(), [](const AnalysisCard& card) { return card.kind == "learn"; });
}

std::vector<Learning> learnings_of(const Netlist& netlist, Diagnostics& diagnostics) {
  std::vector<Learning> all;
  for (const AnalysisCard& card : netlist.settings)
    if (card.kind == "learn")
      if (auto learning = read(card, netlist, diagnostics)) all.push_back(std::move(*learning));
  return all;
}

}  // namespace settle
