// Reading the brackets of buses.
#include "circuits/bus.hpp"

#include <fmt/format.h>

#include <cmath>

namespace settle {
namespace {

std::string_view inside_brackets(std::string_view word) {
  const std::size_t open = word.find('[');
  if (open == std::string_view::npos || word.back() != ']') return {};
  return word.substr(open + 1, word.size() - open - 2);
}

std::vector<std::string_view> parts(std::string_view inside) {
  std::vector<std::string_view> all;
  for (std::size_t begin = 0;;) {
    const std::size_t comma = inside.find(',', begin);
    all.push_back(inside.substr(begin, std::min(comma, inside.size()) - begin));
    if (comma == std::string_view::npos) return all;
    begin = comma + 1;
  }
}

std::optional<long> whole(const Scope& scope, const Card& card, std::string_view text, const ValueContext& context) {
  const double value = scope.number(card, text, context);
  if (std::isnan(value)) return {};
  if (value == std::floor(value) && std::abs(value) < 1e9) return static_cast<long>(value);
  scope.error(card.where(text), fmt::format("an index must be a whole number, not {:g}", value));
  return {};
}

}  // namespace

std::size_t Bus::width() const {
  std::size_t product = 1;
  for (const BusRange& range : ranges) product *= range.width();
  return product;
}

std::vector<long> Bus::at(std::size_t k) const {
  std::vector<long> indices(ranges.size());
  for (std::size_t r = ranges.size(); r-- > 0; k /= ranges[r].width()) indices[r] = ranges[r].at(k % ranges[r].width());
  return indices;
}

std::string Bus::name(std::size_t k) const {
  std::string text(base);
  char before = '[';
  for (long index : at(k)) text += before + std::to_string(index), before = ',';
  return text + "]";
}

bool may_be_bus(std::string_view word) {
  const std::string_view inside = inside_brackets(word);
  return !inside.empty() && inside.find_first_not_of("0123456789") != std::string_view::npos;
}

std::optional<Bus> read_bus(const Scope& scope, const Card& card, std::string_view word, std::size_t widest) {
  const std::string_view inside = inside_brackets(word);
  if (inside.find(':') == std::string_view::npos) return {};
  Bus bus{word.substr(0, word.find('[')), {}};
  double width = 1.0;
  for (std::string_view part : parts(inside)) {
    BusRange range;
    if (const std::size_t equals = part.find('='); equals != std::string_view::npos) {
      range.index = part.substr(0, equals);
      if (!is_name(range.index)) return scope.error(card.where(part), fmt::format("'{}' cannot be the name of an index", range.index)), std::nullopt;
      part = part.substr(equals + 1);
    }
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == part.size())
      return scope.error(card.where(word), fmt::format("'{}' is not a range: name[first:last]", part)), std::nullopt;
    const auto first = whole(scope, card, part.substr(0, colon), {}), last = whole(scope, card, part.substr(colon + 1), {});
    if (!first || !last) return std::nullopt;
    range.first = *first, range.last = *last;
    width *= static_cast<double>(range.width());
    bus.ranges.push_back(range);
  }
  if (width > static_cast<double>(widest))
    return scope.error(card.where(word), fmt::format("'{}' has {:g} members; at most {} are allowed", word, width, widest)), std::nullopt;
  return bus;
}

std::string indexed_name(const Scope& scope, const Card& card, std::string_view word, const std::vector<IndexValue>& indices) {
  std::string name(word.substr(0, word.find('[')));
  char before = '[';
  for (std::string_view part : parts(inside_brackets(word))) {
    const auto index = part.empty() ? std::nullopt : whole(scope, card, part, {.indices = &indices});
    if (!index) return std::string(word);
    name += before + std::to_string(*index), before = ',';
  }
  return name + "]";
}

}  // namespace settle
