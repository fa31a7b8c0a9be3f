// Dot cards: analyses, outputs, steps, options, conditions; includes and libraries.
#include "circuits/commands.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "circuits/options.hpp"
#include "sim/stepper.hpp"
#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

TEST_CASE("analyses keep their words with values", "[circuits][commands]") {
  const DeckText deck(".param stop=2m\n.tran 1u {stop} 0 uic\n.dc V1 0 5 0.1\n.ac dec 10 1 1meg\nV1 a 0 1");
  CHECK(deck.clean());
  REQUIRE(deck.netlist.analyses.size() == 4);
  const AnalysisCard& tran = deck.netlist.analyses[0];
  CHECK(tran.kind == "tran");
  CHECK(tran.words[1].value == 2e-3);
  CHECK(tran.words[3].text == "uic");
  CHECK_FALSE(tran.words[3].value);
  CHECK(deck.netlist.analyses[2].words[3].value == 1e6);
}

TEST_CASE("outputs, measures and titles are kept as they are written", "[circuits][commands]") {
  const DeckText deck(".print tran v(a, b) {v(a)*2} i(V1)\n.save V(X1.a) @r1[i] v(h[*])\n.meas tran rise WHEN v(2)=0.5 RISE=1\n.meas pk MAX v(a)");
  const auto& outputs = deck.netlist.outputs;
  REQUIRE(outputs.size() == 6);
  CHECK(outputs[0].text == "v(a, b)");
  CHECK(outputs[0].analysis == "tran");
  CHECK(outputs[1].text == "{v(a)*2}");
  CHECK(outputs[3].text == "v(x1.a)");
  CHECK(outputs[5].text == "v(h[*])");
  REQUIRE(deck.netlist.measures.size() == 2);
  CHECK(deck.netlist.measures[0].words[1].text == "v(2)");
  CHECK(deck.netlist.measures[0].words[3].value == 0.5);
  CHECK(deck.netlist.measures[1].name == "pk");
  CHECK(deck.netlist.title == "title");
}

TEST_CASE("steps are read in the forms of LTspice and Xyce", "[circuits][commands]") {
  const DeckText deck(
      ".param p=1 q=1\nV1 a 0 1\nR1 a 0 1k\n.step param p 1 2 0.25\n.step dec param q 1 100 1\n.step p list 5 7\n.step lin V1 0 1 0.5\n.step R1:tc1 0 1m 1m\n"
      ".step temp list -40 27 125\n.step param zz 1 2 1\n.step p 1 2 -1");
  const auto& steps = deck.netlist.steps;
  REQUIRE(steps.size() == 6);
  CHECK(steps[0].values == std::vector<double>{1.0, 1.25, 1.5, 1.75, 2.0});
  CHECK(steps[1].values.size() == 3);
  CHECK(steps[1].values[2] == Approx(100.0));
  CHECK(steps[2].values == std::vector<double>{5.0, 7.0});
  CHECK(steps[3].target == StepCard::Target::device_field);
  CHECK(steps[3].field == "dc");
  CHECK(steps[4].field == "tc1");
  CHECK(steps[5].target == StepCard::Target::temperature);
  CHECK(deck.error(11, 13, "no parameter 'zz'"));
  CHECK(deck.error(12, 13, "leads away"));
}

TEST_CASE("initial conditions find nodes at any depth", "[circuits][commands]") {
  const DeckText deck("X1 a s\n.subckt s p\nR1 p q 1k\nR2 q 0 1k\n.ic v(q)=3\n.ends\n.ic v(a)=1 V(X1:p) = {1+1}\n.nodeset v(x1.q)=5 v(zz)=1");
  const auto& initial = deck.netlist.initial;
  REQUIRE(initial.size() == 3);
  CHECK(initial[0].first == "a");
  CHECK(initial[1].first == "a");
  CHECK(initial[1].second.value == 2.0);
  CHECK(initial[2].first == "x1.q");
  CHECK(deck.netlist.guesses.at(0).first == "x1.q");
  CHECK(deck.warning(9, 22, "unknown node 'zz'"));
}

TEST_CASE("options have typed values, bounds and suggestions", "[circuits][options]") {
  DeckText deck(".options reltol=1e-4 TEMP=50 itl1=7 energy\n.options vntoll=1u abstol=-1 noacct\nR1 a 0 {temper}");
  const Options options = options_of(deck.netlist, deck.diagnostics);
  CHECK(options.reltol == 1e-4);
  CHECK(options.temp == 50.0);
  CHECK(options.itl1 == 7);
  CHECK(options.energy);
  CHECK(deck.value("r1", "r") == 50.0);
  CHECK(deck.warning(3, 10, "did you mean 'vntol'"));
  CHECK(deck.error(3, 27, "out of range"));
  CHECK(deck.says(Severity::note, 3, 30, "no effect"));
}

TEST_CASE("every stepper can be chosen, and SPICE's names mean the nearest one", "[circuits][options]") {
  for (const auto& [name, stepper] : Registry<StepperKind>::all()) {
    DeckText deck(".options method=" + name);
    CHECK(options_of(deck.netlist, deck.diagnostics).method == name);
  }
  for (const char* name : {"gear", "trapezoidal", "euler"}) {
    DeckText deck(std::string(".options method=") + name);
    CHECK(Registry<StepperKind>::find(options_of(deck.netlist, deck.diagnostics).method));
  }
}

TEST_CASE("the table of options names every option once", "[circuits][options]") {
  std::map<std::string, int> seen;
  for (const OptionEntry& entry : option_table()) CHECK(++seen[entry.name] == 1);
  CHECK(seen.count("reltol") == 1);
}

TEST_CASE("cards that cannot be obeyed are refused with a reason", "[circuits][commands]") {
  const DeckText deck(".tf v(a) V1\n.trna 1u 1m\n.width out=80\n#comment\n.control\nrun\n.endc\n.control\n.endc\nR1 a 0 1k\n.end\nR2 a 0 1k");
  CHECK(deck.error(2, 1, "not supported"));
  CHECK(deck.error(3, 1, "did you mean '.tran'"));
  CHECK(deck.says(Severity::note, 4, 1, "ignored"));
  CHECK(deck.error(5, 1, "comments begin with"));
  CHECK(deck.warning(6, 1, ".control"));
  CHECK(deck.warning(13, 1, "after .end"));
  CHECK(deck.netlist.devices.size() == 1);
}

TEST_CASE("a first line that reads like a card is suspicious", "[circuits][commands]") {
  Sources sources;
  Diagnostics diagnostics(sources);
  read_deck_text("t.cir", "R1 a 0 1k\nV1 a 0 1\n.op\n", sources, diagnostics);
  REQUIRE(diagnostics.warnings() == 1);
  CHECK(diagnostics.all()[0].where.line == 1);
}

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("settle_deck_" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path / "lib"); }
  ~Folder() { std::filesystem::remove_all(path); }
  void file(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

}  // namespace

TEST_CASE("includes are found beside the including file, and messages say how they were reached", "[circuits][include]") {
  const Folder folder;
  folder.file("top.cir", "t\n.include \"lib/Amp.inc\"\n.lib 'lib/corners.lib' Fast\nR1 a 0 {rc}\n.op\n");
  folder.file("lib/Amp.inc", ".inc deep.inc\nR2 a 0 1k\n");
  folder.file("lib/deep.inc", "R3 a 0 1.1.1\n");
  folder.file("lib/corners.lib", ".lib slow\n.param rc=1k\n.endl\n.lib fast\n.param rc=2k\n.endl fast\n");
  Sources sources;
  Diagnostics diagnostics(sources);
  const Deck deck = read_deck(folder.path / "top.cir", sources, diagnostics);
  const Netlist netlist = elaborate(deck, {}, diagnostics);
  INFO(diagnostics.render());
  CHECK(netlist.parameters.at("rc") == 2e3);
  CHECK(diagnostics.errors() == 1);
  CHECK(diagnostics.render().find("Amp.inc:1:6: note: included from here") != std::string::npos);
}

TEST_CASE("loops of includes, missing files and missing sections are errors at the card", "[circuits][include]") {
  const Folder folder;
  folder.file("top.cir", "t\n.include a.inc\n.include none.inc\n.lib c.lib slwo\nR1 a 0 1\n.op\n");
  folder.file("a.inc", ".include b.inc\n");
  folder.file("b.inc", "* x\n.include a.inc\n");
  folder.file("c.lib", ".lib slow\n.endl\n");
  Sources sources;
  Diagnostics diagnostics(sources);
  read_deck(folder.path / "top.cir", sources, diagnostics);
  const std::string shown = diagnostics.render();
  INFO(shown);
  CHECK(diagnostics.errors() == 3);
  CHECK(shown.find("b.inc:2:10: error:") != std::string::npos);
  CHECK(shown.find("top.cir:3:10: error: cannot read") != std::string::npos);
  CHECK(shown.find("did you mean 'slow'") != std::string::npos);
}
