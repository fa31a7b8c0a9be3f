// E G F H B: linear, polynomial, tabulated and behavioural controlled sources. All that is not linear becomes one expression.
#include <fmt/format.h>

#include "circuits/device_card.hpp"
#include "circuits/value_names.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

bool is_value_word(std::string_view word) { return word == "value" || word == "vol" || word == "cur" || word == "v" || word == "i"; }

/// Exponents of all monomials of the next higher degree, in SPICE's order: the first variable's falls slowest.
void monomials(std::size_t variables, int degree, std::vector<int>& exponents, std::size_t first, std::vector<std::vector<int>>& all, std::size_t most) {
  if (all.size() >= most) return;
  if (first + 1 == variables) {
    exponents[first] = degree;
    all.push_back(exponents);
    return;
  }
  for (int power = degree; power >= 0; --power) {
    exponents[first] = power;
    monomials(variables, degree - power, exponents, first + 1, all, most);
  }
}

std::string polynomial_text(const std::vector<std::string>& variables, const std::vector<double>& coefficients) {
  std::vector<std::vector<int>> terms;
  for (int degree = 0; terms.size() < coefficients.size(); ++degree) {
    std::vector<int> exponents(variables.size(), 0);
    monomials(variables.size(), degree, exponents, 0, terms, coefficients.size());
  }
  std::string text;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    if (coefficients[k] == 0.0) continue;
    text += fmt::format("{}({})", text.empty() ? "" : "+", format_exact(coefficients[k]));
    for (std::size_t v = 0; v < variables.size(); ++v)
      if (terms[k][v] > 0) text += fmt::format("*{}^{}", variables[v], terms[k][v]);
  }
  return text.empty() ? "0" : text;
}

}  // namespace

void DeviceCard::controlled_by_voltage(bool voltage) {
  if (!nodes(2, {"p", "n"})) return;
  const std::string_view word = peek();
  if (word == "poly") return polynomial(voltage, false);
  if (word == "table") return table(voltage);
  if (is_value_word(word) && (at_assignment() || (next_ + 1 < card_.words.size() && card_.words[next_ + 1][0] == '{'))) return value_expression(voltage);
  if (word == "laplace" || word == "freq" || word == "chebyshev")
    return scope_.error(card_.where(word), fmt::format("{} is not supported; write the filter with R, L and C", word));
  if (!choose_kind(voltage ? "vcvs" : "vccs") || !nodes(2, {"cp", "cn"})) return;
  gain(peek());
}

void DeviceCard::controlled_by_current(bool voltage) {
  if (!nodes(2, {"p", "n"})) return;
  const std::string_view word = peek();
  if (word == "poly") return polynomial(voltage, true);
  if (is_value_word(word) && at_assignment()) return value_expression(voltage);
  if (!choose_kind(voltage ? "ccvs" : "cccs")) return;
  take_references(1);
  gain(peek());
}

void DeviceCard::gain(std::string_view word) {
  if (done()) return scope_.error(device_.where, fmt::format("{} has no gain", describe()));
  if (at_assignment() && (word == "gain" || word == "transconductance" || word == "transresistance")) take(), take();
  while (!done()) {
    if (at_assignment()) assignment();
    else principal(take());
  }
  finish();
}

void DeviceCard::behavioural() {
  if (!nodes(2, {"p", "n"})) return;
  const std::string_view word = peek();
  if ((word == "v" || word == "i") && at_assignment()) return value_expression(word == "v");
  scope_.error(done() ? device_.where : card_.where(word), fmt::format("'{}' needs v=expression or i=expression behind its nodes", device_.name));
}

/// Ybehavioural_current name p n value={...}
void DeviceCard::value_expression_of(const Kind& kind) {
  device_.kind = &kind;
  if (!nodes(kind.terminals.size(), kind.terminals)) return;
  if (done()) return scope_.error(device_.where, fmt::format("'{}' needs value={{expression}} behind its nodes", device_.name));
  if (at_assignment()) take(), take();
  const std::string_view text = done() ? std::string_view() : card_.rest(peek().data());
  if (text.empty()) return scope_.error(device_.where, "a value is missing");
  const std::size_t end = find_assignment(text, 0);
  add_expression(kind.name, scope_.expression(card_, trimmed_view(text.substr(0, end)), value_context()), unquoted(text.substr(0, end)));
  options_behind(text.substr(end));
  finish();
}

/// The expression reaches to the next name=value outside brackets.
void DeviceCard::value_expression(bool voltage) {
  const std::string_view word = take();
  const std::string_view before = peek() == "=" ? take() : word;
  const std::string_view text = trimmed_view(card_.rest(before.end()));
  if (text.empty()) return scope_.error(card_.where(word), fmt::format("an expression is missing behind '{} ='", word));
  const std::size_t end = find_assignment(text, 0);
  use_expression(voltage, trimmed_view(text.substr(0, end)));
  options_behind(text.substr(end));
  finish();
}

void DeviceCard::options_behind(std::string_view text) {
  if (!device_.kind) return;
  for (const Assignment& a : read_assignments(text, nullptr)) set(a.name, a.value);
}

void DeviceCard::use_expression(bool voltage, std::string_view text) {
  add_expression(voltage ? "behavioural_voltage" : "behavioural_current", scope_.expression(card_, text, value_context()), unquoted(text));
}

void DeviceCard::add_expression(const std::string& kind, Expression expression, std::string_view source) {
  if (!choose_kind(kind)) return;
  BehaviouralText text{std::move(expression), {}};
  expander_.read_inputs(text, scope_, card_, member_, source);
  device_.expressions.assign(1, std::move(text));
}

/// An expression that stands in no file; its nodes and devices are those of the card.
void DeviceCard::use_made_expression(bool voltage, const std::string& text) {
  const ParsedExpression parsed = parse_expression(text, ValueNames(scope_, card_, value_context(), ExpressionUse::circuit, card_.line.text), ExpressionUse::circuit);
  for (const Problem& problem : parsed.problems) fail(card_.words[0], problem.text);
  add_expression(voltage ? "behavioural_voltage" : "behavioural_current", parsed.expression, {});
}

/// table {x} = (x1,y1) (x2,y2) ...
void DeviceCard::table(bool voltage) {
  const std::string_view word = take();
  if (peek() == "=") take();
  if (done()) return scope_.error(card_.where(word), "usage: table {expression} = (x1,y1) (x2,y2) ...");
  const std::string_view argument = take();
  std::string text = fmt::format("table({}", unquoted(argument));
  std::vector<double> points;
  while (!done() && !at_assignment()) {
    const std::string_view value = take();
    if (value != "=") points.push_back(number(value));
  }
  if (points.size() < 2 || points.size() % 2) return scope_.error(card_.where(word), "a table needs pairs: table {expression} = (x1,y1) (x2,y2) ...");
  for (std::size_t k = 2; k < points.size(); k += 2)
    if (points[k] <= points[k - 2]) return scope_.error(card_.where(word), fmt::format("the x values of a table must increase; {:g} follows {:g}", points[k], points[k - 2]));
  for (double point : points) text += fmt::format(",{}", format_exact(point));
  if (scope_.expression(card_, argument, value_context()).inputs().empty())
    scope_.warning(card_.where(argument), "the argument of this table does not depend on the circuit");
  use_made_expression(voltage, text + ")");
  while (!done() && device_.kind) {
    if (at_assignment()) assignment();
    else take();
  }
  finish();
}

/// poly(n) and n pairs of nodes, or n sources; then the coefficients in SPICE's order.
void DeviceCard::polynomial(bool voltage, bool of_currents) {
  constexpr double most_variables = 100;
  const std::string_view word = take();
  const double count = done() ? 0.0 : number(take());
  if (!(count >= 1.0 && count <= most_variables && count == static_cast<int>(count)))
    return scope_.error(card_.where(word), "usage: poly(n) and a whole number n of controlling quantities");
  std::vector<std::string> variables;
  for (int k = 0; k < static_cast<int>(count); ++k) {
    std::string_view first = take_or_empty();
    std::string_view second = of_currents ? first : take_or_empty();
    if (second.empty()) return scope_.error(card_.where(word), fmt::format("poly({}) of '{}' names fewer than {} controlling quantities", count, device_.name, count));
    variables.push_back(of_currents ? fmt::format("i({})", first) : fmt::format("v({},{})", first, second));
  }
  std::vector<double> coefficients;
  while (!done() && !at_assignment()) coefficients.push_back(number(take()));
  if (coefficients.empty()) return scope_.error(card_.where(word), fmt::format("'{}' has no coefficients", device_.name));
  // With one variable and one coefficient SPICE means the slope.
  if (coefficients.size() == 1 && variables.size() == 1) coefficients.insert(coefficients.begin(), 0.0);
  use_made_expression(voltage, polynomial_text(variables, coefficients));
  while (!done() && device_.kind) {
    if (at_assignment()) assignment();
    else take();
  }
  finish();
}

}  // namespace settle
