// Choosing and setting the devices of an array.
#include "circuits/array_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

const std::vector<const Kind*>& all_kinds() {
  static const std::vector<const Kind*> kinds = [] {
    std::vector<const Kind*> list;
    for (const auto& [name, kind] : Registry<Kind>::all()) list.push_back(kind.get());
    return list;
  }();
  return kinds;
}

/// The least and the most a device conducts at zero volts, over the values its weight may take.
std::array<double, 2> reach_of(const Kind& kind, Values values, const Environment& environment) {
  std::array<double, 2> ends = kind.weight_range(values, environment);
  for (double& end : ends) {
    values[kind.weight] = end;
    end = kind.conductance_of(values, environment);
  }
  std::sort(ends.begin(), ends.end());
  constexpr double endless = 1e29;  // a weight without a bound is asked for at 1e30
  return {ends[0], ends[1] >= endless ? Field::unbounded : ends[1]};
}

}  // namespace

bool CellReader::choose(std::string_view word, ArrayCells& cells) {
  if (scope_.find_model(word).first) {
    const Model* model = expander_.models().find(scope_, card_, word, all_kinds());
    if (!model || !model->kind) return false;
    cells.kind = model->kind;
    cells.model = model->name;
    cells.model_type = model->type;
    cells.values = model->values;
    return true;
  }
  cells.kind = Registry<Kind>::find(word);
  if (cells.kind) return true;
  std::vector<std::string_view> names;
  for (const Kind* kind : all_kinds()) names.push_back(kind->name);
  for (const Definition* d = &scope_.definition(); d; d = d->outer)
    for (const auto& [name, model] : d->models) names.push_back(name);
  return error(word, fmt::format("'{}' is neither a .model nor a kind of device{}", word, suggest(word, names))), false;
}

bool CellReader::require_two_terminals(std::string_view word, const ArrayCells& cells) const {
  const Kind& kind = *cells.kind;
  const bool own = kind.terminals.size() == 2 && kind.references == 0 && kind.stage == 1 && !kind.fields.empty() && !kind.name.starts_with("behavioural");
  if (own) return true;
  const char* way = kind.terminals.size() > 2 ? "; a transistor stands in series with a cell: selector=model gates=bus" : "";
  return error(word, fmt::format("{} cannot stand at the crossings: a cell is a device of two terminals that does not fix its voltage{}", describe(cells), way)), false;
}

std::string CellReader::describe(const ArrayCells& cells) const {
  return cells.model.empty() ? fmt::format("'{}'", cells.kind->name) : fmt::format("'{}' ({})", cells.model, cells.kind->name);
}

Environment CellReader::environment() const {
  const Elaboration& e = scope_.elaboration();
  return {.temperature = zero_celsius + e.temperature, .nominal = zero_celsius + e.nominal_temperature};
}

void CellReader::set(ArrayCells& cells, std::string_view name, std::string_view word, const CrossingOwner& owner) {
  const std::size_t field = cells.kind->field_index(owner.field);
  const CrossingValues values = read_crossing_values(scope_, card_, word, shape_, owner);
  if (values.value.empty()) return;
  const Field& f = cells.kind->fields[field];
  const auto outside = std::find_if(values.value.begin(), values.value.end(), [&](double value) { return !(value >= f.lower && value <= f.upper); });
  if (values.same() || outside == values.value.end()) {
    if (values.same()) set_field(scope_, *cells.kind, {"", owner.array, owner.field, word, card_, values.value[0]}, cells.values);
    else cells.varied[f.name] = values.value;
    return;
  }
  const auto crossing = static_cast<std::size_t>(outside - values.value.begin());
  std::map<std::string, double> none;
  set_field(scope_, *cells.kind, {"", crossing_name(owner.array, shape_, crossing), name, word, card_, *outside}, none);
}

Values CellReader::values_at(const ArrayCells& cells, std::size_t crossing) const {
  Values values = cells.values;
  for (const auto& [field, varied] : cells.varied) values[field] = varied[crossing];
  return values;
}

std::array<double, 2> CellReader::reach(const ArrayCells& cells) const { return reach_of(*cells.kind, cells.values, environment()); }

/// True if the field that sets the conductance is the conductance: not with m= in parallel, nor after a drift.
bool CellReader::is_its_weight(const ArrayCells& cells, double g) const {
  if (!cells.varied.empty() || g <= 0.0 || cells.kind->fields[cells.kind->field_index(cells.kind->weight)].unit != "S") return false;
  Values values = cells.values;
  values[cells.kind->weight] = g;
  return cells.kind->conductance_of(values, environment()) == g;
}

void CellReader::set_conductances(ArrayCells& cells, CrossingValues g, std::string_view word, const std::string& array) {
  const std::string& weight = cells.kind->weight;
  if (g.value.empty()) return;
  if (weight.empty()) return error(word, fmt::format("{} has no field that sets its conductance; give its own parameters instead", describe(cells)));
  cells.varied.erase(weight);
  if (!fit(cells, g, word, array)) return;
  const bool itself = is_its_weight(cells, *std::max_element(g.value.begin(), g.value.end()));
  const auto field_value = [&](std::size_t k) {
    return itself ? g.at(k) : cells.kind->weight_for(cells.varied.empty() ? cells.values : values_at(cells, k), g.at(k), environment());
  };
  if (g.same()) {
    cells.values[weight] = field_value(0);
    return;
  }
  std::vector<double> values;
  for (std::size_t k = 0; k < shape_.count(); ++k) values.push_back(field_value(k));
  cells.varied[weight] = std::move(values);
}

/// What misses a bound by rounding is put on it; of the others the first is named.
bool CellReader::fit(const ArrayCells& cells, CrossingValues& g, std::string_view word, const std::string& array) const {
  constexpr double rounding = 1e-12;
  if (g.same() && !cells.varied.empty()) g.value.assign(shape_.count(), g.value[0]);
  std::array<double, 2> range = reach(cells);
  std::size_t outside = 0;
  std::string first;
  for (std::size_t k = 0; k < g.value.size(); ++k) {
    if (!cells.varied.empty()) range = reach_of(*cells.kind, values_at(cells, k), environment());
    const double given = std::exchange(g.value[k], std::clamp(g.value[k], range[0], range[1]));
    if (std::abs(g.value[k] - given) <= rounding * std::abs(g.value[k])) continue;
    if (outside++ == 0) first = out_of_reach(cells, {array, g.file, given, k}, range);
  }
  const std::string others = outside > 1 ? fmt::format("; {} of {} crossings are out of reach", outside, g.value.size()) : "";
  if (outside > 0) error(word, first + others);
  return outside == 0;
}

std::string CellReader::out_of_reach(const ArrayCells& cells, const Misfit& one, const std::array<double, 2>& range) const {
  const std::string place = one.file.empty() ? "" : fmt::format(" (row {}, column {} of '{}')", one.crossing / shape_.width() + 1,
                                                                one.crossing % shape_.width() / shape_.split + 1, one.file);
  const auto siemens = [](double g) { return format_engineering(g, "S"); };
  const std::string bounds = std::isinf(range[1]) ? "at least " + siemens(range[0]) : fmt::format("{} to {}", siemens(range[0]), siemens(range[1]));
  return fmt::format("the conductance of {}{} is {}, but that of {} can be {}", crossing_name(one.array, shape_, one.crossing), place, siemens(one.value),
                     describe(cells), bounds);
}

void CellReader::check(const ArrayCells& cells, const std::string& array) const {
  const bool fitted = cells.varied.size() == 1 && cells.varied.begin()->first == cells.kind->weight;  // fit() has looked
  const std::size_t count = cells.varied.empty() || fitted ? 1 : shape_.count();
  for (std::size_t k = 0; k < count; ++k)
    if (const std::string fault = cells.kind->fault(values_at(cells, k)); !fault.empty())
      return error(card_.words[1], fmt::format("{}: {}", count > 1 ? crossing_name(array, shape_, k) : array, fault));
}

}  // namespace settle
