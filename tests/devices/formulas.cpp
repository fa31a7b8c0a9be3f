// The equations a kind gives as text say what its equations do.
#include <catch2/catch.hpp>

#include "sim/expression.hpp"
#include "tests/devices/typical.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

class FieldValues final : public Names {
 public:
  explicit FieldValues(const Bench& bench) : bench_(bench) {}
  std::optional<double> parameter(std::string_view name) const override {
    const std::size_t k = bench_.kind().field_index(name);
    if (k == std::string::npos) return {};
    return bench_.element().field(0, k);
  }

 private:
  const Bench& bench_;
};

Index row_of(const Bench& bench, const std::string& name) {
  const std::vector<std::string>& terminals = bench.kind().terminals;
  const auto terminal = std::find(terminals.begin(), terminals.end(), name);
  if (terminal != terminals.end()) return bench.terminal(static_cast<std::size_t>(terminal - terminals.begin()));
  for (Index row = 0; row < bench.size(); ++row)
    if (bench.rows()[row].name == "d1#" + name) return row;
  throw std::logic_error("no quantity v(" + name + ")");
}

/// Of a terminal or, behind them, an internal node.
Index row_of(const Bench& bench, const Formula& formula, int place) {
  const std::size_t k = static_cast<std::size_t>(place), terminals = bench.kind().terminals.size();
  return k < terminals ? bench.terminal(k) : row_of(bench, formula.nodes.at(k - terminals));
}

double value(const Bench& bench, const std::string& text, const Block<double>& x) {
  const ParsedExpression parsed = parse_expression(text, FieldValues(bench), ExpressionUse::circuit);
  INFO(text);
  REQUIRE(parsed.problems.empty());
  std::vector<double> inputs;
  for (const Input& input : parsed.expression.inputs()) {
    REQUIRE(input.kind == Input::Kind::voltage);
    inputs.push_back(x(row_of(bench, input.names[0]), 0) - (input.names.size() > 1 ? x(row_of(bench, input.names[1]), 0) : 0.0));
  }
  return parsed.expression.eval<double>(inputs);
}

/// The rates of a device as its formula has them.
Block<double> rate_of_formula(const Bench& bench, const Formula& formula, double m, const Block<double>& x) {
  Block<double> f = Block<double>::Zero(bench.size(), 1);
  for (const Formula::Current& current : formula.currents) {
    const double i = m * value(bench, current.text, x);
    f(row_of(bench, formula, current.from), 0) -= i;
    f(row_of(bench, formula, current.to), 0) += i;
  }
  for (const Formula::Charge& charge : formula.charges) f(row_of(bench, charge.name), 0) = m * value(bench, charge.text, x) - x(row_of(bench, charge.name), 0);
  for (const Formula::State& state : formula.states) f(row_of(bench, state.name), 0) = value(bench, state.drift, x);
  return f;
}

void compare(const Setup& setup) {
  const Bench bench(setup);
  const Formula formula = bench.kind().formula(setup.values, setup.model_type, setup.environment);
  const auto m = setup.values.find("m");
  for (const Formula::State& state : formula.states) REQUIRE(bench.initial()(row_of(bench, state.name), 0) == state.initial);
  std::mt19937 random(41);
  for (int trial = 0; trial < 60; ++trial) {
    Block<double> x = random_point(bench, random, 0.0).real();
    if (trial % 3 == 0) x.topRows(static_cast<Index>(bench.terminals()) + 1) *= 0.1;  // also within thresholds
    const Block<double> expected = bench.rate(x), found = rate_of_formula(bench, formula, m == setup.values.end() ? 1.0 : m->second, x);
    CAPTURE(trial, x.transpose(), expected.transpose(), found.transpose());
    // ln(1 + e) of an expression rounds at 1e-16, which of a transistor's current far below threshold leaves 1e-27 A.
    const Block<double> close = ((found - expected).array().abs() < 1e-27).select(expected, found);
    REQUIRE(row_relative(close, expected) < 1e-9);  // powers by multiplication here, by logarithms there
  }
}

}  // namespace

TEST_CASE("a kind's equations as text are its equations", "[devices][conformance][formula]") {
  int seen = 0;
  for (const std::string& name : kinds()) {
    CAPTURE(name);
    Setup setup = typical(name);
    if (Registry<Kind>::find(name)->formula(setup.values, setup.model_type, setup.environment).currents.empty()) continue;
    ++seen;
    compare(setup);
    setup.values["m"] = 3.0;
    compare(setup);
  }
  REQUIRE(seen >= 12);
}

TEST_CASE("every window as text is the window", "[devices][formula]") {
  for (const double window : {0.0, 1.0, 2.0, 3.0, 5.0})
    for (const double p : {1.0, 2.0, 1.5}) {
      CAPTURE(window, p);
      compare({.kind = "hp", .values = {{"window", window}, {"p", p}, {"j", 0.9}, {"x0", 0.7}, {"edge", 0.2}}});
    }
  for (const char* kind : {"team", "vteam"})
    for (const double window : {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}) {
      CAPTURE(kind, window);
      compare({.kind = kind, .values = {{"window", window}, {"x0", 1.5e-9}, {"wc", 1e-9}, {"ivrelation", window == 2.0 ? 1.0 : 0.0}}});
    }
}
