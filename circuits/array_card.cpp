// Reading a crossbar card: nodes, wires, faults; its devices are in array_card_devices.cpp.
#include "circuits/array_card.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/array_faults.hpp"
#include "circuits/bus.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

/// "in[0:7]+bias": where a '+' joins buses, it stands outside of brackets with a name on either side.
std::vector<std::string_view> joined_parts(std::string_view word) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t k = 0; k < word.size(); ++k) {
    if (word[k] == '[') ++depth;
    if (word[k] == ']') --depth;
    if (word[k] != '+' || depth != 0 || k == begin || k + 1 == word.size()) continue;
    parts.push_back(word.substr(begin, k - begin));
    begin = k + 1;
  }
  parts.push_back(word.substr(begin));
  return parts;
}

}  // namespace

ArrayCard::ArrayCard(Expander& expander, const Card& card, const Scope& scope)
    : expander_(expander), card_(card), scope_(scope), words_(scope, card), reader_(expander, card, scope, shape_),
      errors_before_(scope.elaboration().diagnostics.errors()) {}

void ArrayCard::read() {
  if (words_.columns.empty()) return;
  words_.check();
  array_.name = scope_.device(words_.name);
  array_.where = card_.where(words_.name);
  if (may_be_bus(words_.name)) return error(words_.name, "a crossbar is an array already; to have several put it into a subcircuit and make an array of instances");
  if (scope_.multiplier != 1.0) return error(words_.name, fmt::format("'{}' cannot be multiplied by m = {:g} of its subcircuit", array_.name, scope_.multiplier));
  if (!lines()) return;
  wires();
  if (!devices()) return;
  faults();
  write_model();
  if (scope_.elaboration().diagnostics.errors() == errors_before_) expander_.add(std::move(array_), scope_);
}

bool ArrayCard::bus(std::string_view word, std::vector<std::string>& nodes, std::vector<Location>& where) {
  for (std::string_view part : joined_parts(word)) {
    if (part.find('*') != std::string_view::npos || part.back() == '+')
      return error(part, fmt::format("'{}' is no bus; write a range, name[first:last], or buses joined as a[0:3]+b", part)), false;
    std::vector<std::string> names{std::string(part)};
    if (part.find(':') != std::string_view::npos && may_be_bus(part)) {
      const std::optional<Bus> range = read_bus(scope_, card_, part, scope_.elaboration().deck.most_instances);
      if (!range) return false;
      names.clear();
      for (std::size_t k = 0; k < range->width(); ++k) names.push_back(range->name(k));
    }
    for (const std::string& name : names) {
      nodes.push_back(expander_.add_node(scope_.node(name), card_.where(part)));
      where.push_back(card_.where(part));
    }
  }
  return true;
}

bool ArrayCard::lines() {
  std::vector<std::string> minus;
  std::vector<Location> minus_where;
  if (!bus(words_.rows, array_.rows, array_.row_where) || !bus(words_.columns, array_.columns, array_.column_where)) return false;
  if (!words_.word("gates").empty() && !bus(words_.word("gates"), array_.gates, array_.gate_where)) return false;
  if (!words_.word("minus").empty() && !bus(words_.word("minus"), minus, minus_where)) return false;
  if (!array_.gates.empty() && array_.gates.size() != array_.rows.size())
    error(words_.word("gates"), fmt::format("bus '{}' has {} nodes, but the crossbar has {} rows", words_.word("gates"), array_.gates.size(), array_.rows.size()));
  if (!minus.empty() && minus.size() != array_.columns.size())
    return error(words_.word("minus"), fmt::format("bus '{}' has {} nodes, but the crossbar has {} columns", words_.word("minus"), minus.size(), array_.columns.size())), false;
  shape_ = {array_.rows.size(), array_.columns.size(), words_.says("w") ? 2u : 1u};
  const std::size_t most = scope_.elaboration().deck.most_instances;
  if (static_cast<double>(shape_.rows) * static_cast<double>(shape_.width()) > static_cast<double>(most))
    return error(words_.name, fmt::format("'{}' has {} x {} crossings; at most {} are allowed", array_.name, shape_.rows, shape_.width(), most)), false;
  for (const std::string& node : minus)
    if (std::find(array_.columns.begin(), array_.columns.end(), node) != array_.columns.end())
      return error(words_.word("minus"), fmt::format("'{}' is a column of both signs, so its weights cancel; give minus= a bus of its own, or leave it out with ground=virtual", node)), false;
  columns_of_signs(minus, minus_where);
  return true;
}

/// A column of signed weights is two columns of crossings, plus and minus, side by side.
void ArrayCard::columns_of_signs(const std::vector<std::string>& minus, const std::vector<Location>& minus_where) {
  array_.virtual_ground = words_.choice("ground") == 1;
  double sign = words_.number("sign", 1.0);
  if (sign != 1.0 && sign != -1.0) error(words_.word("sign"), fmt::format("'sign' is 1 or -1, not {:g}", sign));
  if (shape_.split == 1) {
    if (array_.virtual_ground) array_.sign.assign(array_.columns.size(), sign);
    return;
  }
  const std::vector<std::string> plus = std::exchange(array_.columns, {});
  const std::vector<Location> plus_where = std::exchange(array_.column_where, {});
  for (std::size_t j = 0; j < plus.size(); ++j) {
    array_.columns.insert(array_.columns.end(), {plus[j], minus.empty() ? plus[j] : minus[j]});
    array_.column_where.insert(array_.column_where.end(), {plus_where[j], minus.empty() ? plus_where[j] : minus_where[j]});
    if (array_.virtual_ground) array_.sign.insert(array_.sign.end(), {sign, minus.empty() ? -sign : sign});
  }
}

void ArrayCard::wires() {
  for (const ArrayOption& option : array_options()) {
    if (!option.wire || !words_.says(option.name)) continue;
    const double value = words_.number(option.name, option.reciprocal ? std::numeric_limits<double>::infinity() : 0.0);
    array_.wires.*option.wire = option.reciprocal ? 1.0 / value : value;
  }
  constexpr std::array ends{FlatArray::first, FlatArray::last, FlatArray::both};
  constexpr std::array column_ends{FlatArray::last, FlatArray::first, FlatArray::both};
  array_.driven = ends[words_.choice("drive")];
  array_.sensed = column_ends[words_.choice("sense")];
}

void ArrayCard::faults() {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  const std::array<double, 2> reach = array_.cells.kind->weight.empty() ? std::array<double, 2>{nothing, nothing} : reader_.reach(array_.cells);
  array_.faults = FaultReader(scope_, card_, words_, shape_, array_.name).read(reach);
}

/// Of the cells, and of those of a pair's feedback.
void ArrayCard::write_model() {
  if (!words_.says("write")) return;
  const std::string_view word = words_.word("write");
  if (array_.cells.kind->weight.empty()) return error(word, fmt::format("{} has no conductance that could be written, so write= has no meaning", reader_.describe(array_.cells)));
  array_.cells.write = expander_.writes().find(scope_, card_, word);
  if (array_.back.kind) array_.back.write = array_.cells.write;
}

}  // namespace settle
