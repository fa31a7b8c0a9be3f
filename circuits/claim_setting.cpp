// `.claim`: a sentence about the deck's figures, decided when they are known.
#include "circuits/figure_cards.hpp"
#include "circuits/setting.hpp"

namespace settle {
namespace {

class ClaimSetting final : public Setting {
 public:
  std::string help() const override {
    return "a sentence about the deck's figures that holds if an expression of their means is not zero, at every step where they are stepped; printed behind the run as 'holds', 'does not hold' or "
           "'cannot be decided', and kept in the trace";
  }
  std::string usage() const override { return claim_usage; }
  std::vector<CardParameter> parameters() const override {
    return {{"text", "", "", "what is claimed, in quotes"}, {"expression", "", "", "of figures and parameters, such as {aep > ep + 2 && gap < 1}"}};
  }
  bool once() const override { return false; }
  bool reads_card() const override { return true; }
  bool changes_circuit() const override { return false; }
  void check(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override { read_claim(card, netlist, diagnostics); }
};

const Registered<Setting, ClaimSetting> registered("claim");

}  // namespace
}  // namespace settle
