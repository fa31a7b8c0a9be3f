// Splitting the words of a `.measure` card at '=', and putting phrases together.
#include "circuits/measure_words.hpp"

#include <algorithm>

namespace settle {
namespace {

bool opens(char c) { return c == '(' || c == '{' || c == '['; }
bool closes(char c) { return c == ')' || c == '}' || c == ']'; }

/// The first '=' from `from` on outside brackets and quotes that is no part of a comparison.
std::size_t find_equals(std::string_view text, std::size_t from) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t k = from; k < text.size(); ++k) {
    const char c = text[k];
    if (c == '\'' || c == '"') quoted = !quoted;
    if (quoted) continue;
    depth += opens(c) ? 1 : closes(c) ? -1 : 0;
    if (c != '=' || depth > 0) continue;
    const bool compares = (k + 1 < text.size() && text[k + 1] == '=') || (k > 0 && std::string_view("=<>!").find(text[k - 1]) != std::string_view::npos);
    if (!compares) return k;
  }
  return std::string_view::npos;
}

/// A place is counted in characters, a text in bytes.
int characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Location shifted(Location where, std::string_view text, std::size_t offset, std::size_t length) {
  where.column += characters(text.substr(0, offset));
  where.length = std::max(1, characters(text.substr(std::min(offset, text.size()), length)));
  return where;
}

}  // namespace

Location Phrase::part(std::size_t offset, std::size_t length) const { return shifted(where, text, std::min(offset, text.size()), length); }

const std::vector<std::string_view>& measure_keywords() {
  static const std::vector<std::string_view> keywords{"when", "at", "trig", "targ", "from", "to", "val", "rise", "fall", "cross", "td"};
  return keywords;
}

MeasureWords::MeasureWords(const MeasureCard& card) : end_(card.where) {
  for (const Word& word : card.words) {
    const std::string_view text = word.text;
    std::size_t begin = 0;
    for (std::size_t equals; (equals = find_equals(text, begin)) != std::string_view::npos; begin = equals + 1) {
      if (equals > begin) words_.push_back({word.text.substr(begin, equals - begin), {}, shifted(word.where, text, begin, equals - begin)});
      words_.push_back({"=", {}, shifted(word.where, text, equals, 1)});
    }
    if (begin == 0) words_.push_back(word);
    else if (begin < text.size()) words_.push_back({word.text.substr(begin), {}, shifted(word.where, text, begin, text.size() - begin)});
  }
}

bool MeasureWords::take(std::string_view word) {
  if (peek() != word) return false;
  skip();
  return true;
}

/// True before '=' and keywords, and before a misspelt keyword: a name with '=' behind it that no operator ties to the phrase.
bool MeasureWords::ends(const Phrase& phrase) const {
  const auto& keywords = measure_keywords();
  if (done() || peek() == "=" || std::find(keywords.begin(), keywords.end(), peek()) != keywords.end()) return true;
  const bool assigned = next_ + 1 < words_.size() && words_[next_ + 1].text == "=";
  const bool tied = phrase.text.empty() || std::string_view("+-*/%^<>|&?:!").find(phrase.text.back()) != std::string_view::npos;
  return assigned && !tied && std::all_of(peek().begin(), peek().end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

Phrase MeasureWords::take_phrase() {
  Phrase phrase{"", {}, where()};
  for (; !ends(phrase); skip()) {
    const Word& word = words_[next_];
    phrase.value = phrase.text.empty() ? word.value : std::nullopt;
    if (!phrase.text.empty()) phrase.text += ' ';
    phrase.text += word.text;
    if (word.where.line == phrase.where.line) phrase.where.length = word.where.column + word.where.length - phrase.where.column;
  }
  return phrase;
}

}  // namespace settle
