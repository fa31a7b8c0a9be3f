// Lexer of expressions.
#include "sim/expression_lexer.hpp"

#include <algorithm>
#include <array>

namespace settle {
namespace {

bool space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool starts_name(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool in_name(char c) { return starts_name(c) || digit(c) || c == '.' || c == '#' || c == '$'; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

}  // namespace

Token ExpressionLexer::take() {
  Token token = std::move(next_);
  place_ = token.offset + token.length;
  advance();
  return token;
}

Token ExpressionLexer::take_raw() {
  std::size_t begin = next_.offset, end = begin;
  int open = 0, brackets = 0;  // the comma of xb[3,4] belongs to the name
  for (; end < text_.size(); ++end) {
    const char c = text_[end];
    if (open == 0 && (c == ')' || (c == ',' && brackets <= 0))) break;
    open += (c == '(') - (c == ')');
    brackets += (c == '[') - (c == ']');
  }
  place_ = end;
  while (end > begin && space(text_[end - 1])) --end;
  Token token{.kind = Token::Kind::name, .text = lowered(text_.substr(begin, end - begin)), .offset = begin, .length = end - begin};
  advance();
  return token;
}

void ExpressionLexer::advance() {
  while (place_ < text_.size() && space(text_[place_])) ++place_;
  if (place_ == text_.size()) {
    next_ = {.kind = Token::Kind::end, .text = "", .offset = place_, .length = 0};
    return;
  }
  const char c = text_[place_];
  const bool number = digit(c) || (c == '.' && place_ + 1 < text_.size() && digit(text_[place_ + 1]));
  next_ = number ? number_token() : starts_name(c) ? name_token() : c == '@' ? quantity_token() : sign_token();
}

Token ExpressionLexer::number_token() const {
  Token token{.kind = Token::Kind::number, .text = "", .offset = place_, .length = 0, .number = parse_number(text_.substr(place_))};
  token.length = token.number.length;
  token.text = text_.substr(place_, token.length);
  return token;
}

Token ExpressionLexer::name_token() const {
  std::size_t end = place_;
  while (end < text_.size() && in_name(text_[end])) ++end;
  return {.kind = Token::Kind::name, .text = lowered(text_.substr(place_, end - place_)), .offset = place_, .length = end - place_};
}

/// @device[parameter]; without brackets a problem of the parser.
Token ExpressionLexer::quantity_token() const {
  std::size_t end = text_.find_first_of("] \t\r\n(),", place_);
  if (end == std::string_view::npos) end = text_.size();
  else if (text_[end] == ']') ++end;
  return {.kind = Token::Kind::quantity, .text = lowered(text_.substr(place_, end - place_)), .offset = place_, .length = end - place_};
}

Token ExpressionLexer::sign_token() const {
  static constexpr std::array<std::string_view, 8> doubles{"**", "<=", ">=", "==", "!=", "<>", "&&", "||"};
  static constexpr std::string_view singles = "+-*/%^<>!~&|?:(){},";
  static constexpr std::array<std::array<std::string_view, 2>, 5> synonyms{{{"**", "^"}, {"<>", "!="}, {"&", "&&"}, {"|", "||"}, {"~", "!"}}};
  std::string_view sign = text_.substr(place_, 2);
  if (std::find(doubles.begin(), doubles.end(), sign) == doubles.end()) sign = sign.substr(0, 1);
  const std::size_t length = sign.size();
  const bool known = length == 2 || singles.find(sign) != std::string_view::npos;
  for (const auto& [written, meant] : synonyms)
    if (sign == written) {
      sign = meant;
      break;
    }
  return {.kind = known ? Token::Kind::sign : Token::Kind::unknown, .text = std::string(sign), .offset = place_, .length = length};
}

}  // namespace settle
