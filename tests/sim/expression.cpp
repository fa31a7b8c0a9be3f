// Expressions: what they are worth, what they depend on, which are complex-differentiable.
#include "sim/expression.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "tests/support/expression_names.hpp"

using namespace settle;

namespace {

ParsedExpression in_circuit(const std::string& text, const Names& names = NoNames()) {
  return parse_expression(text, names, ExpressionUse::circuit);
}

double constant(const std::string& text, const Names& names = NoNames()) {
  INFO(text);
  const ParsedExpression parsed = parse_expression(text, names, ExpressionUse::parameter);
  for (const Problem& p : parsed.problems) UNSCOPED_INFO(p.text);
  REQUIRE(parsed.problems.empty());
  return parsed.expression.constant().value();
}

double at(const std::string& text, std::vector<double> inputs) {
  INFO(text);
  const ParsedExpression parsed = in_circuit(text);
  REQUIRE(parsed.problems.empty());
  REQUIRE(parsed.expression.inputs().size() == inputs.size());
  return parsed.expression.eval<double>(inputs);
}

}  // namespace

TEST_CASE("the random number of a place is the same wherever it is written, and another one at every other place", "[sim][expression]") {
  CHECK(constant("normal_at(3,1,2,5)") == constant("{normal_at(3,1,5-3,5)}"));
  CHECK(constant("normal_at(3,1,2,5)") != constant("normal_at(3,1,5,2)"));
  CHECK(constant("normal_at(3,1,2,5)") != constant("normal_at(3,2,2,5)"));
  CHECK(constant("normal_at(3,1,2,5)") != constant("normal_at(4,1,2,5)"));
  double sum = 0.0, squares = 0.0;
  const int n = 60;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const std::string place = std::to_string(i) + "," + std::to_string(j) + ")";
      const double z = constant("normal_at(1,7," + place);
      sum += z, squares += z * z;
    }
  const double draws = n * n, error = 4.0 / std::sqrt(draws);  // four standard errors
  CHECK(std::abs(sum / draws) < error);
  CHECK(std::abs(squares / draws - 1.0) < error * std::sqrt(2.0));
  CHECK(in_circuit("normal_at(1,1,v(a),0)").problems.size() == 1);
  CHECK(parse_expression("normal_at(1,0.5,0,0)", NoNames(), ExpressionUse::parameter).problems.size() == 1);
}

TEST_CASE("operators bind as in SPICE", "[sim][expression]") {
  const std::vector<std::pair<std::string, double>> cases{
      {"1+2*3", 7},         {"(1+2)*3", 9},      {"{1+2}*3", 9},         {"-2^2", -4},         {"2^-1", 0.5},        {"2^-2^2", 0.0625},
      {"2**3", 8},          {"(-2)**3", -8},     {"(-2)^2", 4},          {"-3-2", -5},         {"7-2-1", 4},         {"8/4/2", 1},
      {"7%4", 3},           {"-7%4", -3},        {"1<2", 1},             {"2<=1", 0},          {"1==1 && 2!=3", 1},  {"1>2 | 3>=3", 1},
      {"1 & 0", 0},         {"!0", 1},           {"~3", 0},              {"1 ? 2 : 3", 2},     {"0 ? 1 : 0 ? 2 : 3", 3}, {"1<>2", 1},
      {"1 ? 0 ? 4 : 5 : 6", 5}, {"2*3==6", 1},   {"1||0&&0", 1},         {"+5", 5},            {"2*-3", -6},         {"!1==0", 1},
      {"1k+1meg", 1001000}, {"2u*3", 6e-6},      {" 1 +\t2 ", 3},        {"2^0.5*2^0.5", 2.0000000000000004}};
  for (const auto& [text, value] : cases) CHECK(constant(text) == value);
}

TEST_CASE("every function has its closed form", "[sim][expression]") {
  const std::vector<std::pair<std::string, double>> cases{
      {"sin(0.3)", std::sin(0.3)},   {"cos(0.3)", std::cos(0.3)},   {"tan(0.3)", std::tan(0.3)},   {"asin(0.3)", std::asin(0.3)},
      {"acos(0.3)", std::acos(0.3)}, {"atan(0.3)", std::atan(0.3)}, {"sinh(0.3)", std::sinh(0.3)}, {"cosh(0.3)", std::cosh(0.3)},
      {"tanh(0.3)", std::tanh(0.3)}, {"asinh(2)", std::asinh(2)},   {"acosh(2)", std::acosh(2)},   {"atanh(0.3)", std::atanh(0.3)},
      {"exp(2)", std::exp(2)},       {"ln(5)", std::log(5)},        {"log(5)", std::log(5)},       {"log10(1000)", 3},
      {"sqrt(2)", std::sqrt(2)},     {"abs(-3)", 3},                {"sgn(-3)", -1},               {"sgn(0)", 0},
      {"sign(-3)", -1},              {"sign(3,-2)", -3},            {"min(3,1,2)", 1},             {"max(3,1,2)", 3},
      {"pow(2,10)", 1024},           {"pow(-2,3)", -8},             {"pwr(-2,3)", 8},              {"pwrs(-2,3)", -8},
      {"hypot(3,4)", 5},             {"int(-1.7)", -1},             {"floor(-1.2)", -2},           {"ceil(1.2)", 2},
      {"nint(2.5)", 2},              {"round(2.5)", 3},             {"round(-2.5)", -3},           {"mod(7,4)", 3},
      {"fmod(-7,4)", -3},            {"if(1,2,3)", 2},              {"if(0,2,3)", 3},              {"limit(5,0,1)", 1},
      {"limit(-5,1,0)", 0},          {"limit(0.5,0,1)", 0.5},       {"stp(0)", 0},                 {"stp(1)", 1},
      {"u(0)", 0.5},                 {"u(2)", 1},                   {"u2(0.3)", 0.3},              {"u2(3)", 1},
      {"uramp(-1)", 0},              {"uramp(2)", 2},               {"buf(0.6)", 1},               {"inv(0.6)", 0},
      {"sqr(3)", 9},                 {"ternary_fcn(1,2,3)", 2},     {"gt0(1)", 1},                 {"ge0(0)", 1},
      {"lt0(1)", 0},                 {"le0(0)", 1},                 {"eq0(0)", 1},                 {"ne0(0)", 0},
      {"arctan(1)", std::atan(1)},   {"pi", std::numbers::pi},      {"e", std::numbers::e},        {"kelvin", -273.15},
      {"boltz/echarge", 1.380649e-23 / 1.602176634e-19},            {"EXP(0)", 1},                 {"exp(100)", std::exp(100)}};
  for (const auto& [text, value] : cases) CHECK(constant(text) == Approx(value).epsilon(1e-15).margin(1e-300));
}

TEST_CASE("atan2 knows all quadrants", "[sim][expression]") {
  for (double a = -3.0; a <= 3.1; a += 0.25)
    CHECK(at("atan2(v(y),v(x))", {std::sin(a), std::cos(a)}) == Approx(a).epsilon(1e-14));
}

TEST_CASE("table holds its ends and pwl continues them", "[sim][expression]") {
  for (const auto& [x, table, pwl] : std::vector<std::array<double, 3>>{{-1, 0, -2}, {0, 0, 0}, {0.5, 1, 1}, {1, 2, 2}, {1.5, 2.5, 2.5}, {2, 3, 3}, {4, 3, 5}}) {
    CHECK(at("table(v(a), 0,0, 1,2, 2,3)", {x}) == table);
    CHECK(at("pwl(v(a), 0,0, 1,2, 2,3)", {x}) == pwl);
  }
}

TEST_CASE("exp goes on as a straight line where it would overflow", "[sim][expression]") {
  const double edge = 1e99, x0 = std::log(edge);
  CHECK(at("exp(v(a))", {x0 - 1.0}) == Approx(std::exp(x0 - 1.0)).epsilon(1e-13));
  CHECK(at("exp(v(a))", {x0 + 100.0}) == Approx(edge * 101.0).epsilon(1e-6));
  CHECK(std::isfinite(at("exp(v(a))", {1e6})));
}

TEST_CASE("names of nodes and devices are raw text", "[sim][expression]") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
      {"v(in+)", {"in+"}},       {"V( IN1+ , IN1- )", {"in1+", "in1-"}}, {"v(net-(r1-pad1))", {"net-(r1-pad1)"}}, {"v(d[3])", {"d[3]"}},
      {"v(x1:n)", {"x1:n"}},     {"v(a/b)", {"a/b"}},                    {"v(d<3>)", {"d<3>"}},                   {"v(1)", {"1"}},
      {"i(v.x1.v1)", {"v.x1.v1"}}, {"@m1[gm]", {"m1", "gm"}},            {"v(a.b,0)", {"a.b", "0"}}};
  for (const auto& [text, names] : cases) {
    INFO(text);
    const ParsedExpression parsed = in_circuit(text + "*2+1");
    REQUIRE(parsed.problems.empty());
    REQUIRE(parsed.expression.inputs().size() == 1);
    CHECK(parsed.expression.inputs()[0].names == names);
    CHECK(parsed.expression.inputs()[0].offset == 0);
    CHECK(parsed.expression.inputs()[0].length == text.size());
  }
}

TEST_CASE("inputs are listed once and only if the value needs them", "[sim][expression]") {
  const Expression e = in_circuit("v(a)+V(A)*time + if(0, v(b), temper) + hertz").expression;
  REQUIRE(e.inputs().size() == 4);
  CHECK(e.inputs()[0].kind == Input::Kind::voltage);
  CHECK(e.inputs()[1].kind == Input::Kind::time);
  CHECK(e.inputs()[2].kind == Input::Kind::temperature);
  CHECK(e.inputs()[3].kind == Input::Kind::frequency);
  CHECK_FALSE(e.constant());
}

TEST_CASE("vt is the thermal voltage", "[sim][expression]") {
  CHECK(at("vt", {26.85}) == Approx(0.025851999786435).epsilon(1e-12));  // k 300 K / q with the exact SI constants
}

TEST_CASE("parameters and user functions are filled in", "[sim][expression]") {
  TableNames names;
  names.parameters = {{"a", 3.0}, {"e", 7.0}};
  names.functions = {{"f", {{"x", "y"}, "x*y+a"}}, {"g", {{"x"}, "f(x, x)+x"}}, {"one", {{}, "1"}}};
  CHECK(constant("a*2", names) == 6);
  CHECK(constant("e", names) == 7);  // a parameter goes before a constant
  CHECK(constant("f(2, 5)", names) == 13);
  CHECK(constant("G(2)", names) == 9);
  CHECK(constant("one()+1", names) == 2);
  CHECK(in_circuit("g(v(a))", names).expression.eval<double>(std::vector{2.0}) == 9);
}

TEST_CASE("a branch not taken may be undefined", "[sim][expression]") {
  CHECK(constant("if(0, 1/0, 5)") == 5);
  CHECK(at("v(a) > 0 ? log(v(a)) : -1", {-2.0}) == -1);
  const Expression e = in_circuit("v(a) > 0 ? sqrt(v(a)) : 3*v(a)").expression;
  std::vector<double> slope(1);
  CHECK(e.gradient<double>(std::vector{-2.0}, slope) == -6);
  CHECK(slope[0] == 3.0);
}

TEST_CASE("a domain error is NaN and is located", "[sim][expression]") {
  struct Case { std::string text; double input; std::size_t offset; std::string message; };
  for (const Case& c : std::vector<Case>{{"2+log(v(a))", -0.5, 2, "log(-0.5) has no real value"},
                                         {"1/v(a)", 0.0, 1, "division by zero"},
                                         {"v(a)^0.5+1", -4.0, 4, "pow(-4, 0.5) has no real value"},
                                         {"1+v(a)^-1", 0.0, 6, "0^-1"},
                                         {"sqrt(v(a))*0", -1.0, 0, "sqrt(-1)"},
                                         {"v(a) < log(-1)", 1.0, 7, "log(-1)"},
                                         {"mod(1, v(a))", 0.0, 0, "mod(1, 0)"}}) {
    INFO(c.text);
    const Expression e = in_circuit(c.text).expression;
    CHECK(std::isnan(e.eval<double>(std::vector{c.input})));
    const auto problem = e.locate_nan(std::vector{c.input});
    REQUIRE(problem);
    CHECK(problem->offset == c.offset);
    CHECK(problem->text.find(c.message) != std::string::npos);
  }
  CHECK_FALSE(in_circuit("v(a)").expression.locate_nan(std::vector{1.0}));
}

TEST_CASE("functions that compare or round are not complex-differentiable", "[sim][expression]") {
  const std::vector<std::pair<std::string, std::string>> cases{{"1+abs(v(a))", "abs"}, {"v(a)+min(v(a),1)", "min"}, {"if(v(a)>0,1,2)", "if"},
                                                               {"v(a)>0 ? 1 : 2", ">"}, {"floor(v(a))", "floor"},  {"v(a)%2", "%"},
                                                               {"sgn(v(a))", "sgn"},   {"pwr(v(a),2)", "pwr"},    {"!v(a)", "!"}};
  for (const auto& [text, name] : cases) {
    INFO(text);
    const auto offence = in_circuit(text).expression.not_holomorphic();
    REQUIRE(offence);
    CHECK(offence->text == name);
    CHECK(text.substr(offence->offset, offence->length) == name);
  }
  for (const char* text : {"tanh(v(a))*exp(v(b))+v(a)^3", "abs(-3)*v(a)", "if(1, v(a), abs(v(a)))", "sqrt(v(a))/ln(v(b))"})
    CHECK(in_circuit(text).expression.holomorphic());
}

TEST_CASE("each textual use of a random function is a fresh draw, and a stream gives the same again", "[sim][expression]") {
  const TableNames names, again;
  const double first = constant("gauss(1, 0.1, 3)", names);
  CHECK(constant("gauss(1, 0.1, 3)", names) != first);
  CHECK(constant("gauss(1, 0.1, 3)", again) == first);
  CHECK(constant("unif(1,0.5)-unif(1,0.5)", names) != 0.0);
}

TEST_CASE("random functions have the moments they state", "[sim][expression]") {
  struct Case { std::string text; double mean, deviation, fourth; };  // fourth: central moment over deviation^4
  constexpr int n = 20'000;
  const TableNames names;
  for (const Case& c : std::vector<Case>{{"gauss(10, 0.3, 3)", 10, 1, 3}, {"agauss(10, 6, 3)", 10, 2, 3}, {"gauss(2)", 0, 2, 3},
                                         {"unif(10, 0.1)", 10, 1 / std::sqrt(3.0), 1.8}, {"aunif(10, 2)", 10, 2 / std::sqrt(3.0), 1.8},
                                         {"mc(10, 0.1)", 10, 1 / std::sqrt(3.0), 1.8}, {"flat(3)", 0, std::sqrt(3.0), 1.8},
                                         {"rand()", 0.5, std::sqrt(1.0 / 12), 1.8}, {"limit(10, 2)", 10, 2, 1}}) {
    INFO(c.text);
    double sum = 0, squares = 0;
    for (int k = 0; k < n; ++k) {
      const double x = constant(c.text, names) - c.mean;
      sum += x, squares += x * x;
    }
    const double variance = c.deviation * c.deviation;
    CHECK(std::abs(sum / n) < 4 * c.deviation / std::sqrt(n));
    CHECK(std::abs(squares / n - variance) <= 4 * variance * std::sqrt((c.fourth - 1) / n) + 1e-12);
  }
}
