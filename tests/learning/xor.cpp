// Shipped decks that learn: every rule reaches what the head of the deck says.
#include <fstream>

#include "tests/circuits/ran.hpp"
#include "tests/learning/shipped_deck.hpp"

using namespace settle;
using settle::testing::ShippedDeck;

namespace {

/// Every training of the deck ended because its cost was reached, with all samples right.
void check_all_learned(const ShippedDeck& deck, std::size_t trainings) {
  std::size_t met = 0;
  for (const AnalysisResult& analysis : deck.analyses()) {
    if (analysis.kind != "train") continue;
    CAPTURE(analysis.name, analysis.stats.method);
    ++met;
    for (const Fact& fact : analysis.stats.facts) {
      if (fact.name == "ended by") CHECK(fact.text.rfind("a cost of", 0) == 0);
      if (fact.name == "accuracy") CHECK(fact.value == Approx(100.0));
    }
  }
  CHECK(met == trainings);
}

}  // namespace

TEST_CASE("exclusive or is learned from the same start by every rule", "[learning][netlists]") {
  const ShippedDeck deck("xor_rules.cir");
  check_all_learned(deck, 9);
  // Feedback equals forward weights at the start: what is left of the angles is what a nudge of a twentieth of a leak and the speed add.
  for (const char* rule : {"ep", "hep", "chep", "aep", "dyadic", "fp"}) CHECK(deck.row("gradient1", "gradients against", rule)[1] < 1.0);
}

TEST_CASE("a training from the deck's values does not see the trainings before it", "[learning][netlists]") {
  const ShippedDeck deck("xor_rules.cir");
  // dyadic and exact have the same gradient, so that they make the same updates from the same start.
  CHECK(deck.fact("train7", "updates") == deck.fact("train1", "updates"));
  CHECK(deck.fact("train7", "cost") == Approx(deck.fact("train1", "cost")).epsilon(1e-6));
}

TEST_CASE("exclusive or is learned by devices that are 10 % off", "[learning][netlists]") {
  const ShippedDeck deck("xor_mismatch.cir");
  check_all_learned(deck, 6);
  const auto angle = [&](const char* rule) { return deck.row("gradient1", "gradients against", rule)[1]; };
  CHECK(angle("aep") < 0.1 * angle("ep"));
  CHECK(angle("dyadic") < 0.1 * angle("ep"));
}

TEST_CASE("exclusive or is learned by devices that move in noisy pulses", "[learning][netlists]") {
  const ShippedDeck deck("xor_pulsed.cir");
  check_all_learned(deck, 3);
  for (const char* training : {"train1", "train2", "train3"}) CHECK(deck.fact(training, "pulses") > 0.0);
}

TEST_CASE("exclusive or is learned by a passive network of conductances and diodes", "[learning][netlists]") {
  const ShippedDeck deck("xor_resistive.cir");
  check_all_learned(deck, 4);
  CHECK(deck.fact("gradient1", "symmetry |S|/(|S|+|A|)") == Approx(1.0).epsilon(1e-12));  // no device of two terminals breaks it
}

TEST_CASE("exclusive or is learned in one transient with conductances as states", "[learning][netlists]") {
  const ShippedDeck deck("xor_continuous.cir");
  CHECK(deck.fact("adapt1", "accuracy") == Approx(100.0));
  CHECK(deck.fact("adapt1", "cost at rest") < 3e-3);
}

TEST_CASE("a resistor network finds the weights of a linear teacher, held-out samples included", "[learning][netlists]") {
  const ShippedDeck deck("regression_linear.cir");
  check_all_learned(deck, 4);
  for (const char* training : {"train1", "train2", "train3", "train4"}) CHECK(deck.fact(training, "cost, held out") < 1e-4);  // of 18 mV^2 at the start
  CHECK(deck.row("gradient1", "gradients against", "fp")[3] < 1e-12);  // exact in linear networks
}

TEST_CASE("responses turn away from error signals as mismatch grows, and only rules that correct for it do not", "[learning][netlists]") {
  const ShippedDeck deck("study_nonreciprocity.cir");
  double before = 0.0;
  for (std::size_t step = 0; step < 6; ++step) {
    CAPTURE(step);
    const auto angle = [&](const std::string& rule) { return deck.fact("gradient1", rule + ": angle", step); };
    CHECK(angle("ep") > before);
    CHECK(angle("hep") == Approx(angle("ep")).epsilon(0.05));  // both measure the response
    CHECK(angle("aep") < 0.1 * angle("ep"));
    CHECK(angle("dyadic") < 1e-4);
    CHECK(angle("aep_rough") < angle("ep"));
    // 2 arctan(alpha) <= 2 alpha <= 2 |A| / lambda_min(P)
    CHECK(deck.fact("stability1", "response turned by", step) <= deck.fact("stability1", "2 |A| / l_min(-S)", step));
    CHECK(deck.fact("gradient2", "hep: angle", step) < 0.1 * angle("hep"));
    CHECK(deck.fact("gradient2", "symmetry |S|/(|S|+|A|)", step) > deck.fact("gradient1", "symmetry |S|/(|S|+|A|)", step));
    before = angle("ep");
  }
}

TEST_CASE("homeostasis makes a network symmetric while it learns", "[learning][netlists]") {
  const ShippedDeck deck("study_homeostasis.cir");
  for (std::size_t step = 0; step < 5; ++step) {
    CAPTURE(step);
    CHECK(deck.fact("train1", "accuracy", step) == Approx(100.0));
    if (step == 0) continue;
    CHECK(deck.fact("gradient1", "symmetry |S|/(|S|+|A|)", step) > deck.fact("gradient1", "symmetry |S|/(|S|+|A|)", step - 1));
    CHECK(deck.fact("gradient1", "plain: angle", step) < deck.fact("gradient1", "plain: angle", step - 1));
  }
  CHECK(deck.fact("gradient1", "plain: angle", 4) < 0.05 * deck.fact("gradient1", "plain: angle", 0));
}

TEST_CASE("feedback that drifts away keeps a network from learning, and homeostasis keeps it from drifting", "[learning][netlists]") {
  const ShippedDeck deck("study_feedback_drift.cir");
  CHECK(deck.fact("train1", "accuracy", 0) < 100.0);
  CHECK(deck.fact("gradient1", "plain: angle", 0) > 45.0);
  for (const std::size_t step : {2u, 3u, 4u}) {
    CHECK(deck.fact("train1", "accuracy", step) == Approx(100.0));
    CHECK(deck.fact("gradient1", "plain: angle", step) < 45.0);
  }
}

TEST_CASE("the rule of docs/add-a-rule.md is the one that is compiled here, and learns", "[learning]") {
  const auto text = [](const std::string& path) {
    std::ifstream in(SETTLE_SOURCE_DIR "/" + path);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string rule = text("tests/learning/random_feedback.cpp");
  REQUIRE(!rule.empty());
  CHECK(text("docs/add-a-rule.md").find("```cpp\n" + rule + "```") != std::string::npos);
  std::string deck = text("netlists/xor_rules.cir");
  deck = deck.substr(deck.find('\n') + 1);
  deck.replace(deck.find(" n=4"), 4, " n=16"), deck.replace(deck.find("{0.5*leak"), 9, "{0.2*leak");  // random directions need a wide layer
  deck = deck.substr(0, deck.find(".learn")) + ".learn rule=random_feedback impedance=10k spread=0.3 optimizer=adam rate={step}\n.train epochs=300 batch=4 stop=1m\n";
  const settle::testing::Ran ran(deck);
  for (const Fact& fact : ran.report.analyses.at(0).stats.facts)
    if (fact.name == "accuracy") CHECK(fact.value == Approx(100.0));
}
