// A deck with a task from a few lines of text, and its data.
#pragma once

#include <catch2/catch.hpp>

#include "circuits/elaborate.hpp"
#include "circuits/setting.hpp"
#include "learning/binding.hpp"
#include "learning/task.hpp"

namespace settle::testing {

/// Reads `lines` below a title line, so that the first of them is line 2.
struct TaskDeck {
  Sources sources;
  Diagnostics diagnostics{sources};
  Deck deck;
  Netlist netlist;

  explicit TaskDeck(const std::string& lines, std::uint64_t seed = 1, const std::string& name = "t.cir")
      : deck(read_deck_text(name, "title\n" + lines + "\n.op\n", sources, diagnostics, {.settings = {"input", "target", "task"}})),
        netlist(elaborate(deck, {}, diagnostics, seed)) {}

  bool says(int line, int column, const std::string& phrase) const {
    for (const Diagnostic& d : diagnostics.all())
      if (d.severity == Severity::error && d.where.line == line && d.where.column == column && d.text.find(phrase) != std::string::npos) return true;
    UNSCOPED_INFO(diagnostics.render());
    return false;
  }
};

/// The data of a `.task` card, loaded.
inline DataSet data_of(const std::string& task, std::uint64_t seed = 1) {
  TaskDeck deck(".task " + task, seed);
  const auto data = load_task(deck.netlist, deck.diagnostics);
  INFO(task << "\n" << deck.diagnostics.render());
  REQUIRE(data);
  return *data;
}

/// The message a `.task` card gets, from its check or from loading; "" if all is well.
inline std::string task_error(const std::string& task) {
  TaskDeck deck(".task " + task);
  try {
    task_outline(deck.netlist, deck.diagnostics);
    if (!deck.diagnostics.has_errors()) load_task(deck.netlist, deck.diagnostics);
  } catch (const Error& error) {
    return error.what();
  }
  return deck.diagnostics.has_errors() ? deck.diagnostics.all().front().text : "";
}

inline bool has(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace settle::testing
