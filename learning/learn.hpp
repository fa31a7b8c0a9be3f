// What a `.learn` card says: a rule, and the devices it is for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "learning/homeostasis.hpp"
#include "learning/rule.hpp"
#include "learning/updater.hpp"

namespace settle {

struct Learning {
  std::string name;                   // name=, or the rule's
  std::string rule_name;
  std::shared_ptr<const Rule> rule;
  HomeostasisSettings homeostasis;    // coefficient 0: none
  std::vector<std::string> devices;   // patterns; empty: all that have a conductance to be programmed
  RateSettings rates;
  std::string optimizer_name = "sgd";
  Updater::MakeOptimizer optimizer;
  std::string cost = "squared";       // where a task gives the targets
  double clip = INFINITY;             // longest error signal of a sample in training, V per unit of beta
  Location where = {};

  /// Adds the gradient of the sample on stage; `step` numbers what is drawn at random. Of an error signal no more than `most` counts.
  void add_gradient(Stage& stage, std::uint64_t step, Vector<double>& gradient, Vector<double>* variance = nullptr, double most = INFINITY) const {
    rule->add_estimate(stage, {gradient, variance, step, most});
    if (homeostasis.coefficient != 0.0) add_homeostasis(stage, homeostasis, step, gradient);
  }
};

/// True if the rule, and its homeostasis, take many samples at once where a circuit does.
bool takes_all(const Learning& learning);

/// All `.learn` cards of a deck, in its order; those that are wrong are reported and left out.
std::vector<Learning> learnings_of(const Netlist& netlist, Diagnostics& diagnostics);

/// True if the deck has such a card, right or wrong.
bool names_a_rule(const Netlist& netlist);

}  // namespace settle
