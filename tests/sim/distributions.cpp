// Random functions of expressions: 10^5 draws against the law that each one states.
#include <catch2/catch.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "tests/support/expression_names.hpp"

using namespace settle;

namespace {

constexpr int draws = 100'000;

struct Law {
  std::string text;
  double mean, deviation;
  std::function<double(double)> below;  // probability of less than x
};

double normal_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
double density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi); }

/// Standard normal cut at a and b: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), section 13.10.1.
Law truncated_normal(const std::string& text, double mean, double sd, double lo, double hi) {
  const double a = (lo - mean) / sd, b = (hi - mean) / sd, part = normal_below(b) - normal_below(a);
  const double shift = (density(a) - density(b)) / part;
  const double variance = 1.0 + (a * density(a) - b * density(b)) / part - shift * shift;
  return {text, mean + sd * shift, sd * std::sqrt(variance), [=](double x) { return (normal_below((x - mean) / sd) - normal_below(a)) / part; }};
}

/// Median 10, cut at lo and hi: moments of exp(s z) over the cut normal by completing the square.
Law truncated_lognormal(const std::string& text, double median, double s, double lo, double hi) {
  const double a = std::log(lo / median) / s, b = std::log(hi / median) / s, part = normal_below(b) - normal_below(a);
  const auto moment = [=](double n) { return std::pow(median, n) * std::exp(0.5 * n * n * s * s) * (normal_below(b - n * s) - normal_below(a - n * s)) / part; };
  return {text, moment(1), std::sqrt(moment(2) - moment(1) * moment(1)),
          [=](double x) { return (normal_below(std::log(x / median) / s) - normal_below(a)) / part; }};
}

std::vector<Law> laws() {
  const double decades = std::log(1e3), s = 0.5, median = 10.0;
  const double log_mean = 999.0 / decades, log_square = 0.5 * (1e6 - 1.0) / decades;  // of 1 ... 1000
  const double lognormal_mean = median * std::exp(0.5 * s * s);
  return {{"uniform(-2, 3)", 0.5, 5.0 / std::sqrt(12.0), [](double x) { return (x + 2.0) / 5.0; }},
          {"loguniform(1u, 1m)", 1e-6 * log_mean, 1e-6 * std::sqrt(log_square - log_mean * log_mean), [=](double x) { return std::log(x / 1e-6) / decades; }},
          {"normal(5, 0.2)", 5.0, 0.2, [](double x) { return normal_below((x - 5.0) / 0.2); }},
          {"lognormal(10, 0.5)", lognormal_mean, lognormal_mean * std::sqrt(std::expm1(s * s)), [=](double x) { return normal_below(std::log(x / median) / s); }},
          truncated_normal("normal(5, 2, 4, 10)", 5.0, 2.0, 4.0, 10.0), truncated_normal("normal(0, 1, 6, 7)", 0.0, 1.0, 6.0, 7.0),
          truncated_lognormal("lognormal(10, 0.5, 5, 25)", 10.0, 0.5, 5.0, 25.0)};
}

double drawn(const std::string& text, const Names& names) {
  const ParsedExpression parsed = parse_expression(text, names, ExpressionUse::parameter);
  for (const Problem& p : parsed.problems) UNSCOPED_INFO(p.text);
  REQUIRE(parsed.problems.empty());
  return parsed.expression.constant().value();
}

std::string problem(const std::string& text, ExpressionUse use = ExpressionUse::parameter) {
  const ParsedExpression parsed = parse_expression(text, TableNames(), use);
  return parsed.problems.empty() ? "" : parsed.problems.front().text;
}

}  // namespace

TEST_CASE("distributions follow their law: mean, variance and distance of Kolmogorov and Smirnov", "[sim][random]") {
  for (const Law& law : laws()) {
    INFO(law.text);
    const TableNames names;
    std::vector<double> x(draws);
    for (double& value : x) value = drawn(law.text, names);
    double mean = 0.0, square = 0.0, fourth = 0.0, distance = 0.0;
    for (const double value : x) mean += value / draws;
    for (const double value : x) square += std::pow(value - mean, 2) / draws, fourth += std::pow(value - mean, 4) / draws;
    CHECK(std::abs(mean - law.mean) < 4.0 * law.deviation / std::sqrt(draws));
    CHECK(std::abs(square - law.deviation * law.deviation) < 4.0 * std::sqrt((fourth - square * square) / draws));
    std::sort(x.begin(), x.end());
    for (int k = 0; k < draws; ++k) {
      const double p = law.below(x[static_cast<std::size_t>(k)]);
      distance = std::max({distance, p - static_cast<double>(k) / draws, static_cast<double>(k + 1) / draws - p});
    }
    // 2 exp(-2 d^2 n) = 6.3e-5, the probability of four standard deviations.
    CHECK(distance < std::sqrt(0.5 * std::log(2.0 / 6.3e-5) / draws));
  }
}

TEST_CASE("distributions draw the same bits from the same stream", "[sim][random]") {
  for (const Law& law : laws()) {
    const TableNames one, two;
    for (int k = 0; k < 100; ++k) CHECK(drawn(law.text, one) == drawn(law.text, two));
  }
}

TEST_CASE("distributions without sense say so", "[sim][random]") {
  CHECK(problem("uniform(2, 1)") == "uniform(2, 1) has no real value");
  CHECK(problem("loguniform(0, 1)") == "loguniform(0, 1) has no real value");
  CHECK(problem("normal(0, -1)") == "normal(0, -1) has no real value");
  CHECK(problem("lognormal(-1, 1)") == "lognormal(-1, 1) has no real value");
  CHECK(problem("normal(0, 1, 2, 1)") == "normal(0, 1, 2, 1) has no real value");
  CHECK(problem("normal(0, 1, 50, 51)") == "normal(0, 1, 50, 51) has no real value");
  CHECK(problem("normal(v(a), 1, -1, 1)", ExpressionUse::circuit).find("takes constant numbers") != std::string::npos);
  CHECK(problem("normal(v(a), 1)", ExpressionUse::circuit).empty());
}
