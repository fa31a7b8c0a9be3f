// Parser of expressions (Pratt): operators by binding strength, user functions by parsing their body in place.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/expression_builder.hpp"
#include "sim/expression_lexer.hpp"

namespace settle {

/// What one expression and all function bodies inlined into it have in common.
struct ExpressionParse {
  const Names& names;
  ExpressionUse use;
  ExpressionBuilder builder{};
  std::vector<Problem> problems{}, warnings{};
  std::vector<std::string> calls{};  // user functions being inlined, outermost first
  int depth = 0;
  int operands = 0;
  int draws = 0;
  bool stopped = false;  // too deep or too large: the rest is not looked at
};

class ExpressionParser {
 public:
  using Node = ExpressionBuilder::Node;

  /// The body of a user function: its formals, and the call in the outermost text that everything in it is blamed on.
  struct Body {
    std::map<std::string, Node, std::less<>> formals;
    Stretch call;
    std::string context;  // "in 'f(x) = ...': "
  };

  ExpressionParser(ExpressionParse& parse, std::string_view text, const Body* body = nullptr) : parse_(parse), lexer_(text), body_(body) {}

  /// The whole text.
  Node whole();

 private:
  Node expression(int least);
  Node operand(int least);
  void skip_strays();
  Node unary(int least);
  Node group();
  Node number();
  Node conditional(Node condition, const Token& question);
  Node combine(const Token& sign, Node left, Node right);

  Node name(const Token& token);
  Node reserved(const Token& token);
  Node unknown_name(const Token& token);
  Node call(const Token& name);
  Node built_in(const Token& name, std::vector<Node> arguments);
  Node inlined(const Token& name, const UserFunction& function, const std::vector<Node>& arguments);
  bool draw(const Token& name, const Function& function, std::vector<Node>& arguments);
  bool check_table(const Token& name, const std::vector<Node>& arguments);
  std::vector<Node> arguments(const Token& open);
  Node probe(const Token& name);
  std::string probe_name(bool voltage);
  Node device_quantity();
  void close(const Token& open);

  const Token& peek() const;
  Token take();
  Node fail(Stretch where, const std::string& text);
  Node fail(const Token& token, const std::string& text) { return fail({token.offset, token.length}, text); }
  void warn(const Token& token, const std::string& text);
  Node stop(const std::string& text);
  Stretch place(const Token& token) const { return body_ ? body_->call : Stretch{token.offset, token.length}; }

  ExpressionParse& parse_;
  ExpressionLexer lexer_;
  const Body* body_;
};

}  // namespace settle
