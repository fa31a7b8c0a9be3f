// .input: which sources show which features, pin = scale * feature + offset.
#include "circuits/setting.hpp"
#include "learning/binding_cards.hpp"

namespace settle {
namespace {

constexpr const char* card_usage = ".input source [source ...] [features=first:last] [scale=1] [offset=0]";

class InputSetting final : public Setting {
 public:
  std::string help() const override {
    return "binds sources to features of the .task: the dc value of the k-th source is scale * feature + offset. Several cards are allowed; a pair of rails is two cards, with "
           "scale=1 and scale=-1";
  }
  std::string usage() const override { return card_usage; }
  std::vector<CardParameter> parameters() const override {
    return {{"source", "", "", "a V or I device without a waveform: a name, a bus such as vin[0:783] or vin[0:27,0:27], or a pattern such as vin*, in the order of the deck"},
            {"features=", "", "all", "numbers from 0, one a source: 0:3 or 0,2,5:7"},
            {"scale=", "V or A", "1", "of one unit of the feature"},
            {"offset=", "V or A", "0", "where the feature is 0"}};
  }
  bool once() const override { return false; }
  bool keeps_text(std::string_view option) const override { return option == "features"; }
  bool changes_circuit() const override { return false; }
  void check(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override { check_has_task(card, netlist, diagnostics); }
};

const Registered<Setting, InputSetting> registered("input");

}  // namespace

std::vector<BoundInput> read_inputs(const BindingCard& card) {
  CardOptions options(card.card, card_usage, card.diagnostics);
  const std::size_t errors = card.diagnostics.errors();
  BoundInput bound;
  bound.scale = options.number("scale", 1.0, any_number);
  bound.offset = options.number("offset", 0.0, any_number);
  const Word* features = options.take("features");
  options.finish(card.card.words.size());
  if (card.card.words.empty()) card.diagnostics.error(card.card.where, std::string("which sources? usage: ") + card_usage);
  std::vector<BoundInput> all;
  for (const Word& word : card.card.words)
    for (const std::string& name : card.names.sources(word, card.diagnostics)) {
      bound.device = name, bound.where = word.where;
      all.push_back(bound);
    }
  if (card.diagnostics.errors() > errors || !card.outline) return all;
  const std::vector<Index> which = bound_indices(card, features, all.size(), {"source", "sources", "feature", "features", card.outline->features()});
  for (std::size_t k = 0; k < which.size(); ++k) all[k].feature = which[k];
  return all;
}

}  // namespace settle
