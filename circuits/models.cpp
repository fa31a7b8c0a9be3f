// Choosing the kind behind a model by type and level, and reading its parameters.
#include "circuits/models.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

/// Other names SPICE programs have for the same parameter.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> aliases{{{"resistance", "r"},
                                                                                 {"capacitance", "c"},
                                                                                 {"cap", "c"},
                                                                                 {"inductance", "l"},
                                                                                 {"ind", "l"},
                                                                                 {"vt0", "vto"},
                                                                                 {"vto", "vt0"},
                                                                                 {"cj", "cjo"},
                                                                                 {"cj0", "cjo"},
                                                                                 {"pb", "vj"},
                                                                                 {"k", "coupling"},
                                                                                 {"xo", "x0"}}};

std::set<std::string> types_of(const std::vector<const Kind*>& kinds) {
  std::set<std::string> types;
  for (const Kind* kind : kinds) types.insert(kind->model_types.begin(), kind->model_types.end());
  return types;
}

bool has(const auto& list, const auto& item) { return std::find(list.begin(), list.end(), item) != list.end(); }

}  // namespace

std::size_t find_field(const Kind& kind, std::string_view name, bool in_model) {
  std::size_t k = in_model ? kind.model_field_index(name) : kind.field_index(name);
  for (auto alias = aliases.begin(); k == std::string::npos && alias != aliases.end(); ++alias)
    if (alias->first == name) k = kind.field_index(alias->second);
  return k;
}

std::string range_text(const Field& field) {
  const auto shown = [&](double value) { return format_engineering(value, field.unit); };
  if (field.upper == Field::unbounded) return fmt::format("at least {}", shown(field.lower));
  if (field.lower == -Field::unbounded) return fmt::format("at most {}", shown(field.upper));
  return fmt::format("{} to {}", shown(field.lower), shown(field.upper));
}

const std::vector<const Kind*>& kinds_of(char letter) {
  static const std::map<char, std::vector<const Kind*>> by_letter = [] {
    std::map<char, std::vector<const Kind*>> map;
    for (const auto& [name, kind] : Registry<Kind>::all()) map[kind->letter].push_back(kind.get());
    return map;
  }();
  static const std::vector<const Kind*> none;
  const auto it = by_letter.find(letter);
  return it == by_letter.end() ? none : it->second;
}

const std::vector<const Kind*>& kinds_of_type(std::string_view type) {
  static const std::map<std::string, std::vector<const Kind*>, std::less<>> by_type = [] {
    std::map<std::string, std::vector<const Kind*>, std::less<>> map;
    for (const auto& [name, kind] : Registry<Kind>::all())
      for (const std::string& each : kind->model_types) map[each].push_back(kind.get());
    return map;
  }();
  static const std::vector<const Kind*> none;
  const auto it = by_type.find(type);
  return it == by_type.end() ? none : it->second;
}

void set_field(const Scope& scope, const Kind& kind, const GivenField& given, std::map<std::string, double>& values) {
  const std::size_t k = find_field(kind, given.name, !given.sort.empty());
  const auto owner = [&] { return fmt::format("{}'{}' ({})", given.sort, given.owner, kind.name); };
  if (k == std::string::npos) {
    std::vector<std::string_view> names;
    for (const Field& f : kind.fields) names.push_back(f.name);
    return scope.warning(given.card.where(given.name),
                         fmt::format("{} has no parameter '{}', so it is ignored{}", owner(), given.name, suggest(given.name, names)));
  }
  if (std::isnan(given.value)) return;
  const Field& f = kind.fields[k];
  if (given.value < f.lower || given.value > f.upper || std::isinf(given.value))
    return scope.error(given.card.where(given.value_text), fmt::format("'{}' = {} of {} is out of range; it must be {}", given.name,
                                                                       format_engineering(given.value, f.unit), owner(), range_text(f)));
  values[f.name] = given.value;
}

const Model* Models::find(const Scope& scope, const Card& card, std::string_view word, const std::vector<const Kind*>& kinds) {
  const auto [model, home] = scope.find_model(word);
  if (!model || kinds.empty()) return nullptr;
  const auto [it, fresh] = known_.try_emplace({model, home, kinds.front()});
  if (fresh) it->second = read(*model, *home, kinds);
  if (it->second.foreign)
    scope.error(card.where(word), fmt::format("model '{}' is of type '{}', but {} needs {}", word, model->type, card.words[0], fmt::join(types_of(kinds), " or ")),
                {{model->card->where(model->type), fmt::format("'{}' is defined here", word)}});
  return &it->second;
}

const Kind* Models::choose(const ModelCard& card, const Scope& home, const std::vector<const Kind*>& kinds, bool& foreign) const {
  std::set<std::string> levels;
  const std::set<std::string> types = types_of(kinds);
  double level = 1.0;
  bool has_level = false;
  for (const Assignment& a : card.values)
    if (a.name == "level") level = home.number(*card.card, a.value), has_level = true;
  const Kind* found = nullptr;
  for (const Kind* kind : kinds) {
    if (!has(kind->model_types, card.type)) continue;
    for (int l : kind->levels) levels.insert(fmt::format("{} ({})", l, kind->name));
    const bool fits = kind->levels.empty() || card.type == kind->name || has(kind->levels, static_cast<int>(std::lround(std::clamp(level, -1e6, 1e6))));
    if (fits && (!found || found->levels.empty())) found = kind;
  }
  if (found) return found;
  if (!has(types, card.type)) {
    foreign = true;
  } else if (has_level && !std::isnan(level)) {
    const auto where = std::find_if(card.values.begin(), card.values.end(), [](const auto& a) { return a.name == "level"; })->value;
    home.error(card.card->where(where), fmt::format("there is no {} model of level {:g}; there is {}", card.type, level, fmt::join(levels, ", ")));
  }
  return nullptr;
}

Model Models::read(const ModelCard& card, const Scope& home, const std::vector<const Kind*>& kinds) const {
  Model model{nullptr, false, std::string(card.name), std::string(card.type), {}};
  model.kind = choose(card, home, kinds, model.foreign);
  if (!model.kind) return model;
  CardValues values{card.values, {}};
  const std::string owner = fmt::format("model {}{}", home.prefix(), card.name);
  for (const Assignment& a : card.values) {
    if (a.name == "level" && model.kind->field_index("level") == std::string::npos) continue;
    const double value = home.number(*card.card, a.value, {.card_values = &values, .owner = owner, .field = a.name});
    set_field(home, *model.kind, {"model ", card.name, a.name, a.value, *card.card, value}, model.values);
  }
  return model;
}

}  // namespace settle
