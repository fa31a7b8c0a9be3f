// Parser of expressions: names, calls, and the quantities of the circuit.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "sim/expression_own.hpp"
#include "sim/expression_parser.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

using Node = ExpressionParser::Node;

constexpr double echarge = 1.602176634e-19, boltz = 1.380649e-23;  // C, J/K: exact in the SI of 2019
constexpr double kelvin = -273.15;                                 // absolute zero in Celsius

constexpr std::array<std::pair<std::string_view, double>, 5> constants{
    {{"pi", std::numbers::pi}, {"e", std::numbers::e}, {"boltz", boltz}, {"echarge", echarge}, {"kelvin", kelvin}}};

constexpr std::array<std::pair<std::string_view, Input::Kind>, 5> changing{{{"time", Input::Kind::time},
                                                                           {"temper", Input::Kind::temperature},
                                                                           {"temp", Input::Kind::temperature},
                                                                           {"hertz", Input::Kind::frequency},
                                                                           {"freq", Input::Kind::frequency}}};

constexpr std::string_view not_in_parameters = "changes during a run, so a parameter cannot depend on it; use it in the expression of a B, E or G element";

template <class Table>
auto find_in(const Table& table, std::string_view name) {
  return std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.first == name; });
}

std::vector<std::string> function_names(const std::vector<std::string>& known) {
  std::vector<std::string> names = known;
  for (const auto& [name, f] : Functions::all())
    if (name.find('/') == std::string::npos) names.push_back(name);
  return names;
}

}  // namespace

Node ExpressionParser::name(const Token& token) {
  if (body_) {
    const auto formal = body_->formals.find(token.text);
    if (formal != body_->formals.end()) return formal->second;
  }
  if (const auto* own = dynamic_cast<const OwnQuantities*>(&parse_.names); own && own->owns(token.text))
    return parse_.builder.input(Input::Kind::device_quantity, {"", token.text}, place(token));
  if (const auto value = parse_.names.parameter(token.text)) return parse_.builder.constant(*value);
  const auto constant = find_in(constants, token.text);
  if (constant != constants.end()) return parse_.builder.constant(constant->second);
  return reserved(token);
}

/// Time, temperature and what follows from it.
Node ExpressionParser::reserved(const Token& token) {
  ExpressionBuilder& builder = parse_.builder;
  const auto input = find_in(changing, token.text);
  const bool in_circuit = parse_.use == ExpressionUse::circuit;
  if (input != changing.end() && in_circuit) return builder.input(input->second, {}, place(token));
  if (input != changing.end() && input->second != Input::Kind::temperature)
    return fail(token, fmt::format("'{}' {}", token.text, not_in_parameters));
  if (token.text != "vt") return unknown_name(token);
  const auto fixed = parse_.names.parameter("temper");
  if (!fixed && !in_circuit) return unknown_name(token);
  const Node celsius = fixed ? builder.constant(*fixed) : builder.input(Input::Kind::temperature, {}, place(token));
  const Node absolute = builder.operate(Operation::subtract, celsius, builder.constant(kelvin), place(token));
  return builder.operate(Operation::multiply, absolute, builder.constant(boltz / echarge), place(token));
}

Node ExpressionParser::unknown_name(const Token& token) {
  if (find_function(token.text, 1) || parse_.names.function(token.text))
    return fail(token, fmt::format("'{0}' is a function; write {0}(...)", token.text));
  std::vector<std::string> names = parse_.names.known();
  for (const auto& entry : constants) names.emplace_back(entry.first);
  for (const auto& entry : changing) names.emplace_back(entry.first);
  return fail(token, fmt::format("unknown parameter '{}'{}", token.text, suggest(token.text, names)));
}

std::vector<Node> ExpressionParser::arguments(const Token& open) {
  std::vector<Node> list;
  if (peek().is(")")) {
    take();
    return list;
  }
  list.push_back(expression(1));
  while (peek().is(",")) {
    take();
    list.push_back(expression(1));
  }
  close(open);
  return list;
}

Node ExpressionParser::call(const Token& name) {
  if (name.text == "v" || name.text == "i") return probe(name);
  const std::size_t problems = parse_.problems.size();
  const Token open = take();
  const std::vector<Node> list = arguments(open);
  // Once an argument is wrong, their number says nothing.
  const bool known = parse_.names.function(name.text) || find_function(name.text, 0);
  if (known && parse_.problems.size() > problems) return parse_.builder.constant(std::numeric_limits<double>::quiet_NaN());
  if (const UserFunction* function = parse_.names.function(name.text)) return inlined(name, *function, list);
  return built_in(name, list);
}

Node ExpressionParser::built_in(const Token& name, std::vector<Node> list) {
  const int count = static_cast<int>(list.size());
  const Function* function = find_function(name.text, count);
  if (!function) return fail(name, fmt::format("unknown function '{}'{}", name.text, suggest(name.text, function_names(parse_.names.known()))));
  if (!function->refusal.empty()) return fail(name, fmt::format("{}() is not available: {}", name.text, function->refusal));
  if (count < function->min_arguments || count > function->max_arguments)
    return fail(name, fmt::format("{}({}) takes {}, but has {}", name.text, function->arguments, argument_counts(name.text), count));
  if (function->tabulated && !check_table(name, list)) return list.front();
  const auto varies = [this](Node node) { return !parse_.builder.is_constant(node); };
  if (function->fixed_law && parse_.use == ExpressionUse::circuit && std::any_of(list.begin(), list.end(), varies))
    return fail(name, fmt::format("{}({}) takes constant numbers{}", name.text, function->arguments,
                                  function->draw == Draw::none ? "" : "; the form without lo and hi may depend on the circuit"));
  if (!draw(name, *function, list)) return list.empty() ? parse_.builder.constant(0.0) : list.front();
  return parse_.builder.call(*function, list, place(name));
}

bool ExpressionParser::draw(const Token& name, const Function& function, std::vector<Node>& list) {
  if (function.draw == Draw::none) return true;
  if (dynamic_cast<const OwnQuantities*>(&parse_.names)) {
    const std::string number = fmt::format("{} {}", function.draw == Draw::normal ? "normal" : "uniform", parse_.draws++);
    list.push_back(parse_.builder.input(Input::Kind::device_quantity, {"", number}, place(name)));
    return true;
  }
  Stream* stream = parse_.names.random();
  if (!stream) {
    fail(name, fmt::format("{}() draws a random number, which is not possible here", name.text));
    return false;
  }
  list.push_back(parse_.builder.constant(function.draw == Draw::normal ? stream->normal() : stream->uniform()));
  return true;
}

bool ExpressionParser::check_table(const Token& name, const std::vector<Node>& list) {
  const ExpressionBuilder& builder = parse_.builder;
  const auto problem = [&](const std::string& text) { fail(name, fmt::format("{}(x, x1, y1, ...) {}", name.text, text)); return false; };
  if (list.size() % 2 == 0) return problem(fmt::format("takes x and pairs of numbers, but the last pair is half ({} arguments)", list.size()));
  for (std::size_t k = 1; k < list.size(); ++k)
    if (!builder.is_constant(list[k])) return problem(fmt::format("takes constant points, but argument {} is not constant", k + 1));
  for (std::size_t k = 3; k < list.size(); k += 2) {
    const double before = builder.value(list[k - 2]), x = builder.value(list[k]);
    if (!(x > before) && !std::isnan(before + x)) return problem(fmt::format("takes points with rising x, but {} follows {}", x, before));
  }
  return true;
}

Node ExpressionParser::inlined(const Token& name, const UserFunction& function, const std::vector<Node>& list) {
  if (list.size() != function.formals.size())
    return fail(name, fmt::format("{}({}) takes {} argument{}, but has {}", name.text, fmt::join(function.formals, ", "), function.formals.size(),
                                  function.formals.size() == 1 ? "" : "s", list.size()));
  auto& calls = parse_.calls;
  if (std::find(calls.begin(), calls.end(), name.text) != calls.end())
    return fail(name, fmt::format("function '{}' calls itself ({} -> {})", name.text, fmt::join(calls, " -> "), name.text));
  Body body{.formals = {}, .call = place(name),
            .context = fmt::format("in {}({}) = {}: ", name.text, fmt::join(function.formals, ", "), function.body)};
  for (std::size_t k = 0; k < list.size(); ++k) body.formals[function.formals[k]] = list[k];
  calls.push_back(name.text);
  const Node result = ExpressionParser(parse_, function.body, &body).whole();
  calls.pop_back();
  return result;
}

/// v(node), v(node, node), i(device): inside, names are raw text, for nodes may be called in+ or net-(r1-pad1).
Node ExpressionParser::probe(const Token& name) {
  const Token open = take();
  const bool voltage = name.text == "v";
  std::vector<std::string> names;
  const std::size_t problems = parse_.problems.size();
  do {
    if (!names.empty()) take();
    names.push_back(probe_name(voltage));
  } while (peek().is(","));
  const Stretch where{name.offset, std::max(open.offset, peek().offset) + 1 - name.offset};
  close(open);
  if (names.size() > (voltage ? 2u : 1u)) fail(where, voltage ? "v( ) takes one node or two" : "i( ) takes one device");
  if (parse_.use == ExpressionUse::parameter)
    fail(where, fmt::format("{}({}) {}", name.text, fmt::join(names, ","), not_in_parameters));
  const bool failed = parse_.problems.size() > problems;
  if (failed) return parse_.builder.constant(std::numeric_limits<double>::quiet_NaN());
  return parse_.builder.input(voltage ? Input::Kind::voltage : Input::Kind::current, names, body_ ? body_->call : where);
}

std::string ExpressionParser::probe_name(bool voltage) {
  const Token raw = lexer_.take_raw();
  if (raw.text.empty()) fail(raw, fmt::format("the name of a {} is missing", voltage ? "node" : "device"));
  if (raw.text.find_first_of(" \t\r\n") != std::string::npos) fail(raw, fmt::format("'{}' is not one name; put a comma between two nodes", raw.text));
  return raw.text;
}

Node ExpressionParser::device_quantity() {
  const Token token = take();
  const std::size_t bracket = token.text.find('[');
  if (token.text.size() < 2 || token.text.back() != ']' || bracket == std::string::npos || bracket < 2 || bracket + 2 >= token.text.size())
    return fail(token, "a device quantity is written @device[parameter]");
  if (parse_.use == ExpressionUse::parameter)
    return fail(token, fmt::format("{} {}", token.text, not_in_parameters));
  const std::string device = token.text.substr(1, bracket - 1), parameter = token.text.substr(bracket + 1, token.text.size() - bracket - 2);
  return parse_.builder.input(Input::Kind::device_quantity, {device, parameter}, place(token));
}

}  // namespace settle
