// Errors of expressions: all of them at once, each in its place; and texts meant to break the parser.
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "tests/support/expression_names.hpp"

using namespace settle;

namespace {

ParsedExpression parsed(std::string_view text, ExpressionUse use = ExpressionUse::circuit) {
  TableNames names;
  names.parameters = {{"vdd", 1.8}, {"width", 1e-6}};
  names.functions = {{"f", {{"x"}, "x + bogus"}}, {"loop", {{"x"}, "back(x)"}}, {"back", {{"x"}, "loop(x)"}}};
  return parse_expression(text, names, use);
}

struct Case {
  std::string text;
  std::size_t offset, length;
  std::string message;
};

std::string repeated(std::string_view part, int times) {
  std::string out;
  for (int k = 0; k < times; ++k) out += part;
  return out;
}

}  // namespace

TEST_CASE("an error says where, what, and what was meant", "[sim][expression]") {
  const std::vector<Case> cases{{"1+vdx", 2, 3, "did you mean 'vdd'?"},
                                {"widht*2", 0, 5, "unknown parameter 'widht'; did you mean 'width'?"},
                                {"2*sinn(1)", 2, 4, "unknown function 'sinn'; did you mean 'sin'?"},
                                {"atan2(1)", 0, 5, "atan2(y, x) takes 2 arguments, but has 1"},
                                {"limit(1)", 0, 5, "takes 3 or 2 arguments"},
                                {"sin()", 0, 3, "takes 1 argument, but has 0"},
                                {"(1+2", 0, 1, "'(' is never closed"},
                                {"1+2)", 3, 1, "')' closes nothing"},
                                {"1+", 2, 1, "ends where a value should follow"},
                                {"*3", 0, 1, "a value is missing before '*'"},
                                {"sin(1,)", 6, 1, "a value is missing before ')'"},
                                {"1 2", 2, 1, "an operator is missing before '2'"},
                                {"vdd=2", 3, 1, "write == to compare"},
                                {"1?2", 1, 1, "no ':'"},
                                {"", 0, 1, "an expression is missing"},
                                {"  ", 2, 1, "an expression is missing"},
                                {"1_000", 0, 5, "write 1000"},
                                {"sin", 0, 3, "'sin' is a function; write sin(...)"},
                                {"v()", 2, 1, "name of a node is missing"},
                                {"v(a,b,c)", 0, 8, "one node or two"},
                                {"i(a,b)", 0, 6, "one device"},
                                {"v(a b)", 2, 3, "put a comma"},
                                {"@m1", 0, 3, "@device[parameter]"},
                                {"sdt(v(a))", 0, 3, "no memory"},
                                {"ddt(v(a))", 0, 3, "not available"},
                                {"1/0", 1, 1, "division by zero"},
                                {"sqrt(-1)", 0, 4, "sqrt(-1) has no real value"},
                                {"f(1)", 0, 1, "in f(x) = x + bogus: unknown parameter 'bogus'"},
                                {"2*loop(1)", 2, 4, "calls itself (loop -> back -> loop)"},
                                {"table(v(a),1,2,0,3)", 0, 5, "rising x"},
                                {"table(v(a),1,2,3)", 0, 5, "half"},
                                {"table(v(a),1,v(b))", 0, 5, "not constant"},
                                {"1+#2", 2, 1, "has no meaning"}};
  for (const Case& c : cases) {
    INFO(c.text);
    const ParsedExpression out = parsed(c.text);
    REQUIRE(out.problems.size() == 1);
    CHECK(out.problems[0].offset == c.offset);
    CHECK(out.problems[0].length == c.length);
    INFO(out.problems[0].text);
    CHECK(out.problems[0].text.find(c.message) != std::string::npos);
    CHECK(std::isnan(out.expression.eval<double>({})));
  }
}

TEST_CASE("one pass finds several errors", "[sim][expression]") {
  const ParsedExpression out = parsed("sinn(1) + atan2(2) + bogus * 0x10 + (4");
  REQUIRE(out.problems.size() == 5);
  CHECK(out.problems[0].offset == 0);
  CHECK(out.problems[4].text.find("never closed") != std::string::npos);
}

TEST_CASE("what changes during a run cannot be in a parameter", "[sim][expression]") {
  for (const char* text : {"v(a)", "i(v1)", "time", "hertz", "@m1[gm]"}) {
    INFO(text);
    const ParsedExpression out = parsed(text, ExpressionUse::parameter);
    REQUIRE(out.problems.size() == 1);
    CHECK(out.problems[0].text.find("changes during a run") != std::string::npos);
  }
}

TEST_CASE("random functions need a stream", "[sim][expression]") {
  const ParsedExpression out = parse_expression("gauss(1,0.1,3)", NoNames(), ExpressionUse::parameter);
  REQUIRE(out.problems.size() == 1);
  CHECK(out.problems[0].text.find("random number") != std::string::npos);
}

TEST_CASE("doubtful readings are warnings", "[sim][expression]") {
  CHECK(parsed("2^3^2").warnings.size() == 1);
  CHECK(parsed("2^3^2").expression.constant() == 64.0);
  CHECK(parsed("(2^3)^2").warnings.empty());
  CHECK(parsed("2*4k7").warnings.size() == 1);
}

TEST_CASE("deep nesting is refused and long texts are not", "[sim][expression]") {
  for (const char* part : {"(", "-", "sin(", "1?", "!", "{", "1?2:"}) {
    INFO(part);
    const ParsedExpression out = parsed(repeated(part, 100'000));
    REQUIRE(!out.problems.empty());
    CHECK(out.problems.back().text.find("nested deeper") != std::string::npos);
  }
  CHECK(parsed(repeated("(", 150) + "1" + repeated(")", 150)).problems.empty());
  CHECK(parsed(repeated("1^-", 30'000) + "1").expression.constant() == 1.0);
  CHECK(parsed(repeated("1+", 50'000) + "1").expression.constant() == 50'001.0);
  const Expression sum = parsed(repeated("v(a)*v(b)+", 20'000) + "1").expression;
  std::vector<double> slopes(2);
  CHECK(sum.gradient<double>(std::vector{1.0, 2.0}, slopes) == 40'001.0);
  CHECK(slopes[0] == 40'000.0);
}

TEST_CASE("functions that double at every level are stopped", "[sim][expression]") {
  TableNames names;
  names.functions["f0"] = {{"x"}, "x+1"};
  for (int k = 1; k < 60; ++k) {
    const std::string inner = "f" + std::to_string(k - 1);
    names.functions["f" + std::to_string(k)] = {{"x"}, inner + "(x)+" + inner + "(x)"};
  }
  const ParsedExpression out = parse_expression("f59(1)", names, ExpressionUse::parameter);
  REQUIRE(!out.problems.empty());
  CHECK(out.problems[0].text.find("million operands") != std::string::npos);
}

TEST_CASE("no text breaks the parser, and every problem lies inside it", "[sim][expression]") {
  std::mt19937 random(11);
  const std::string pieces[] = {"(", ")", "{", "}", ",", "+", "-", "*", "/", "^", "**", "?", ":", "<", "==", "&", "!", "~", "%", "=", "@", "[", "]",
                                "v(", "i(", "v(a)", "sin(", "if(", "table(", "f(", "loop(", "1", "2k", "1e", "4k7", "0x1", ".", "x", "time", " ",
                                "\"", "'", "\xC2\xB5", "\xFF", "$", "#", ";", "min(", "vdd"};
  for (int k = 0; k < 20'000; ++k) {
    std::string text;
    for (unsigned n = random() % 14; n-- > 0;) text += pieces[random() % std::size(pieces)];
    const ParsedExpression out = parsed(text);
    INFO(text);
    bool inside = true;
    for (const Problem& p : out.problems) inside = inside && p.offset <= text.size() && p.length > 0 && !p.text.empty();
    if (!inside) FAIL("a problem lies outside the text");
    const std::vector<double> x(out.expression.inputs().size(), 0.5);
    const double value = out.expression.eval<double>(x);
    if (std::isnan(value) && out.problems.empty() && !out.expression.locate_nan(x)) FAIL("a NaN without a reason");
  }
}
