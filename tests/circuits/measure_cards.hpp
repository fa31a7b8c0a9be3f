// `.measure` cards on a small circuit, fed point by point by a test.
#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "circuits/lexer.hpp"
#include "circuits/measure.hpp"
#include "sim/number.hpp"

namespace settle::testing {

/// Cards as the front end delivers them, on a circuit of resistors with the nodes a, b and out.
class Cards {
 public:
  explicit Cards(const std::string& kind, const std::vector<std::string>& cards) : kind_(kind), diagnostics_(sources_) {
    for (const char* node : {"a", "b", "out"}) {
      FlatDevice r;
      r.kind = Registry<Kind>::find("resistor");
      REQUIRE(r.kind);
      r.name = std::string("r") + node;
      r.nodes = {node, "0"};
      r.values = {{"r", 1e3}};
      netlist_.devices.push_back(std::move(r));
      netlist_.nodes.push_back(node);
    }
    netlist_.parameters = {{"vdd", 2.0}};
    std::string text;
    for (const std::string& card : cards) text += card + "\n";
    const SourceFile& file = sources_.add("deck.cir", text);
    for (std::size_t k = 0; k < cards.size(); ++k) add(file, static_cast<int>(k) + 1);
    circuit_ = std::make_unique<Circuit>(netlist_, RowTolerances{}, Environment{});
    measures_ = std::make_unique<Measures>(*circuit_, netlist_, kind_, diagnostics_);
  }

  std::string messages() const { return diagnostics_.render(); }

  /// Feeds one point; every signal is a function of the axis.
  template <class S>
  void point(double axis, const std::map<std::string, S>& signals) {
    std::vector<S> values;
    for (const auto& probe : measures_->probes()) values.push_back(signals.at(probe->label().name));
    measures_->point(axis, std::span<const S>(values));
  }
  Measured result(const std::string& name) const {
    for (const Measured& m : measures_->results())
      if (m.name == name) return m;
    FAIL("no measure " << name << "\n" << messages());
    return {};
  }
  double value(const std::string& name) const {
    const Measured m = result(name);
    INFO(name << ": " << m.failure << messages());
    REQUIRE(m.value);
    return *m.value;
  }

 private:
  void add(const SourceFile& file, int line) {
    const std::string_view text = file.line(line);
    std::vector<std::string_view> words = output_words(text);
    const auto where = [&](std::string_view word) { return file.locate(file.line_start[static_cast<std::size_t>(line - 1)] + static_cast<std::size_t>(word.data() - text.data()), word.size()); };
    MeasureCard card{"", std::string(words[0]), {}, where(words[0])};
    for (std::size_t k = 1; k < words.size(); ++k) card.words.push_back({std::string(words[k]), whole_number(unquoted(words[k])), where(words[k])});
    netlist_.measures.push_back(std::move(card));
  }

  std::string kind_;
  Sources sources_;
  Diagnostics diagnostics_;
  Netlist netlist_;
  std::unique_ptr<Circuit> circuit_;
  std::unique_ptr<Measures> measures_;
};

}  // namespace settle::testing
