// Sources, lines and diagnostics: any encoding is read, and every character keeps its place.
#include "circuits/source.hpp"

#include <chrono>

#include "tests/circuits/deck_text.hpp"

using namespace settle;
using settle::testing::DeckText;

TEST_CASE("files in any encoding and with any line ends become the same lines", "[circuits][source]") {
  const std::string plain = "t\nR1 a 0 1k\n";
  std::string utf16 = "\xFF\xFE";
  for (char c : plain) utf16 += {c, '\0'};
  std::string big = "\xFE\xFF";
  for (char c : plain) big += {'\0', c};
  for (const std::string& bytes : {plain, std::string("\xEF\xBB\xBF" + plain), std::string("t\r\nR1 a 0 1k\r\n"), utf16, utf16.substr(2), big}) {
    Sources sources;
    const SourceFile& file = sources.add("f", bytes);
    CHECK(file.text == plain);
    CHECK(file.line(2) == "R1 a 0 1k");
    CHECK(file.lower == "t\nr1 a 0 1k\n");
  }
}

TEST_CASE("Latin-1 bytes become characters and columns count characters", "[circuits][source]") {
  Sources sources;
  const SourceFile& file = sources.add("f", "t\nC1 a 0 1\xB5 x\n");
  CHECK(file.line(2) == "C1 a 0 1\xC2\xB5 x");
  CHECK(file.locate(file.text.find('x'), 1).column == 11);
}

TEST_CASE("binary files are refused where they stand", "[circuits][source]") {
  Sources sources;
  Diagnostics diagnostics(sources);
  read_deck_text("b.cir", std::string("\x7F" "ELF\0\0\0\1", 8), sources, diagnostics);
  REQUIRE(diagnostics.errors() == 1);
  CHECK(diagnostics.place(diagnostics.all()[0].where) == "b.cir:1:1");
}

TEST_CASE("continued cards are one card, and errors in them point at the right line", "[circuits][lines]") {
  const DeckText deck("R1 a 0\n* between\n\n+ 1k ; tail\nR2 a\n+ 0 1.1.1\nR3 a \\\\\n 0 2k");
  CHECK(deck.value("r1", "r") == 1e3);
  CHECK(deck.value("r3", "r") == 2e3);
  CHECK(deck.error(7, 5, "1.1.1"));
  CHECK(deck.diagnostics.errors() == 1);
}

TEST_CASE("comments end a card but not inside quotes and not inside names", "[circuits][lines]") {
  const DeckText deck("R1 $g_vdd 0 1k $ a comment\nR2 $g_vdd 0 'r1;2' // x\nR3 $g_vdd 0 1k;x");
  CHECK(deck.device("r1").nodes[0] == "$g_vdd");
  CHECK(deck.value("r3", "r") == 1e3);
  CHECK(deck.error(3, 16, "';'"));
}

TEST_CASE("a message shows its line, a caret under the word, and how the place was reached", "[circuits][diagnostics]") {
  const DeckText deck(".subckt amp in out\n\tR1 in out rlaod\n.ends\nX1 a 0 amp");
  const std::string shown = deck.diagnostics.render();
  INFO(shown);
  CHECK(shown.find("t.cir:3:12: error: 'rlaod' is neither") != std::string::npos);
  CHECK(shown.find("     R1 in out rlaod\n               ^~~~~\n") != std::string::npos);
  CHECK(shown.find("t.cir:5:1: note: in instance x1 of subckt 'amp', defined at t.cir:2:9\n") != std::string::npos);
}

TEST_CASE("fifty errors are shown and the others counted", "[circuits][diagnostics]") {
  std::string lines;
  for (int k = 0; k < 60; ++k) lines += "R" + std::to_string(k) + " a 0 1.1.1\n";
  const DeckText deck(lines);
  CHECK(deck.diagnostics.errors() == 60);
  CHECK(deck.diagnostics.render().find("... and 10 more errors") != std::string::npos);
}

TEST_CASE("one mistake in a subcircuit is one error however often it is used", "[circuits][diagnostics]") {
  const DeckText deck(".subckt cell p\nR1 p 0 {rr}\n.ends\nX[0:99] a cell");
  CHECK(deck.diagnostics.errors() == 1);
}

TEST_CASE("strict reading turns warnings into errors", "[circuits][diagnostics]") {
  CHECK(DeckText("R1 a 0 1k bogus=2").diagnostics.errors() == 0);
  CHECK(DeckText("R1 a 0 1k bogus=2", {}, 0, true).diagnostics.errors() == 1);
}

TEST_CASE("a deck of many cards is read in linear time", "[circuits][lines]") {
  const auto seconds = [](int cards) {
    std::string lines;
    for (int k = 0; k < cards; ++k) lines += "R" + std::to_string(k) + " n" + std::to_string(k) + " 0\n+ 1k\n";
    const auto start = std::chrono::steady_clock::now();
    const DeckText deck(lines);
    REQUIRE(deck.netlist.devices.size() == static_cast<std::size_t>(cards));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  seconds(1000);
  const double few = seconds(4000), many = seconds(32000);
  CHECK(many < 40.0 * few);  // 8 times the cards; quadratic would be 64 times
}
