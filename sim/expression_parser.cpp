// Parser of expressions: operators, parentheses, problems.
#include "sim/expression_parser.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

namespace settle {
namespace {

constexpr int depth_limit = 200;           // of nesting; keeps hostile texts off the end of the stack
constexpr int operand_limit = 1'000'000;   // after inlining; functions that call each other twice grow like 2^n
constexpr std::size_t problem_limit = 50;

constexpr int conditional_strength = 1, prefix_strength = 8, power_strength = 9;

int strength(const Token& token) {
  static constexpr std::array<std::pair<std::string_view, int>, 15> table{{{"?", conditional_strength}, {"||", 2}, {"&&", 3}, {"==", 4},
                                                                          {"!=", 4}, {"<", 5}, {"<=", 5}, {">", 5}, {">=", 5}, {"+", 6},
                                                                          {"-", 6}, {"*", 7}, {"/", 7}, {"%", 7}, {"^", power_strength}}};
  if (token.kind != Token::Kind::sign) return 0;
  for (const auto& [sign, value] : table)
    if (token.text == sign) return value;
  return 0;
}

bool closes(const Token& token) { return token.is(")") || token.is("}"); }

}  // namespace

const Token& ExpressionParser::peek() const {
  static const Token end;
  return parse_.stopped ? end : lexer_.peek();
}

Token ExpressionParser::take() { return parse_.stopped ? Token{} : lexer_.take(); }

ExpressionParser::Node ExpressionParser::fail(Stretch where, const std::string& text) {
  const Problem problem{body_ ? body_->call.offset : where.offset, std::max<std::size_t>(1, body_ ? body_->call.length : where.length),
                        (body_ ? body_->context : "") + text};
  // What follows from a problem at the same place is noise.
  const bool repeated = !body_ && !parse_.problems.empty() && parse_.problems.back().offset == problem.offset;
  if (!repeated && !parse_.stopped && parse_.problems.size() < problem_limit) parse_.problems.push_back(problem);
  return parse_.builder.constant(std::numeric_limits<double>::quiet_NaN());
}

void ExpressionParser::warn(const Token& token, const std::string& text) {
  const Stretch where = place(token);
  if (parse_.warnings.size() < problem_limit) parse_.warnings.push_back({where.offset, where.length, (body_ ? body_->context : "") + text});
}

ExpressionParser::Node ExpressionParser::stop(const std::string& text) {
  const Node none = fail(peek(), text);
  parse_.stopped = true;
  return none;
}

ExpressionParser::Node ExpressionParser::whole() {
  if (peek().kind == Token::Kind::end) return fail(peek(), "an expression is missing here");
  const Node result = expression(conditional_strength);
  if (peek().kind != Token::Kind::end) {
    const Token extra = take();
    if (closes(extra)) return fail(extra, fmt::format("'{}' closes nothing", extra.text));
    if (extra.is(",")) return fail(extra, "a comma may only stand between the arguments of a function");
    if (extra.text == "=") return fail(extra, "'=' cannot be used in an expression; write == to compare");
    return fail(extra, fmt::format("an operator is missing before '{}'", extra.text));
  }
  return result;
}

ExpressionParser::Node ExpressionParser::expression(int least) {
  if (parse_.depth >= depth_limit) return stop(fmt::format("nested deeper than {} levels", depth_limit));
  ++parse_.depth;
  Node left = operand(least);
  bool chained = false;
  for (int s = strength(peek()); s >= least && s > 0; s = strength(peek())) {
    const Token sign = take();
    if (sign.is("?")) {
      left = conditional(left, sign);
      continue;
    }
    if (sign.is("^") && chained) warn(sign, "a^b^c is read as (a^b)^c; write the parentheses");
    chained = sign.is("^");
    left = combine(sign, left, expression(s + 1));
  }
  --parse_.depth;
  return left;
}

ExpressionParser::Node ExpressionParser::conditional(Node condition, const Token& question) {
  const Node yes = expression(conditional_strength);
  if (!peek().is(":")) return fail(question, "this ? has no ':'; write condition ? a : b");
  take();
  const Node no = expression(conditional_strength);
  return parse_.builder.select(condition, yes, no, place(question));
}

ExpressionParser::Node ExpressionParser::combine(const Token& sign, Node left, Node right) {
  ExpressionBuilder& builder = parse_.builder;
  const Stretch where = place(sign);
  if (sign.is("+")) return builder.operate(Operation::add, left, right, where);
  if (sign.is("-")) return builder.operate(Operation::subtract, left, right, where);
  if (sign.is("*")) return builder.operate(Operation::multiply, left, right, where);
  if (sign.is("/")) return builder.operate(Operation::divide, left, right, where);
  if (sign.is("^")) return builder.power(left, right, where);
  return builder.call(operator_function(sign.text), {left, right}, where);
}

ExpressionParser::Node ExpressionParser::operand(int least) {
  if (++parse_.operands > operand_limit) return stop("with all functions filled in this expression has more than a million operands");
  skip_strays();
  const Token& next = peek();
  switch (next.kind) {
    case Token::Kind::number: return number();
    case Token::Kind::quantity: return device_quantity();
    case Token::Kind::name: {
      const Token token = take();
      return peek().is("(") ? call(token) : name(token);
    }
    case Token::Kind::sign:
      if (next.is("(") || next.is("{")) return group();
      if (next.is("-") || next.is("+") || next.is("!")) return unary(least);
      return fail(next, fmt::format("a value is missing before '{}'", next.text));
    default: return fail(next, "the expression ends where a value should follow");
  }
}

/// Reports and takes whatever can neither begin a value nor end an argument.
void ExpressionParser::skip_strays() {
  for (;;) {
    const Token& next = peek();
    const bool stray = next.kind == Token::Kind::unknown || (strength(next) > 0 && !next.is("-") && !next.is("+"));
    if (!stray) return;
    const Token token = take();
    if (token.kind == Token::Kind::unknown) fail(token, fmt::format("'{}' has no meaning in an expression", token.text));
    else fail(token, fmt::format("a value is missing before '{}'", token.text));
  }
}

ExpressionParser::Node ExpressionParser::unary(int least) {
  const Token sign = take();
  const Node x = expression(std::max(least, prefix_strength));
  if (sign.is("+")) return x;
  if (sign.is("-")) return parse_.builder.negate(x, place(sign));
  return parse_.builder.call(operator_function("!"), {x}, place(sign));
}

ExpressionParser::Node ExpressionParser::group() {
  const Token open = take();
  const Node inside = expression(conditional_strength);
  close(open);
  return inside;
}

/// Takes the closing parenthesis, or reports what stands in its place and looks for it further on.
void ExpressionParser::close(const Token& open) {
  const std::string_view wanted = open.is("{") ? "}" : ")";
  if (peek().is(wanted)) {
    take();
    return;
  }
  if (peek().kind == Token::Kind::end || closes(peek())) {
    fail(open, fmt::format("this '{}' is never closed", open.text));
    return;
  }
  fail(peek(), fmt::format("expected '{}' before '{}'", wanted, peek().text));
  for (int inner = 0; peek().kind != Token::Kind::end;) {
    const Token token = take();
    if (closes(token) && inner-- == 0) return;
    if (token.is("(") || token.is("{")) ++inner;
  }
}

ExpressionParser::Node ExpressionParser::number() {
  const Token token = take();
  if (token.number.problem) return fail(token, *token.number.problem);
  if (token.number.warning) warn(token, *token.number.warning);
  return parse_.builder.constant(token.number.value);
}

ParsedExpression parse_expression(std::string_view text, const Names& names, ExpressionUse use) {
  ExpressionParse parse{.names = names, .use = use};
  const ExpressionBuilder::Node result = ExpressionParser(parse, text).whole();
  ParsedExpression out{.expression = parse.builder.finish(std::string(text), result), .problems = {}, .warnings = {}};
  if (parse.problems.empty() && out.expression.inputs().empty()) {
    if (auto problem = out.expression.locate_nan({})) parse.problems.push_back(std::move(*problem));
  }
  if (!parse.problems.empty()) {
    const auto none = parse.builder.constant(std::numeric_limits<double>::quiet_NaN());
    out.expression = parse.builder.finish(std::string(text), none);
  }
  out.problems = std::move(parse.problems);
  out.warnings = std::move(parse.warnings);
  return out;
}

}  // namespace settle
