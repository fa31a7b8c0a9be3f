// Derivatives of expressions: reverse sweep, dual numbers, complex step and differences agree, over every registered function.
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/expression.hpp"

using namespace settle;

namespace {

Expression parsed(const std::string& text) {
  const ParsedExpression out = parse_expression(text, NoNames(), ExpressionUse::circuit);
  INFO(text);
  REQUIRE(out.problems.empty());
  return out.expression;
}

/// Expressions of v(a) = 0.4 and v(b) = 0.3, and one of every function that takes plain numbers.
std::vector<std::string> samples() {
  std::vector<std::string> texts{"v(a)*v(b)-v(a)/v(b)", "v(a)^3+v(b)^-2", "v(a)^v(b)", "-v(a)+2*v(b)^2.5", "v(a)>v(b) ? v(a)^2 : v(b)",
                                 "tanh(3*v(a))*exp(-v(b)/0.0259)+sin(v(a)*v(b))", "min(v(a),v(b))*max(v(a),v(b),0.1)", "v(a)%v(b)",
                                 "table(v(a),0,0,1,v(b)*0+2)", "pwl(v(a)*v(b),0,1,0.1,3,0.2,4)"};
  texts[8] = "table(v(a)+v(b),0,0,0.5,2,1,7)";
  for (const auto& [key, f] : Functions::all()) {
    if (!f->refusal.empty() || f->draw != Draw::none || f->fixed_law || f->tabulated) continue;
    const std::string name = key.substr(0, key.find('/'));
    const std::string first = name == "acosh" ? "1+v(a)" : "v(a)";
    texts.push_back(f->min_arguments == 1 ? name + "(" + first + ")" : f->min_arguments == 2 ? name + "(v(a),v(b))" : name + "(v(a),v(b)-1,v(b)+1)");
  }
  return texts;
}

std::vector<double> inputs_of(const Expression& e) {
  std::vector<double> x;
  for (const Input& input : e.inputs()) x.push_back(input.names[0] == "a" ? 0.4 : 0.3);
  return x;
}

}  // namespace

TEST_CASE("the reverse sweep equals dual numbers and the complex step", "[sim][expression]") {
  for (const std::string& text : samples()) {
    INFO(text);
    const Expression e = parsed(text);
    const std::vector<double> x = inputs_of(e);
    std::vector<double> slopes(x.size());
    const double value = e.gradient<double>(x, slopes);
    REQUIRE(std::isfinite(value));
    CHECK(value == e.eval<double>(x));
    std::vector<Dual<double, 2>> duals;
    for (std::size_t k = 0; k < x.size(); ++k) duals.push_back(Dual<double, 2>::variable(x[k], static_cast<int>(k)));
    const Dual<double, 2> dual = e.eval<Dual<double, 2>>(duals);
    for (std::size_t k = 0; k < x.size(); ++k) {
      std::vector<Complex> z(x.begin(), x.end());
      z[k] += Complex(0.0, 1e-30);
      CHECK(slopes[k] == Approx(dual.slope[k]).epsilon(1e-13).margin(1e-13));
      CHECK(slopes[k] == Approx(e.eval<Complex>(z).imag() / 1e-30).epsilon(1e-12).margin(1e-12));
    }
  }
}

TEST_CASE("derivatives equal central differences", "[sim][expression]") {
  for (const std::string& text : samples()) {
    INFO(text);
    const Expression e = parsed(text);
    const std::vector<double> x = inputs_of(e);
    std::vector<double> slopes(x.size());
    e.gradient<double>(x, slopes);
    for (std::size_t k = 0; k < x.size(); ++k) {
      std::vector<double> up = x, down = x;
      up[k] += 1e-6, down[k] -= 1e-6;
      // Truncation ~ 1e-12 f''' / 6 and cancellation ~ 1e-16 / 1e-6.
      CHECK(slopes[k] == Approx((e.eval<double>(up) - e.eval<double>(down)) / 2e-6).epsilon(1e-7).margin(1e-8));
    }
  }
}

TEST_CASE("holomorphic expressions obey Cauchy and Riemann, and their complex gradient is the derivative", "[sim][expression]") {
  for (const std::string& text : samples()) {
    const Expression e = parsed(text);
    if (!e.holomorphic()) continue;
    INFO(text);
    std::vector<Complex> z;
    for (double x : inputs_of(e)) z.emplace_back(x, 0.2 * x);
    std::vector<Complex> slopes(z.size());
    e.gradient<Complex>(z, slopes);
    for (std::size_t k = 0; k < z.size(); ++k)
      for (const Complex h : {Complex(1e-6, 0.0), Complex(0.0, 1e-6)}) {
        std::vector<Complex> up = z, down = z;
        up[k] += h, down[k] -= h;
        const Complex difference = (e.eval<Complex>(up) - e.eval<Complex>(down)) / (2.0 * h);
        CHECK(std::abs(difference - slopes[k]) < 1e-7 * std::abs(slopes[k]) + 1e-8);
      }
  }
}

TEST_CASE("complex values on the real axis equal the real ones", "[sim][expression]") {
  for (const std::string& text : samples()) {
    INFO(text);
    const Expression e = parsed(text);
    const std::vector<double> x = inputs_of(e);
    const Complex value = e.eval<Complex>(std::vector<Complex>(x.begin(), x.end()));
    CHECK(value.real() == Approx(e.eval<double>(x)).epsilon(1e-13));
    CHECK(std::abs(value.imag()) < 1e-15);
  }
}

TEST_CASE("powers are exact at zero and at negative bases", "[sim][expression]") {
  const Expression cube = parsed("v(a)^3"), general = parsed("pow(v(a), v(b))");
  std::vector<double> slope(2);
  CHECK(cube.gradient<double>(std::vector{0.0}, slope) == 0.0);
  CHECK(slope[0] == 0.0);
  CHECK(cube.gradient<double>(std::vector{-2.0}, slope) == -8.0);
  CHECK(slope[0] == 12.0);
  CHECK(general.gradient<double>(std::vector{0.0, 2.0}, slope) == 0.0);
  CHECK(slope == std::vector{0.0, 0.0});
  CHECK(general.eval<double>(std::vector{-2.0, 3.0}) == -8.0);
}
