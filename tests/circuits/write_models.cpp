// Write models in decks: .model cards of models and presets, with every mistake told at its place.
#include "circuits/write_models.hpp"

#include "tests/circuits/deck_text.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

/// What write=NAME would find in a deck, from the deck's own scope.
struct Found {
  DeckText text;
  Elaboration elaboration;
  Scope top;
  WriteModels models;

  explicit Found(const std::string& lines) : text("R1 a 0 1k\n" + lines), elaboration{text.deck, text.diagnostics, 0, 27.0, 27.0, {}}, top(elaboration, *text.deck.top, nullptr, "", {}) {}
  std::shared_ptr<const WriteSetting> operator()(std::string_view name) { return models.find(top, text.deck.cards.front(), name); }
};

}  // namespace

TEST_CASE("a write model is read with its numbers, words and parameters", "[circuits][writes]") {
  Found find(".param top=50u\n.model w1 soft_bounds(dw=2m c2c=0.3 gmin=1u gmax={top} noise=additive)");
  const auto w1 = find("w1");
  REQUIRE(w1);
  CHECK(find.text.clean());
  CHECK(w1->model->name == "soft_bounds");
  CHECK(w1->name == "w1");
  CHECK(w1->values.numbers == std::map<std::string, double>{{"dw", 2e-3}, {"c2c", 0.3}, {"gmin", 1e-6}, {"gmax", 50e-6}, {"noise", 1.0}});
  CHECK(find("w1") == w1);  // read once
}

TEST_CASE("a preset brings its values, the card replaces some", "[circuits][writes]") {
  Found find(".model w2 ecram(gmin=1u gmax=50u c2c=0)");
  const auto w2 = find("w2");
  REQUIRE(w2);
  CHECK(w2->model->name == "linear_step");
  CHECK(w2->values.numbers.at("dw") == 0.002);      // Tang et al. 2018 as in the IBM kit's preset
  CHECK(w2->values.numbers.at("wmax") == 1.1724);
  CHECK(w2->values.numbers.at("c2c") == 0.0);
  CHECK(w2->values.numbers.at("gmax") == 50e-6);
}

TEST_CASE("a model or preset needs no card if its own values will do", "[circuits][writes]") {
  Found find("");
  CHECK(find("ideal"));
  CHECK(find("reram_es"));
}

TEST_CASE("mistakes in write models are told at their places, used or not", "[circuits][writes]") {
  const DeckText text(".model a soft_bounds(dv=2m)\n.model b soft_bounds(corrupt=2)\n.model c soft_bounds(noise=additiv)\n.model d soft_bounds(gmin=2u gmax=1u)\n"
                      ".model e soft_bound(dw=1m)\n.model f piecewise(dw=1m)");
  CHECK(text.error(2, 22, "write model 'a' (soft_bounds) has no parameter 'dv'; did you mean 'dw'?"));
  CHECK(text.error(3, 30, "'corrupt' = 2 of write model 'b' is out of range; it must be 0 to 1"));
  CHECK(text.error(4, 28, "'noise' of write model 'c' is multiplicative or additive, not 'additiv'; did you mean 'additive'?"));
  CHECK(text.error(5, 8, "write model 'd': gmax (1e-06 S) must be above gmin (2e-06 S)"));
  CHECK(text.error(6, 10, "unknown type of model 'soft_bound'; did you mean 'soft_bounds'?"));
  CHECK(text.error(7, 8, "write model 'f': piecewise needs file=TABLE"));
}

TEST_CASE("a name that is no write model is an error", "[circuits][writes]") {
  Found find(".model w1 soft_bounds(dw=2m)\n.model dd d(is=1f)");
  CHECK(!find("w2"));
  CHECK(find.text.diagnostics.render().find("unknown write model 'w2'; did you mean 'w1'?") != std::string::npos);
  CHECK(!find("dd"));
  CHECK(find.text.diagnostics.render().find("model 'dd' is of type 'd', which is no write model") != std::string::npos);
}

TEST_CASE("a device with a conductance says by write= how it is written", "[circuits][writes]") {
  const DeckText text("V1 a 0 1\nYconductance one a 0 10u write=w1\n.model w1 soft_bounds(dw=2m)\nYconductance two a 0 10u write=ecram\nYconductance three a 0 10u");
  CHECK(text.clean());
  REQUIRE(text.device("one").write);
  CHECK(text.device("one").write->values.numbers.at("dw") == 2e-3);
  CHECK(text.device("two").write->model->name == "linear_step");
  CHECK(!text.device("three").write);
  const DeckText bad("V1 a 0 1\nYconductance one a 0 10u write=w2\n.model w1 soft_bounds(dw=2m)\nR1 a 0 1k write=w1");
  CHECK(bad.error(3, 32, "unknown write model 'w2'; did you mean 'w1'?"));
  CHECK(bad.error(5, 17, "'r1' (resistor) has no conductance that could be written"));
}

TEST_CASE("an array says by write= how its devices are written, those of the feedback too", "[circuits][writes]") {
  const DeckText text("V1 in[0] 0 1\nR1 out[0] 0 1k\nYcrossbar xb in[0:0] out[0:0] conductance g=10u coupling=pair write=w1\n.model w1 soft_bounds(dw=2m)\n"
                      "Ycrossbar xc in[0:0] out[0:0] conductance g=10u write=w2");
  REQUIRE(text.netlist.arrays.size() == 1);  // the other one has an error
  REQUIRE(text.netlist.arrays[0].cells.write);
  CHECK(text.netlist.arrays[0].cells.write->name == "w1");
  CHECK(text.netlist.arrays[0].back.write == text.netlist.arrays[0].cells.write);
  CHECK(text.error(6, 55, "unknown write model 'w2'; did you mean 'w1'?"));
}
