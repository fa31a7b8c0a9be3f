// `.figure`: a number the deck is about, taken from its results and set beside its published value.
#include "circuits/figure_cards.hpp"
#include "circuits/setting.hpp"

namespace settle {
namespace {

class FigureSetting final : public Setting {
 public:
  std::string help() const override {
    return "a number the deck is about: taken from the results of an analysis, or worked out from other figures; mean and standard deviation over seeds, a line for every other step; "
           "printed behind the run beside its published value and kept in the trace";
  }
  std::string usage() const override { return figure_usage; }
  std::vector<CardParameter> parameters() const override {
    return {{"name", "", "", "for formulas and claims"},
            {"of=", "", "", "\"train1: accuracy\": a fact, a measure or the last value of a column of an analysis; \"gradient1: ep / cosine\": row and column of one of its tables; {formula} of figures above"},
            {"at=", "", "all steps", "\"lambda=1 angle=90\": values of stepped parameters it is taken at"},
            {"unit=", "", "that of the result", "to be shown in: %, or the unit with another prefix; a formula's unit"},
            {"published=", "", "", "its value in the literature and where, as it is to be printed"},
            {"text=", "", "that of of=", "what it is"}};
  }
  bool once() const override { return false; }
  bool reads_card() const override { return true; }
  bool changes_circuit() const override { return false; }
  void check(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override { read_figure(card, netlist, diagnostics); }
};

const Registered<Setting, FigureSetting> registered("figure");

}  // namespace
}  // namespace settle
