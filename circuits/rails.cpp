// .rails: gain, conductance, offset, phase and chance, by which two rails miss each other.
#include "circuits/rails.hpp"

#include <fmt/format.h>

#include "circuits/setting.hpp"
#include "sim/random.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr const char* card_usage = ".rails [gain=0] [conductance=0] [offset=0] [quadrature=0] [spread=0]";

struct RailsOption {
  const char* name;
  double Rails::* member;
  double lower, upper;
};
constexpr double unbounded = Field::unbounded;
const std::vector<RailsOption> options{{"gain", &Rails::gain, -1.0, unbounded},
                                       {"conductance", &Rails::conductance, -0.99, unbounded},
                                       {"offset", &Rails::offset, -unbounded, unbounded},
                                       {"quadrature", &Rails::quadrature, -180.0, 180.0},
                                       {"spread", &Rails::spread, 0.0, 0.3}};

void read_option(const std::string& name, const Word& word, Rails& rails, Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (const RailsOption& option : options) {
    known.emplace_back(option.name);
    if (option.name != name) continue;
    if (!word.value) return diagnostics.error(word.where, fmt::format("{}={} is not a number", name, word.text));
    if (*word.value < option.lower || *word.value > option.upper)
      return diagnostics.error(word.where, fmt::format("{}={:g} is out of range; it lies in {:g} .. {:g}", name, *word.value, option.lower, option.upper));
    rails.*option.member = *word.value;
    return;
  }
  diagnostics.error(word.where, fmt::format(".rails has no option '{}'{}; usage: {}", name, suggest(name, known), card_usage));
}

Rails read(const AnalysisCard& card, Diagnostics& diagnostics) {
  Rails rails;
  for (const Word& word : card.words) diagnostics.error(word.where, fmt::format("unexpected '{}' on .rails; usage: {}", word.text, card_usage));
  for (const auto& [name, word] : card.options) read_option(name, word, rails, diagnostics);
  return rails;
}

class RailsCard final : public Setting {
 public:
  std::string help() const override {
    return "mismatch between the two rails of a circuit run or exported with --dual-rail: how the quadrature rail differs from the rail in phase";
  }
  std::string usage() const override { return card_usage; }
  std::vector<CardParameter> parameters() const override {
    return {{"gain=", "", "0", "relative error of every nonlinear or behavioural source on the quadrature rail"},
            {"conductance=", "", "0", "relative error of every linear conductance there (R, Y conductance, G)"},
            {"offset=", "V", "0", "added to each voltage that nonlinear and behavioural sources read from the quadrature rail"},
            {"quadrature=", "deg", "0", "by how much the second phase of the teaching signal is early"},
            {"spread=", "", "0", "standard deviation of a relative error that each of these devices has besides, drawn by the deck's seed"}};
  }
  /// Asked only where the deck was not rewritten.
  void check(const AnalysisCard& card, const Netlist&, Diagnostics& diagnostics) const override {
    read(card, diagnostics);
    diagnostics.warning(card.where, ".rails has no effect on a circuit with one rail; give --dual-rail");
  }
};

const Registered<Setting, RailsCard> registered("rails");

}  // namespace

double Rails::factor(double error, std::string_view device) const {
  return 1.0 + error + (spread > 0.0 ? spread * Stream(seed, "rails", device).normal() : 0.0);
}

Rails rails_of(const Netlist& netlist, Diagnostics& diagnostics) {
  Rails rails;
  const AnalysisCard* first = nullptr;
  for (const AnalysisCard& card : netlist.settings) {
    if (card.kind != "rails") continue;
    if (first) diagnostics.error(card.where, "a deck has one .rails card; put everything on one, continued with + where it gets long");
    else rails = read(card, diagnostics);
    first = &card;
  }
  rails.seed = netlist.seed;
  return rails;
}

}  // namespace settle
