// .target: which outputs should meet which targets, v = scale * target + offset.
#include <fmt/format.h>

#include <limits>

#include "circuits/setting.hpp"
#include "learning/binding_cards.hpp"
#include "learning/readout.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

constexpr const char* card_usage = ".target v(node) [v(node) ...] [targets=first:last] [scale=1] [offset=0] [low= high=] [weight=1] [membrane(node)=node]";

class TargetSetting final : public Setting {
 public:
  std::string help() const override {
    return "binds outputs to targets of the .task: the k-th node should be at scale * target + offset. Of a classification there is one target a class (or one at all, see encoding= of "
           ".task). Several cards are allowed";
  }
  std::string usage() const override { return card_usage; }
  std::vector<CardParameter> parameters() const override {
    return {{"v(node)", "", "", "an output: a name, a bus such as v(out[0:9]), or a pattern such as v(out*)"},
            {"targets=", "", "all", "numbers from 0, one an output: 0:3 or 0,2,5:7"},
            {"scale=", "V", "1", "of one unit of the target"},
            {"offset=", "V", "0", "where the target is 0"},
            {"low=", "V", "", "with high=, instead of scale= and offset=: where the target 0 goes (-1 with encoding=sign)"},
            {"high=", "V", "", "where the target 1 goes"},
            {"weight=", "", "1", "of these outputs in the cost"},
            {"membrane(node)=", "", "found from the sources that make the output", "the node its nudge enters"}};
  }
  bool once() const override { return false; }
  bool keeps_text(std::string_view option) const override { return option == "targets"; }
  bool changes_circuit() const override { return false; }
  void check(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override { check_has_task(card, netlist, diagnostics); }
};

const Registered<Setting, TargetSetting> registered("target");

/// scale and offset from low and high: where the codes of a class go.
void read_levels(CardOptions& options, const BindingCard& card, BoundTarget& bound) {
  const double low = options.number("low", 0.0, any_number), high = options.number("high", 1.0, any_number);
  if (!options.given("low") && !options.given("high")) return;
  const auto fail = [&](const char* option, const char* text) { card.diagnostics.error(options.where(option), text); };
  if (!options.given("low") || !options.given("high")) return fail(options.given("low") ? "low" : "high", "low= and high= belong together: where the targets 0 and 1 go");
  if (options.given("scale") || options.given("offset")) return fail(options.given("scale") ? "scale" : "offset", "low= and high= say it already; give those or scale= and offset=");
  if (low == high) return fail("high", "low= and high= are the same; no output could tell anything");
  const double from = card.outline ? card.outline->low : 0.0, to = card.outline ? card.outline->high : 1.0;
  bound.scale = (high - low) / (to - from);
  bound.offset = low - bound.scale * from;
}

/// `membrane(out)=u`.
void read_membranes(CardOptions& options, const BindingCard& card, std::vector<BoundTarget>& all) {
  constexpr std::string_view form = "membrane(";
  for (const auto& [name, word] : card.card.options) {
    if (!name.starts_with(form) || name.back() != ')') continue;
    options.take(name);
    const std::string node = name.substr(form.size(), name.size() - form.size() - 1);
    const auto found = std::find_if(all.begin(), all.end(), [&, &text = node](const BoundTarget& b) { return b.node == text; });
    if (found == all.end()) card.diagnostics.error(word.where, fmt::format("{} is about a node that is no output of this card; write v({}) too", name, node));
    else if (card.names.known_node(word.text, word.where, card.diagnostics)) found->membrane = word.text;
  }
}

/// A node whose voltage a source gives cannot be moved towards anything.
void check_reach(const BindingCard& card, const BoundTarget& bound) {
  if (!bound.membrane.empty()) return;
  try {
    readout(card.names.netlist(), bound.node);
  } catch (const Error& error) {
    card.diagnostics.error(bound.where, error.what());
  }
}

}  // namespace

std::vector<BoundTarget> read_targets(const BindingCard& card) {
  CardOptions options(card.card, card_usage, card.diagnostics);
  const std::size_t errors = card.diagnostics.errors();
  BoundTarget bound;
  bound.scale = options.number("scale", 1.0, any_number);
  bound.offset = options.number("offset", 0.0, any_number);
  bound.weight = options.number("weight", 1.0, {0.0, std::numeric_limits<double>::infinity()});
  read_levels(options, card, bound);
  const Word* targets = options.take("targets");
  if (card.card.words.empty()) card.diagnostics.error(card.card.where, std::string("which outputs? usage: ") + card_usage);
  std::vector<BoundTarget> all;
  for (const Word& word : card.card.words)
    for (const std::string& node : card.names.nodes(word, card.diagnostics)) {
      bound.node = node, bound.where = word.where;
      all.push_back(bound);
    }
  read_membranes(options, card, all);
  options.finish(card.card.words.size());
  for (const BoundTarget& b : all) check_reach(card, b);
  if (card.diagnostics.errors() > errors || !card.outline) return all;
  const std::vector<Index> which = bound_indices(card, targets, all.size(), {"output", "outputs", "target", "targets", card.outline->targets()});
  for (std::size_t k = 0; k < which.size(); ++k) all[k].target = which[k];
  return all;
}

}  // namespace settle
