// A deck from a few lines of text, for tests of the front end.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "circuits/elaborate.hpp"

namespace settle::testing {

/// Reads and elaborates `lines` below a title line, so that the first of them is line 2.
struct DeckText {
  Sources sources;
  Diagnostics diagnostics;
  Deck deck;
  Netlist netlist;

  explicit DeckText(const std::string& lines, const Overrides& overrides = {}, std::uint64_t seed = 0, bool strict = false)
      : diagnostics(sources, strict), deck(read_deck_text("t.cir", "title\n" + lines + "\n.op\n", sources, diagnostics)),
        netlist(elaborate(deck, overrides, diagnostics, seed)) {}

  const FlatDevice& device(const std::string& name) const {
    for (const FlatDevice& d : netlist.devices)
      if (d.name == name) return d;
    FAIL("no device " << name << "\n" << diagnostics.render());
    throw std::logic_error(name);
  }
  double value(const std::string& name, const std::string& field) const {
    const FlatDevice& d = device(name);
    INFO(name << " has no " << field << "\n" << diagnostics.render());
    REQUIRE(d.values.count(field) == 1);
    return d.values.at(field);
  }
  /// True if a message of that severity stands at line:column and contains the phrase.
  bool says(Severity severity, int line, int column, const std::string& phrase) const {
    for (const Diagnostic& d : diagnostics.all())
      if (d.severity == severity && d.where.line == line && d.where.column == column && d.text.find(phrase) != std::string::npos) return true;
    UNSCOPED_INFO(diagnostics.render());
    return false;
  }
  bool error(int line, int column, const std::string& phrase) const { return says(Severity::error, line, column, phrase); }
  bool warning(int line, int column, const std::string& phrase) const { return says(Severity::warning, line, column, phrase); }
  bool clean() const {
    UNSCOPED_INFO(diagnostics.render());
    return diagnostics.errors() == 0 && diagnostics.warnings() == 0;
  }
};

}  // namespace settle::testing
