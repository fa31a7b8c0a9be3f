// Lexer of cards: a logical line becomes words. Blanks, commas and parentheses separate; {...} and '...' hold together.
#pragma once

#include <string_view>
#include <vector>

#include "circuits/diagnostics.hpp"
#include "circuits/lines.hpp"

namespace settle {

/// A line taken apart. '=' is a word of its own; every word is a view into the line.
struct Card {
  Line line;
  std::vector<std::string_view> words;

  Location where(std::string_view part) const { return line.where(part); }
  /// The place of the k-th word; behind the last word, the end of the card.
  Location where(std::size_t k) const;
  /// Everything from `begin` to the end of the line.
  std::string_view rest(const char* begin) const { return {begin, static_cast<std::size_t>(line.text.data() + line.text.size() - begin)}; }
};

/// Words of a device, model or command card. Reports unbalanced brackets and quotes.
Card read_card(const Line& line, Diagnostics& diagnostics);

/// Words of a card of outputs: v(a, b), {expressions} and the like stay whole; blanks and commas outside brackets separate.
std::vector<std::string_view> output_words(std::string_view text);

/// name=value with the value as raw text.
struct Assignment {
  std::string_view name;
  std::string_view value;
};

/// "a=1 b = {x+1}, c=a*b d='...'": a value reaches to the next name=. A name may have an argument list, f(x,y). Words that belong to no
/// assignment are put into `strays`.
std::vector<Assignment> read_assignments(std::string_view text, std::vector<std::string_view>* strays);

/// The first place in `text` where `name =` begins outside brackets and quotes, or its end.
std::size_t find_assignment(std::string_view text, std::size_t from);

/// True for an identifier: what a parameter can be called.
bool is_name(std::string_view word);

/// Without the braces, single or double quotes around it.
std::string_view unquoted(std::string_view text);

/// True if it begins with a brace or quote that is never closed.
bool unclosed(std::string_view text);

std::string_view trimmed_view(std::string_view text);

}  // namespace settle
