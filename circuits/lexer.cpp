// Words, assignments and balanced stretches of a card's text.
#include "circuits/lexer.hpp"

#include <fmt/format.h>

namespace settle {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; }
bool separator(char c) { return blank(c) || c == ',' || c == '(' || c == ')'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool digit(char c) { return c >= '0' && c <= '9'; }
char closing(char open) { return open == '{' ? '}' : open == '(' ? ')' : open == '[' ? ']' : open; }

/// Behind the bracket or quote that closes the one at `begin`; the end of the text if none does.
std::size_t behind_group(std::string_view text, std::size_t begin) {
  const char open = text[begin], close = closing(open);
  if (open == close) {
    const std::size_t end = text.find(close, begin + 1);
    return end == std::string_view::npos ? text.size() : end + 1;
  }
  int depth = 0;
  for (std::size_t k = begin; k < text.size(); ++k) {
    if (text[k] == open) ++depth;
    if (text[k] == close && --depth == 0) return k + 1;
  }
  return text.size();
}

/// Takes the words of one card.
class Words {
 public:
  Words(Card& card, Diagnostics& diagnostics) : card_(card), text_(card.line.text), diagnostics_(diagnostics) {}

  void take() {
    std::size_t k = 0;
    while (k < text_.size()) {
      if (separator(text_[k])) {
        count(text_[k], k);
        ++k;
      } else {
        const std::size_t end = text_[k] == '=' ? k + 1 : behind_word(k);
        card_.words.push_back(text_.substr(k, end - k));
        k = end;
      }
    }
    if (depth_ > 0 && !raw()) diagnostics_.warning(card_.where(text_.substr(open_, 1)), "this '(' is never closed");
  }

 private:
  void count(char c, std::size_t k) {
    if (c == '(' && depth_++ == 0) open_ = k;
    if (c != ')') return;
    if (depth_ == 0 && raw()) return;
    if (depth_ == 0) diagnostics_.warning(card_.where(text_.substr(k, 1)), "this ')' closes nothing");
    else --depth_;
  }

  /// Cards with unquoted expressions, whose parentheses are the expression's business.
  bool raw() const {
    const std::string_view word = card_.words.empty() ? std::string_view() : card_.words[0];
    return word.empty() || std::string_view("beg").find(word[0]) != std::string_view::npos || (word[0] == '.' && word != ".model");
  }

  static std::string unclosed_text(char c) {
    return c == '{' ? "this '{' is never closed with '}'" : c == '(' ? "this '(' is never closed" : "this quote is never closed";
  }

  bool value_position() const { return !card_.words.empty() && card_.words.back() == "="; }

  std::size_t behind_word(std::size_t begin) {
    std::size_t k = begin;
    for (; k < text_.size(); ++k) {
      const char c = text_[k];
      if (blank(c) || c == ',' || c == '=' || c == ')') break;
      if (c == '(' && !holds(begin, k)) break;
      const bool groups = c == '{' || c == '(' || ((c == '\'' || c == '"') && k == begin) || c == '[';
      if (groups) k = group(k);
    }
    return k;
  }

  /// True if the '(' at k belongs to the word: behind an operator, or a function's name where a value is expected.
  bool holds(std::size_t begin, std::size_t k) const {
    if (k == begin) return false;
    const char before = text_[k - 1];
    const bool operation = !letter(before) && !digit(before) && before != '}' && before != '\'';
    return operation || (value_position() && letter(text_[begin]));
  }

  /// The last character of the group that opens at k; reports one that never closes.
  std::size_t group(std::size_t k) {
    constexpr std::size_t longest_bus = 200;
    const std::string_view within = text_[k] == '[' ? text_.substr(0, k + longest_bus) : text_;
    const std::size_t end = behind_group(within, k);
    const bool closed = text_[end - 1] == closing(text_[k]) && end > k + 1;
    const std::string_view inside = text_.substr(k, end - k);
    if (text_[k] == '[' && (!closed || inside.find_first_of(" \t") != std::string_view::npos)) return k;  // part of a name, not a bus
    if (!closed) diagnostics_.error(card_.where(text_.substr(k, 1)), unclosed_text(text_[k]));
    return end - 1;
  }

  Card& card_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  int depth_ = 0;
  std::size_t open_ = 0;
};

/// If `name =` begins at k: the place of the '='; otherwise 0.
std::size_t equals_of_assignment(std::string_view text, std::size_t k) {
  if (!letter(text[k]) || (k > 0 && !separator(text[k - 1]) && text[k - 1] != '}' && text[k - 1] != '\'')) return 0;
  std::size_t end = k;
  while (end < text.size() && (letter(text[end]) || digit(text[end]) || text[end] == '.' || text[end] == ':')) ++end;
  if (end < text.size() && text[end] == '(') end = behind_group(text, end);
  while (end < text.size() && blank(text[end])) ++end;
  const bool assigns = end < text.size() && text[end] == '=' && (end + 1 == text.size() || text[end + 1] != '=');
  return assigns ? end : 0;
}

}  // namespace

Location Card::where(std::size_t k) const {
  if (k < words.size()) return line.where(words[k]);
  return line.where(line.text.substr(line.text.size()));
}

Card read_card(const Line& line, Diagnostics& diagnostics) {
  Card card{.line = line, .words = {}};
  card.words.reserve(6);
  Words(card, diagnostics).take();
  return card;
}

std::vector<std::string_view> output_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t k = 0;
  while (k < text.size()) {
    if (blank(text[k]) || text[k] == ',') {
      ++k;
      continue;
    }
    const std::size_t begin = k;
    if (text[k] == '=') {
      words.push_back(text.substr(k++, 1));
      continue;
    }
    while (k < text.size() && !blank(text[k]) && text[k] != ',' && text[k] != '=') {
      const bool opens = text[k] == '(' || text[k] == '{' || text[k] == '[' || ((text[k] == '\'' || text[k] == '"') && k == begin);
      k = opens ? behind_group(text, k) : k + 1;
    }
    words.push_back(text.substr(begin, k - begin));
  }
  return words;
}

std::size_t find_assignment(std::string_view text, std::size_t from) {
  for (std::size_t k = from; k < text.size();) {
    const char c = text[k];
    if (c == '{' || c == '(' || c == '\'' || c == '"') {
      k = behind_group(text, k);
    } else if (equals_of_assignment(text, k)) {
      return k;
    } else {
      ++k;
    }
  }
  return text.size();
}

std::vector<Assignment> read_assignments(std::string_view text, std::vector<std::string_view>* strays) {
  std::vector<Assignment> all;
  std::size_t k = find_assignment(text, 0);
  if (strays) *strays = output_words(text.substr(0, k));
  while (k < text.size()) {
    const std::size_t equals = equals_of_assignment(text, k);
    const std::size_t end = find_assignment(text, equals + 1);
    all.push_back({trimmed_view(text.substr(k, equals - k)), trimmed_view(text.substr(equals + 1, end - equals - 1))});
    k = end;
  }
  return all;
}

bool is_name(std::string_view word) {
  if (word.empty() || !letter(word[0])) return false;
  for (char c : word)
    if (!letter(c) && !digit(c) && c != '.' && c != '$' && c != '#' && c != '!') return false;
  return true;
}

std::string_view unquoted(std::string_view text) {
  text = trimmed_view(text);
  if (text.size() < 2) return text;
  const char open = text.front();
  if ((open == '{' || open == '\'' || open == '"') && behind_group(text, 0) == text.size() && text.back() == closing(open))
    return trimmed_view(text.substr(1, text.size() - 2));
  return text;
}

bool unclosed(std::string_view text) {
  if (text.empty() || std::string_view("{'\"").find(text.front()) == std::string_view::npos) return false;
  return behind_group(text, 0) == text.size() && (text.size() == 1 || text.back() != closing(text.front()));
}

std::string_view trimmed_view(std::string_view text) {
  while (!text.empty() && (blank(text.front()) || text.front() == ',')) text.remove_prefix(1);
  while (!text.empty() && (blank(text.back()) || text.back() == ',')) text.remove_suffix(1);
  return text;
}

}  // namespace settle
