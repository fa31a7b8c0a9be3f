// Lexer of expressions: one token at a time, with its place in the text.
#pragma once

#include <string>
#include <string_view>

#include "sim/number.hpp"

namespace settle {

struct Token {
  enum class Kind { number, name, sign, quantity, unknown, end };
  Kind kind = Kind::end;
  std::string text;  // names in lower case; signs as written ("**" becomes "^")
  std::size_t offset = 0;
  std::size_t length = 0;
  ParsedNumber number{};

  bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
};

class ExpressionLexer {
 public:
  explicit ExpressionLexer(std::string_view text) : text_(text) { advance(); }

  const Token& peek() const { return next_; }
  Token take();
  /// The raw text of an argument of v( ) or i( ), trimmed, up to a comma or the closing parenthesis, which stays to be taken.
  Token take_raw();

 private:
  void advance();
  Token number_token() const;
  Token name_token() const;
  Token sign_token() const;
  Token quantity_token() const;

  std::string_view text_;
  std::size_t place_ = 0;
  Token next_;
};

}  // namespace settle
