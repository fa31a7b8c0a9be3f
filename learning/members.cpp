// Reading ranges.
#include "learning/members.hpp"

#include <fmt/format.h>

#include <cmath>

#include "circuits/bus.hpp"
#include "learning/data_options.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

constexpr double most_members = 1e6;

[[noreturn]] void fail(const std::string& text) { throw Error(Fault::netlist, text); }

class Parameters final : public Names {
 public:
  explicit Parameters(const Netlist& netlist) : netlist_(netlist) {}
  std::optional<double> parameter(std::string_view name) const override {
    const auto it = netlist_.parameters.find(std::string(name));
    return it == netlist_.parameters.end() ? std::nullopt : std::optional(it->second);
  }
  std::vector<std::string> known() const override {
    std::vector<std::string> names;
    for (const auto& [name, value] : netlist_.parameters) names.push_back(name);
    return names;
  }

 private:
  const Netlist& netlist_;
};

long whole(std::string_view text, const Netlist& netlist) {
  const ParsedExpression parsed = parse_expression(std::string(unquoted(text)), Parameters(netlist), ExpressionUse::parameter);
  if (!parsed.problems.empty()) fail(fmt::format("'{}': {}", text, parsed.problems[0].text));
  const double value = parsed.expression.constant().value_or(0.5);
  if (value != std::floor(value) || std::abs(value) > 1e9) fail(fmt::format("'{}' is {:g}, but an index is a whole number", text, value));
  return static_cast<long>(value);
}

/// first:last, or one index.
BusRange range_of(std::string_view text, const Netlist& netlist) {
  const std::size_t colon = text.find(':');
  if (text.empty() || colon == 0 || colon + 1 == text.size()) fail(fmt::format("'{}' is not a range: first:last", text));
  BusRange range;
  range.first = whole(text.substr(0, colon), netlist);
  range.last = colon == std::string_view::npos ? range.first : whole(text.substr(colon + 1), netlist);
  return range;
}

}  // namespace

std::vector<std::string> bus_names(const std::string& word, const Netlist& netlist) {
  const std::size_t open = word.find('[');
  if (open == std::string::npos || word.back() != ']' || word.find('*') != std::string::npos) return {word};
  if (word.find(':', open) == std::string::npos && word.find_first_not_of("0123456789,", open + 1) == word.size() - 1) return {word};
  Bus bus{std::string_view(word).substr(0, open), {}};
  double width = 1.0;
  for (const std::string& part : split_list(word.substr(open + 1, word.size() - open - 2))) {
    bus.ranges.push_back(range_of(part, netlist));
    width *= static_cast<double>(bus.ranges.back().width());
  }
  if (bus.ranges.empty()) fail(fmt::format("'{}' has nothing in its brackets", word));
  if (width > most_members) fail(fmt::format("'{}' has {:g} members; at most {:g} are allowed", word, width, most_members));
  std::vector<std::string> names;
  for (std::size_t k = 0; k < bus.width(); ++k) names.push_back(bus.name(k));
  return names;
}

std::vector<Index> index_list(const std::string& text, const Netlist& netlist) {
  std::vector<Index> all;
  for (const std::string& part : split_list(text)) {
    const BusRange range = range_of(part, netlist);
    if (static_cast<double>(range.width()) + static_cast<double>(all.size()) > most_members) fail(fmt::format("{} names more than {:g} places", text, most_members));
    for (std::size_t k = 0; k < range.width(); ++k) all.push_back(range.at(k));
  }
  return all;
}

}  // namespace settle
