// Parts of expressions against the same expressions on complex numbers.
#include "circuits/complex_pair.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace settle;

namespace {

BehaviouralText bound(const std::string& text) {
  const ParsedExpression parsed = parse_expression(text, NoNames(), ExpressionUse::circuit);
  INFO(text);
  REQUIRE(parsed.problems.empty());
  BehaviouralText result{parsed.expression, {}};
  for (const Input& input : parsed.expression.inputs()) result.inputs.push_back({InputSource::What::voltage, input.names[0], input.names.size() > 1 ? input.names[1] : ""});
  return result;
}

/// A netlist of two nodes a and b, so that a_q and b_q are free.
struct TwoRails {
  Sources sources;
  Diagnostics diagnostics{sources};
  Netlist netlist;
  RailNames names;
  TwoRails() : names((netlist.nodes = {"a", "b"}, netlist), diagnostics) {}
};

double part_at(const BehaviouralText& part, Complex a, Complex b) {
  const auto voltage = [&](const std::string& node) {
    return node == "a" ? a.real() : node == "a_q" ? a.imag() : node == "b" ? b.real() : node == "b_q" ? b.imag() : 0.0;
  };
  std::vector<double> inputs;
  for (const InputSource& input : part.inputs) inputs.push_back(voltage(input.plus) - voltage(input.minus));
  return part.expression.eval<double>(inputs);
}

/// The error a rounding of the arguments makes is allowed besides that of the value: 1e-13 (|f| + sum |z df/dz|), as an identity of two
/// orders of operations has it.
void compare(const std::string& text, Complex a, Complex b) {
  const TwoRails rails;
  const BehaviouralText whole = bound(text);
  ComplexPair pair(rails.names);
  const Pair parts = pair.parts(whole);
  const Complex found(part_at(pair.finish(parts.re, text), a, b), part_at(pair.finish(parts.im, text), a, b));
  std::vector<Complex> inputs, slopes;
  for (const InputSource& input : whole.inputs) inputs.push_back(input.plus == "a" ? a : b);
  slopes.resize(inputs.size());
  const Complex expected = whole.expression.gradient<Complex>(inputs, slopes);
  double size = std::abs(expected);
  for (std::size_t k = 0; k < inputs.size(); ++k) size += std::abs(inputs[k] * slopes[k]);
  CAPTURE(text, a, b, expected, found);
  REQUIRE(std::abs(found - expected) <= 1e-13 * size);
}

void compare_at_random(const std::string& text, double size, double turns, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> within(-1.0, 1.0);
  for (int trial = 0; trial < 300; ++trial) {
    const double shrunk = std::pow(10.0, 3.0 * (std::abs(within(random)) - 1.0));  // small arguments too
    compare(text, {size * shrunk * within(random), turns * shrunk * within(random)}, {size * within(random), turns * within(random)});
  }
}

}  // namespace

TEST_CASE("the parts of every analytic function are those of its complex value", "[circuits][dual_rail]") {
  int seen = 0;
  for (const auto& [name, f] : Functions::all()) {
    if (!f->holomorphic || f->draw != Draw::none || !f->refusal.empty()) continue;
    ++seen;
    const std::string text = name + (f->min_arguments == 2 ? "(v(a),v(b))" : "(v(a))");
    compare_at_random(text, 3.0, 3.0, 1);
  }
  CHECK(seen >= 22);
}

TEST_CASE("the parts of functions that saturate or settle are right for large arguments, too", "[circuits][dual_rail]") {
  for (const char* text : {"tanh(v(a))", "exp(v(a))", "sinh(v(a))", "cosh(v(a))", "1/(1+exp(-v(a)))", "ln(2+exp(v(a)))"}) compare_at_random(text, 150.0, 3.0, 2);
  for (const char* text : {"tanh(v(a))"}) compare_at_random(text, 1e4, 3.0, 3);
  for (const char* text : {"tan(v(a))", "sin(v(a))", "cos(v(a))"}) compare_at_random(text, 3.0, 150.0, 4);
  for (const char* text : {"sqrt(v(a))", "ln(v(a))", "log10(v(a))", "atan(v(a))", "asinh(v(a))", "acosh(v(a))", "atanh(v(a))", "asin(v(a))", "acos(v(a))", "hypot(v(a),v(b))",
                           "atan2(v(a),v(b))", "pow(v(a),0.3)"})
    compare_at_random(text, 1e6, 1e6, 5);
}

TEST_CASE("the parts of sums, products, quotients and powers are right", "[circuits][dual_rail]") {
  for (const char* text : {"v(a)+v(b)", "v(a)-v(b)", "v(a)*v(b)", "v(a)/v(b)", "-v(a)", "3*v(a)-2", "1/v(a)", "v(a)^2", "v(a)^3", "v(a)^4", "v(a)^5", "v(a)^17", "v(a)^-3",
                           "v(a)^0.5", "v(a)^-1.5", "2^v(a)", "pow(v(a),v(b))", "(v(a) > v(b) ? sin(v(a)) : v(b)^2)", "sqr(v(a))*v(a)"})
    compare_at_random(text, 3.0, 3.0, 6);
}

TEST_CASE("a part that vanishes is the number 0", "[circuits][dual_rail]") {
  const TwoRails rails;
  ComplexPair pair(rails.names);
  CHECK(pair.arithmetic().real(pair.parts(bound("sin(2)*ln(3)+v(0)"))));
  CHECK_FALSE(pair.arithmetic().real(pair.parts(bound("sin(2)*v(a)"))));
}

TEST_CASE("a function without complex parts is named", "[circuits][dual_rail]") {
  const TwoRails rails;
  ComplexPair pair(rails.names);
  CHECK_THROWS_WITH(pair.parts(bound("floor(v(a))")), Catch::Contains("floor(x)"));
}
