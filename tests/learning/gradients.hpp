// The tables of `.gradient`, by the names in them.
#pragma once

#include "tests/circuits/ran.hpp"

namespace settle::testing {

/// `.gradient` of a deck.
struct Gradients {
  Ran ran;
  explicit Gradients(const std::string& deck) : ran(deck) {}

  const FactTable& table(const std::string& title) const {
    for (const FactTable& t : ran.report.analyses.at(0).stats.tables)
      if (t.title.rfind(title, 0) == 0) return t;
    throw std::runtime_error("no table " + title);
  }
  double fact(const std::string& name) const {
    for (const Fact& f : ran.report.analyses.at(0).stats.facts)
      if (f.name == name) return f.value;
    throw std::runtime_error("no fact " + name);
  }
  std::string text(const std::string& name) const {
    for (const Fact& f : ran.report.analyses.at(0).stats.facts)
      if (f.name == name) return f.text;
    throw std::runtime_error("no fact " + name);
  }
  double of(const std::string& device, const std::string& rule) const {
    const FactTable& all = table("gradient dC/dw");
    for (std::size_t c = 0; c < all.columns.size(); ++c)
      if (all.columns[c].name == rule)
        for (const FactTable::Row& row : all.rows)
          if (row.name == device) return row.values.at(c);
    throw std::runtime_error("no gradient of " + device + " by " + rule);
  }
  /// Relative to the exact gradient, all devices together.
  double error(const std::string& rule) const {
    for (const FactTable::Row& row : table("gradients against").rows)
      if (row.name == rule) return row.values.at(3);
    throw std::runtime_error("no rule " + rule);
  }
  double cosine(const std::string& rule) const {
    for (const FactTable::Row& row : table("gradients against").rows)
      if (row.name == rule) return row.values.at(0);
    throw std::runtime_error("no rule " + rule);
  }
  /// One standard error, of a rule that draws at random.
  double error_of(const std::string& device, const std::string& rule) const { return of(device, rule + " +-"); }
};

}  // namespace settle::testing
