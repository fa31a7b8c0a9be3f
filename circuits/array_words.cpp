// Taking a crossbar card apart.
#include "circuits/array_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

std::string range_text(const ArrayOption& option) {
  if (std::isinf(option.upper)) return fmt::format("at least {}", format_engineering(option.lower, option.unit));
  return fmt::format("{} to {}", format_engineering(option.lower, option.unit), format_engineering(option.upper, option.unit));
}

}  // namespace

ArrayWords::ArrayWords(const Scope& scope, const Card& card) : scope_(scope), card_(card) { take(); }

void ArrayWords::take() {
  const auto assigned = [&](std::size_t k) { return k + 1 < card_.words.size() && card_.words[k + 1] == "="; };
  std::vector<std::string_view> positional;
  for (std::size_t k = 1; k < card_.words.size(); ++k) {
    if (assigned(k)) take_option(k);
    else if (card_.words[k] == "=") scope_.error(card_.where(k), "there is no name before this '='");
    else positional.push_back(card_.words[k]);
  }
  const std::vector<std::string_view*> places{&name, &rows, &columns, &model};
  for (std::size_t k = 0; k < positional.size(); ++k) {
    if (k < places.size()) *places[k] = positional[k];
    else scope_.error(card_.where(positional[k]), fmt::format("the crossbar has no use for '{}': Ycrossbar name rows columns [model] option=value ...", positional[k]));
  }
  if (columns.empty())
    scope_.error(card_.where(card_.words.size()), fmt::format("the {} missing: Ycrossbar name rows columns [model] option=value ...",
                                                              name.empty() ? "name is" : rows.empty() ? "nodes of the rows are" : "nodes of the columns are"));
}

/// Leaves `k` at the last word of the option.
void ArrayWords::take_option(std::size_t& k) {
  GivenOption given{card_.words[k], {}, find_array_option(card_.words[k])};
  k += 2;
  if (k >= card_.words.size() || card_.words[k] == "=")
    return scope_.error(card_.where(given.name), fmt::format("a value is missing behind '{} ='", given.name));
  given.values.push_back(card_.words[k]);
  const bool list = given.option && given.option->form == ArrayOption::Form::faults;
  const auto more = [&] { return k + 1 < card_.words.size() && !(k + 2 < card_.words.size() && card_.words[k + 2] == "="); };
  while (list && more()) given.values.push_back(card_.words[++k]);
  if (const GivenOption* before = find(given.name))
    return scope_.error(card_.where(given.name), fmt::format("'{}' is given twice", given.name), {{card_.where(before->name), "first here"}});
  given_.push_back(std::move(given));
}

const GivenOption* ArrayWords::find(std::string_view option) const {
  const auto found = std::find_if(given_.begin(), given_.end(), [&](const GivenOption& given) { return given.name == option; });
  return found == given_.end() ? nullptr : &*found;
}

std::string_view ArrayWords::word(std::string_view option) const {
  const GivenOption* given = find(option);
  return given ? given->values.front() : std::string_view();
}

bool ArrayWords::says(std::string_view option) const {
  const std::size_t equals = option.find('=');
  if (equals == std::string_view::npos) return find(option) != nullptr;
  return word(option.substr(0, equals)) == option.substr(equals + 1);
}

double ArrayWords::number(std::string_view asked, double otherwise) const {
  const GivenOption* given = find(asked);
  if (!given) return otherwise;
  const double value = scope_.number(card_, given->values.front(), {.owner = asked});
  if (std::isnan(value)) return otherwise;
  const ArrayOption& option = *given->option;
  if (value >= option.lower && value <= option.upper && !std::isinf(value)) return value;
  scope_.error(card_.where(given->values.front()), fmt::format("'{}' = {} is out of range; it must be {}", asked, format_engineering(value, option.unit), range_text(option)));
  return otherwise;
}

std::size_t ArrayWords::choice(std::string_view asked) const {
  const GivenOption* given = find(asked);
  if (!given) return 0;
  const auto& words = given->option->words;
  const auto found = std::find(words.begin(), words.end(), given->values.front());
  return found == words.end() ? 0 : static_cast<std::size_t>(found - words.begin());
}

/// The first of `conditions` that the card fulfils.
std::string_view ArrayWords::said_of(const std::vector<std::string>& conditions) const {
  const auto found = std::find_if(conditions.begin(), conditions.end(), [this](const std::string& condition) { return says(condition); });
  return found == conditions.end() ? std::string_view() : *found;
}

void ArrayWords::check() const {
  for (const GivenOption& given : given_)
    if (given.option) check(given);
}

void ArrayWords::check(const GivenOption& given) const {
  const ArrayOption& option = *given.option;
  if (option.form == ArrayOption::Form::word && std::find(option.words.begin(), option.words.end(), given.values.front()) == option.words.end())
    return scope_.error(card_.where(given.values.front()), fmt::format("'{}' is no {}; there is {}{}", given.values.front(), option.name, fmt::join(option.words, ", "),
                                                                       suggest(given.values.front(), option.words)));
  if (!option.needs.empty() && said_of(option.needs).empty())
    scope_.error(card_.where(given.name), fmt::format("'{}' has no effect without {}", option.name, fmt::join(option.needs, " or ")));
  if (const std::string_view other = said_of(option.excludes); !other.empty())
    scope_.error(card_.where(given.name), fmt::format("'{}' cannot stand beside '{}'", option.name, other));
}

}  // namespace settle
