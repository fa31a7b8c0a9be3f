// Reading write models: names, bounds, words and files of their fields.
#include "circuits/write_models.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "circuits/deck_path.hpp"
#include "devices/kind.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

/// One name=value of a card.
struct Given {
  const ModelCard& model;
  const Scope& home;
  const Assignment& assignment;
  const CardValues& values;

  void error(std::string_view where, const std::string& text) const { home.error(model.card->where(where), text); }
};

bool mistaken(const Given& given, double value, const Field& field) {
  if (std::isnan(value)) return true;
  if (value >= field.lower && value <= field.upper && std::isfinite(value)) return false;
  const auto shown = [&](double bound) { return format_engineering(bound, field.unit); };
  const std::string range = field.upper == Field::unbounded   ? "at least " + shown(field.lower)
                            : field.lower == -Field::unbounded ? "at most " + shown(field.upper)
                                                               : shown(field.lower) + " to " + shown(field.upper);
  given.error(given.assignment.value, fmt::format("'{}' = {} of write model '{}' is out of range; it must be {}", field.name, shown(value), given.model.name, range));
  return true;
}

/// One of several words, or the place of one.
void choose(const Given& given, const WriteField& field, WriteValues& values) {
  const std::string_view word = unquoted(given.assignment.value);
  const auto found = std::find(field.choices.begin(), field.choices.end(), word);
  if (found != field.choices.end()) values.numbers[field.field.name] = static_cast<double>(found - field.choices.begin());
  else given.error(given.assignment.value, fmt::format("'{}' of write model '{}' is {}, not '{}'{}", field.field.name, given.model.name,
                                                       fmt::join(field.choices, " or "), word, suggest(word, field.choices)));
}

/// Relative to the deck's folder, or to where the program runs.
void take_file(const Given& given, const WriteField& field, WriteValues& values) {
  const Card& card = *given.model.card;
  const std::string name(card.line.original(unquoted(given.assignment.value)));
  if (!given.home.elaboration().deck.includes) return given.error(given.assignment.value, "files cannot be read here");
  values.files[field.field.name] = deck_path(card, name);
}

void take(const Given& given, WriteSetting& setting) {
  const std::string_view name = given.assignment.name;
  const WriteField* const field = setting.model->field(name);
  if (!field) {
    std::vector<std::string_view> names;
    for (const WriteField& f : setting.model->fields) names.emplace_back(f.field.name);
    return given.error(name, fmt::format("write model '{}' ({}) has no parameter '{}'{}; 'settle list writes {}' shows them", given.model.name,
                                         setting.model->name, name, suggest(name, names), setting.model->name));
  }
  if (!field->choices.empty()) return choose(given, *field, setting.values);
  if (field->file) return take_file(given, *field, setting.values);
  const double value = given.home.number(*given.model.card, given.assignment.value, {.card_values = &given.values, .owner = given.model.name});
  if (!mistaken(given, value, field->field)) setting.values.numbers[field->field.name] = value;
}

bool is_device_type(std::string_view type) {
  for (const auto& [name, kind] : Registry<Kind>::all())
    if (std::find(kind->model_types.begin(), kind->model_types.end(), type) != kind->model_types.end()) return true;
  return false;
}

}  // namespace

std::shared_ptr<const WriteSetting> WriteModels::find(const Scope& scope, const Card& card, std::string_view word) {
  const auto [model, home] = scope.find_model(word);
  if (model) {
    const auto [it, fresh] = known_.try_emplace({model, home});
    if (fresh) it->second = read(*model, *home);
    if (!find_write(model->type).model)
      scope.error(card.where(word), fmt::format("model '{}' is of type '{}', which is no write model{}; 'settle list writes' shows them", word, model->type,
                                                suggest(model->type, write_names())),
                  {{model->card->where(model->type), fmt::format("'{}' is defined here", word)}});
    return it->second;
  }
  WriteSetting setting = find_write(word);
  if (setting.model) return setting.name = word, std::make_shared<const WriteSetting>(std::move(setting));
  std::vector<std::string_view> names = write_names();
  for (const Definition* d = &scope.definition(); d; d = d->outer)
    for (const auto& [name, known] : d->models) names.push_back(name);
  scope.error(card.where(word), fmt::format("unknown write model '{}'{}; write .model {} soft_bounds(...), 'settle list writes' shows the others", word,
                                            suggest(word, names), word));
  return nullptr;
}

std::shared_ptr<const WriteSetting> WriteModels::read(const ModelCard& card, const Scope& home) {
  WriteSetting setting = find_write(card.type);
  if (!setting.model) return nullptr;
  setting.name = card.name;
  const CardValues values{card.values, {}};
  for (const Assignment& a : card.values) take({card, home, a, values}, setting);
  try {
    setting.make(0, {});
  } catch (const Error& error) {
    home.error(card.card->where(card.name), fmt::format("write model '{}': {}", card.name, error.what()));
    return nullptr;
  }
  return std::make_shared<const WriteSetting>(std::move(setting));
}

void WriteModels::check_all(const Scope& scope) {
  for (const auto& [name, card] : scope.definition().models) {
    if (is_device_type(card.type) || !find_write(card.type).model) continue;
    const auto [it, fresh] = known_.try_emplace({&card, &scope});
    if (fresh) it->second = read(card, scope);
  }
}

}  // namespace settle
