// R C L D M S W K and every registered letter: nodes, references, then values, a model and flags in any order.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

#include "circuits/device_card.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

bool begins_number(std::string_view word) {
  return !word.empty() && std::string_view("0123456789.+-{'\"").find(word[0]) != std::string_view::npos;
}

}  // namespace

void DeviceCard::plain(const std::vector<const Kind*>& kinds) {
  const Kind& first = *kinds.front();
  device_.kind = kinds.size() == 1 || first.model_types.empty() ? &first : nullptr;
  if (!nodes(first.terminals.size(), first.terminals)) return;
  next_nodes_ = next_;
  take_references(static_cast<std::size_t>(first.references));
  tail(kinds);
  need_model(kinds);
  finish();
}

void DeviceCard::tail(const std::vector<const Kind*>& kinds) {
  // A model decides the kind, so it is looked for first.
  for (std::size_t k = next_; k < card_.words.size() && device_.model.empty(); ++k) {
    const bool value = (k > 0 && card_.words[k - 1] == "=") || (k + 1 < card_.words.size() && card_.words[k + 1] == "=");
    if (!value && is_name_like(card_.words[k])) take_model(card_.words[k], kinds);
  }
  if (!device_.kind) device_.kind = kinds.size() == 1 ? kinds.front() : nullptr;
  if (!device_.kind && !done() && !at_assignment() && is_name_like(peek())) missing_model_ = peek();
  while (!done() && device_.kind) {
    if (at_assignment()) assignment();
    else positional(kinds);
  }
}

bool DeviceCard::is_name_like(std::string_view word) { return !word.empty() && word != "=" && std::string_view("{'\".+-").find(word[0]) == std::string_view::npos; }

bool DeviceCard::take_model(std::string_view word, const std::vector<const Kind*>& kinds) {
  const Model* model = expander_.models().find(scope_, card_, word, kinds);
  if (!model) return false;
  device_.model = model->name;
  device_.model_type = model->type;
  if (!model->kind) return failed_ = true;
  device_.kind = model->kind;
  device_.values.insert(model->values.begin(), model->values.end());
  return true;
}

/// A device whose kinds are told apart by models cannot do without one.
void DeviceCard::need_model(const std::vector<const Kind*>& kinds) {
  const Kind& first = *kinds.front();
  const bool optional = !first.principal.empty() && std::string_view("rcl").find(first.letter) != std::string_view::npos;
  if (failed_ || !device_.model.empty() || (card_.words[0][0] == 'y' && kinds.size() == 1)) return;
  if (optional) return need_value();
  if (first.model_types.empty()) return;
  failed_ = true;
  const std::string_view last = card_.words[std::min(next_nodes_, card_.words.size()) - 1];
  if (missing_model_.empty() && scope_.find_model(last).first)
    return scope_.error(device_.where, fmt::format("'{}' has {} of {} nodes before its model '{}'; it needs {}", device_.name, first.terminals.size() - 1,
                                                   first.terminals.size(), last, fmt::join(first.terminals, " ")));
  std::set<std::string> types;
  for (const Kind* kind : kinds) types.insert(kind->model_types.begin(), kind->model_types.end());
  std::vector<std::string_view> names;
  for (const Definition* d = &scope_.definition(); d; d = d->outer)
    for (const auto& [name, model] : d->models) names.push_back(name);
  if (missing_model_.empty())
    return scope_.error(device_.where, fmt::format("'{}' names no model; it needs the name of a .model of type {}", device_.name, fmt::join(types, " or ")));
  scope_.error(card_.where(missing_model_), fmt::format("unknown model '{}'{}", missing_model_, suggest(missing_model_, names)));
}

void DeviceCard::need_value() {
  if (has_principal_ || !device_.kind || device_.values.count(device_.kind->principal) || !device_.expressions.empty()) return;
  fail(card_.words[0], fmt::format("{} has no value: {}<name> node node value", describe(), device_.kind->letter));
}

void DeviceCard::assignment() {
  const std::string_view name = take();
  take();  // '='
  if (done() || peek() == "=") {
    scope_.error(card_.where(name), fmt::format("a value is missing behind '{} ='", name));
    return;
  }
  const std::string_view value = take();
  for (const Assignment& other : values_.list)
    if (other.name == name && other.name.data() < name.data())
      scope_.warning(card_.where(name), fmt::format("'{}' is given twice; the last value counts", name));
  if (name == "write") return write_model(value);
  if (name == "tc" || (name == "ic" && device_.kind->field_index("ic") == std::string::npos)) return list_assignment(name, value);
  if (mentions_circuit(value) && behavioural_value(value, name)) return;
  set(name, value);
}

/// write=NAME: how the device answers a requested change of its conductance.
void DeviceCard::write_model(std::string_view word) {
  if (device_.kind->weight.empty())
    return scope_.error(card_.where(word), fmt::format("{} has no conductance that could be written, so write= has no meaning", describe()));
  device_.write = expander_.writes().find(scope_, card_, unquoted(word));
}

/// tc=a,b is tc1, tc2; ic=a,b,c are the fields that begin with "ic".
void DeviceCard::list_assignment(std::string_view name, std::string_view value) {
  std::vector<std::string_view> fields;
  for (const Field& field : device_.kind->fields)
    if (name == "tc" ? field.name == "tc1" || field.name == "tc2" : std::string_view(field.name).substr(0, 2) == name) fields.push_back(field.name);
  if (fields.empty()) scope_.warning(card_.where(name), fmt::format("{} has no parameter '{}', so it is ignored", describe(), name));
  for (std::size_t k = 0;; value = take()) {
    if (!fields.empty()) set(fields[k++], value);
    const bool full = !fields.empty() && k == fields.size();
    if (full || done() || at_assignment() || !begins_number(peek())) return;
  }
}

bool DeviceCard::flag(std::string_view word) {
  if (word != "off" && word != "on") return false;
  const bool has = device_.kind->field_index(word) != std::string::npos;
  const bool opposite = word == "off" && device_.kind->field_index("on") != std::string::npos;
  if (has) set(word, word, 1.0);
  else if (opposite) set("on", word, 0.0);
  else scope_.warning(card_.where(word), fmt::format("{} has no flag '{}', so it is ignored", describe(), word));
  return true;
}

void DeviceCard::positional(const std::vector<const Kind*>& kinds) {
  const std::string_view word = take();
  if (word == "=") return scope_.error(card_.where(word), "there is no name before this '='");
  if (word == device_.model) return;
  if (flag(word)) return;
  const bool known_value = begins_number(word) || scope_.parameter(word).has_value();
  const bool wants_model = device_.model.empty() && !kinds.front()->model_types.empty();
  if (!known_value && wants_model && missing_model_.empty() && (kinds.front()->principal.empty() || is_name(word))) {
    missing_model_ = word;
    if (std::string_view("rcl").find(card_.words[0][0]) != std::string_view::npos) unknown_value(word);
    return;
  }
  principal(word);
}

void DeviceCard::unknown_value(std::string_view word) {
  std::vector<std::string> names = scope_.known();
  for (const Definition* d = &scope_.definition(); d; d = d->outer)
    for (const auto& [name, model] : d->models) names.emplace_back(name);
  scope_.error(card_.where(word), fmt::format("'{}' is neither a number, a parameter nor a model{}", word, suggest(word, names)));
  failed_ = true;
}

void DeviceCard::principal(std::string_view word) {
  const std::string& field = device_.kind->principal;
  if (field.empty() || has_principal_) {
    const std::string reason = field.empty() ? "" : fmt::format("; its {} was given before", field);
    return scope_.error(card_.where(word), fmt::format("{} has no use for '{}'{}", describe(), word, reason));
  }
  has_principal_ = true;
  if (mentions_circuit(word) && behavioural_value(word, field)) return;
  set(field, word);
}

/// R, C and L whose value depends on voltages. Returns false if the device has no such form.
bool DeviceCard::behavioural_value(std::string_view text, std::string_view field) {
  const std::string kind = device_.kind->name;
  if (kind == "resistor" && field == "r") {
    const std::string made = fmt::format("v({},{})/({})", card_.words[1], card_.words[2], unquoted(text));
    Expression expression = scope_.expression(card_, text, value_context());
    if (expression.inputs().empty()) return false;
    use_made_expression(false, made);
    return true;
  }
  if (kind == "capacitor" && (field == "q" || field == "charge")) {
    add_expression("behavioural_charge", scope_.expression(card_, text, value_context()), unquoted(text));
    return true;
  }
  const bool capacitor = kind == "capacitor" && field == "c", inductor = kind == "inductor" && field == "l";
  if (!capacitor && !inductor) return false;
  scope_.error(card_.where(text), capacitor ? "a capacitance that depends on voltages does not say where its charge is; write the charge: q={...}"
                                            : "an inductance that depends on the circuit is not supported");
  return failed_ = true;
}

/// K couples all inductors it names, pair by pair.
void DeviceCard::coupling() {
  if (!choose_kind("coupling")) return;
  std::vector<std::string_view> inductors;
  while (!done() && !at_assignment() && !begins_number(peek()) && !(inductors.size() >= 2 && next_ + 1 == card_.words.size())) inductors.push_back(take());
  if (inductors.size() < 2) return scope_.error(device_.where, fmt::format("'{}' couples two inductors or more: K<name> L1 L2 value", device_.name));
  if (done()) return scope_.error(device_.where, fmt::format("'{}' has no value: the coupling, 0 to 1", device_.name));
  while (!done()) {
    if (at_assignment()) assignment();
    else principal(take());
  }
  const FlatDevice all = device_;
  for (std::size_t a = 0; a < inductors.size(); ++a)
    for (std::size_t b = a + 1; b < inductors.size(); ++b) {
      device_ = all;
      if (inductors.size() > 2) device_.name += fmt::format("[{},{}]", a + 1, b + 1);
      couple(inductors[a], inductors[b]);
    }
}

void DeviceCard::couple(std::string_view a, std::string_view b) {
  expander_.forget_uses();
  refer(a);
  refer(b);
  finish();
}

}  // namespace settle
