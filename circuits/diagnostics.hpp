// Diagnostics: everything wrong with a deck, collected over all phases and shown at once, each with its line and a caret.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

#include "circuits/source.hpp"
#include "sim/location.hpp"

namespace settle {

enum class Severity { note, warning, error };

/// "note" of a diagnostic: another place that explains it.
struct Note {
  Location where;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::error;
  Location where;
  std::string text;
  std::vector<Note> notes;
};

class Diagnostics {
 public:
  static constexpr std::size_t shown_errors = 50;

  /// `strict` turns warnings into errors.
  explicit Diagnostics(const Sources& sources, bool strict = false) : sources_(&sources), strict_(strict) {}

  /// The same text at the same place is kept once, however many instances run into it.
  void error(Location where, const std::string& text, std::vector<Note> notes = {}) { add({Severity::error, where, text, std::move(notes)}); }
  void warning(Location where, const std::string& text, std::vector<Note> notes = {}) {
    add({strict_ ? Severity::error : Severity::warning, where, text, std::move(notes)});
  }
  void note(Location where, const std::string& text) { add({Severity::note, where, text, {}}); }

  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  const Sources& sources() const { return *sources_; }

  /// All of them as a compiler would print them; ends with a newline unless empty.
  std::string render(bool color = false) const;
  std::string render(const Diagnostic& diagnostic, bool color = false) const;
  /// "deck.cir:14:10", or "" for no place.
  std::string place(Location where) const;

 private:
  void add(Diagnostic diagnostic);
  std::string excerpt(Location where, bool color) const;

  const Sources* sources_;
  bool strict_;
  std::size_t errors_ = 0, warnings_ = 0;
  std::vector<Diagnostic> all_;
  std::unordered_set<std::string> known_;
};

}  // namespace settle
