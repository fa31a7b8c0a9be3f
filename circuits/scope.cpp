// Parameters in the order of their dependence, names along the chain of calls, numbers and expressions in a scope.
#include "circuits/scope.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "circuits/value_names.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr std::size_t deepest_dependence = 150;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

bool is_ground(std::string_view node) { return node == "0" || node == "gnd"; }

Scope::Scope(Elaboration& elaboration, const Definition& definition, const Scope* caller, std::string prefix, Location call)
    : elaboration_(elaboration), definition_(definition), caller_(caller), prefix_(std::move(prefix)), call_(call) {
  for (const DefinedValue& formal : definition.formals) define(formal);
  for (const DefinedValue& parameter : definition.parameters) define(parameter);
}

void Scope::define(const DefinedValue& value) {
  if (!is_name(value.name)) return error(value.card->where(value.name), fmt::format("'{}' cannot be the name of a parameter", value.name));
  Parameter& parameter = parameters_[value.name];
  if (parameter.defined && parameter.defined->value != value.value)
    warning(value.card->where(value.name), fmt::format("parameter '{}' is defined twice; this last definition counts", value.name),
            {{parameter.defined->card->where(parameter.defined->name), "it was defined here first"}});
  parameter.defined = &value;
}

bool Scope::give(std::string_view name, double value) {
  const auto it = parameters_.find(name);
  if (it == parameters_.end()) return false;
  it->second.value = value;
  it->second.state = Parameter::State::known;
  return true;
}

void Scope::evaluate_all() const {
  for (const DefinedValue& formal : definition_.formals) parameter(formal.name);
  for (const DefinedValue& defined : definition_.parameters) parameter(defined.name);
}

std::string Scope::node(std::string_view name) const {
  if (is_ground(name)) return "0";
  if (const auto port = ports_.find(name); port != ports_.end()) return port->second;
  if (elaboration_.deck.globals.count(name)) return std::string(name);
  return prefix_ + std::string(name);
}

const Scope& Scope::home(const Definition& of) const {
  const Scope* scope = this;
  while (&scope->definition_ != &of && scope->caller_) scope = scope->caller_;
  return *scope;
}

const Definition* Scope::find_subcircuit(std::string_view name) const {
  for (const Definition* d = &definition_; d; d = d->outer)
    if (const auto it = d->subcircuits.find(name); it != d->subcircuits.end()) return it->second.get();
  return nullptr;
}

std::pair<const ModelCard*, const Scope*> Scope::find_model(std::string_view name) const {
  for (const Definition* d = &definition_; d; d = d->outer)
    if (const auto it = d->models.find(name); it != d->models.end()) return {&it->second, &home(*d)};
  return {nullptr, nullptr};
}

std::optional<double> Scope::parameter(std::string_view name) const {
  for (const Scope* scope = this; scope; scope = scope->caller_)
    if (const auto it = scope->parameters_.find(name); it != scope->parameters_.end()) return scope->value_of(name, it->second);
  if (name == "temper" || name == "temp") return elaboration_.temperature;
  if (name == "tnom") return elaboration_.nominal_temperature;
  if (name == "seed") return static_cast<double>(elaboration_.seed);
  return {};
}

double Scope::value_of(std::string_view name, const Parameter& parameter) const {
  if (parameter.state == Parameter::State::known) return parameter.value;
  auto& under_way = elaboration_.evaluating;
  if (parameter.state == Parameter::State::evaluating) {
    report_cycle(name, parameter);
    parameter.value = nan;
  } else if (under_way.size() >= deepest_dependence) {
    error(parameter.defined->card->where(parameter.defined->name),
          fmt::format("more than {} parameters depend on one another in a chain; define them in the order of their use", deepest_dependence));
    parameter.value = nan;
  } else {
    parameter.state = Parameter::State::evaluating;
    under_way.emplace_back(this, parameter.defined->name);
    const std::string owner = fmt::format("param {}{}", prefix_, parameter.defined->name);
    const double value = number(*parameter.defined->card, parameter.defined->value, {.owner = owner, .field = "value"});
    under_way.pop_back();
    parameter.value = parameter.state == Parameter::State::known ? nan : value;
  }
  parameter.state = Parameter::State::known;
  return parameter.value;
}

void Scope::report_cycle(std::string_view name, const Parameter& parameter) const {
  std::string chain;
  const auto& under_way = elaboration_.evaluating;
  std::size_t k = under_way.size();
  while (k > 0 && !(under_way[k - 1].first == this && under_way[k - 1].second == name)) --k;
  for (k = k > 0 ? k - 1 : 0; k < under_way.size(); ++k) chain += fmt::format("{} -> ", under_way[k].second);
  error(parameter.defined->card->where(parameter.defined->name), fmt::format("parameter '{}' depends on itself: {}{}", name, chain, name));
}

const UserFunction* Scope::function(std::string_view name) const {
  for (const Scope* scope = this; scope; scope = scope->caller_)
    for (const Definition* d = &scope->definition_; d; d = d->outer)
      if (const auto it = d->functions.find(name); it != d->functions.end()) return &it->second.function;
  return nullptr;
}

std::vector<std::string> Scope::known() const {
  std::vector<std::string> names;
  for (const Scope* scope = this; scope; scope = scope->caller_) {
    for (const auto& [name, value] : scope->parameters_) names.emplace_back(name);
    for (const auto& [name, f] : scope->definition_.functions) names.emplace_back(name);
  }
  return names;
}

std::map<std::string, double> Scope::values() const {
  std::map<std::string, double> all;
  for (const auto& [name, parameter] : parameters_) all.emplace(name, value_of(name, parameter));
  return all;
}

double Scope::number(const Card& card, std::string_view text, const ValueContext& context) const {
  const std::string_view bare = unquoted(text);
  if (const ParsedNumber plain = parse_number(bare); plain.length > 0 && plain.length == bare.size()) {
    if (plain.problem) return error(card.where(bare), *plain.problem), nan;
    if (plain.warning && !plain.infix_scale) warning(card.where(bare), *plain.warning);
    if (plain.infix_scale && !context.infix)
      return error(card.where(bare), fmt::format("'{}' is only understood as the value of R, C and L; write {}", bare, format_exact(plain.value))), nan;
    if (plain.infix_scale) elaboration_.diagnostics.note(card.where(bare), plain.warning.value_or(""));
    return plain.value;
  }
  if (!context.indices && is_name(bare))
    if (const auto value = parameter(bare)) return *value;
  return parsed(card, text, context, ExpressionUse::parameter).expression.constant().value_or(nan);
}

Expression Scope::expression(const Card& card, std::string_view text, const ValueContext& context) const {
  return parsed(card, text, context, ExpressionUse::circuit).expression;
}

ParsedExpression Scope::parsed(const Card& card, std::string_view text, const ValueContext& context, ExpressionUse use) const {
  const std::string_view bare = unquoted(text);
  if (unclosed(bare)) return parse_expression("0", NoNames(), use);  // reported when the card was taken into words
  if (bare.empty()) {
    error(card.where(text), text.empty() ? "a value is missing here" : "this expression is empty");
    return parse_expression("0/0", NoNames(), use);
  }
  const ValueNames names(*this, card, context, use, bare);
  ParsedExpression result = parse_expression(bare, names, use);
  const auto place = [&](const Problem& p) {
    const std::size_t offset = std::min(p.offset, bare.size());
    return card.where(bare.substr(offset, std::max<std::size_t>(1, p.length)));
  };
  for (const Problem& problem : result.problems) error(place(problem), problem.text);
  for (const Problem& problem : result.warnings) warning(place(problem), problem.text);
  return result;
}

void Scope::add_trace(std::vector<Note>& notes) const {
  for (const Scope* scope = this; scope->caller_; scope = scope->caller_) {
    const Definition& d = scope->definition_;
    const std::string name = scope->prefix_.substr(0, scope->prefix_.size() - 1);
    notes.push_back({scope->call_, fmt::format("in instance {} of subckt '{}', defined at {}", name, d.name,
                                               elaboration_.diagnostics.place(d.card->where(std::size_t{1})))});
  }
}

void Scope::error(Location where, const std::string& text, std::vector<Note> notes) const {
  add_trace(notes);
  elaboration_.diagnostics.error(where, text, std::move(notes));
}

void Scope::warning(Location where, const std::string& text, std::vector<Note> notes) const {
  add_trace(notes);
  elaboration_.diagnostics.warning(where, text, std::move(notes));
}

std::vector<std::string> Scope::path() const {
  std::vector<std::string> names;
  for (const Scope* scope = this; scope->caller_; scope = scope->caller_) names.push_back(scope->prefix_.substr(0, scope->prefix_.size() - 1));
  return {names.rbegin(), names.rend()};
}

}  // namespace settle
