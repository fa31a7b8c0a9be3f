// Words of a `.measure` card, whichever way the blanks and '=' were set: "v(out)=0.5" and "v(out) = 0.5" read the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/netlist.hpp"

namespace settle {

/// Several words that make up one expression.
struct Phrase {
  std::string text;
  std::optional<double> value;  // of a single word that the front end could evaluate
  Location where;

  /// The place of `length` bytes of the text from `offset` on.
  Location part(std::size_t offset, std::size_t length) const;
};

/// Walks through the words of a card.
class MeasureWords {
 public:
  explicit MeasureWords(const MeasureCard& card);

  bool done() const { return next_ >= words_.size(); }
  /// The next word, or "".
  std::string_view peek() const { return done() ? std::string_view() : std::string_view(words_[next_].text); }
  Location where() const { return done() ? end_ : words_[next_].where; }
  void skip() { ++next_; }
  /// Steps over the word if it is the next one.
  bool take(std::string_view word);
  /// The words up to the next '=' or keyword; empty if there are none.
  Phrase take_phrase();

 private:
  bool ends(const Phrase& phrase) const;

  std::vector<Word> words_;
  std::size_t next_ = 0;
  Location end_;
};

/// Words that begin another part of a card.
const std::vector<std::string_view>& measure_keywords();

}  // namespace settle
