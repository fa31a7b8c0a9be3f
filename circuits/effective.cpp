// Tables of effective values: their extent from the first circuit, their numbers from each.
#include "circuits/effective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "circuits/mismatch_targets.hpp"

namespace settle {
namespace {

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> labels;
  for (std::size_t k = 1; k <= count; ++k) labels.push_back(std::to_string(k));
  return labels;
}

/// A name HDF5 can take: no slash, not only dots.
std::string folder(const FlatArray& array) {
  std::string name = array.name;
  std::replace(name.begin(), name.end(), '/', '_');
  if (name.find_first_not_of('.') == std::string::npos) name.assign(name.size(), '_');
  return "arrays/" + name;
}
std::string folder(const FlatArray& array, const ArrayPart& part) { return folder(array) + (*part.name ? std::string("/") + part.name : ""); }

/// Value of a field of a device; the kind's default if nobody gave one.
double value_of(const FlatDevice& device, const Field& field) {
  const auto given = device.values.find(field.name);
  return given == device.values.end() ? field.initial : given->second;
}

const char* name_of(FlatArray::Coupling coupling) {
  switch (coupling) {
    case FlatArray::Coupling::passive: return "passive";
    case FlatArray::Coupling::forward: return "forward";
    case FlatArray::Coupling::pair: return "pair";
  }
  return "";
}

const std::vector<std::string> fault_names{"none", "stuck_on", "stuck_off", "open", "shorted"};

const DrawnCrossings* drawn(const Netlist& netlist, std::size_t array, const ArrayPart& part, const std::string& field) {
  for (const DrawnCrossings& each : netlist.drawn_crossings) {
    const Kind& kind = *(netlist.arrays[array].*part.cells).kind;
    if (each.array == array && each.part == part.name && kind.fields[each.field].name == field) return &each;
  }
  return nullptr;
}

}  // namespace

EffectiveValues::EffectiveValues(Trace& trace, const Netlist& first, std::size_t steps, const Diagnostics& diagnostics)
    : trace_(trace), steps_(steps), devices_(first.devices.size()), arrays_(first.arrays.size()), tables_(tables_of(first)) {
  for (const MismatchCard& card : first.mismatches) cards_.push_back(fmt::format("{}: {}", diagnostics.place(card.where), card.text));
  if (!cards_.empty()) trace_.texts("effective/mismatch", cards_);
  for (const KindTable& table : tables_) make(table, first);
  for (std::size_t k = 0; k < first.arrays.size(); ++k) make(first.arrays[k], k, first);
}

std::optional<std::size_t> EffectiveValues::KindTable::place(const DrawnValue& each) const {
  const auto row = std::lower_bound(devices.begin(), devices.end(), each.device);
  const auto column = std::lower_bound(fields.begin(), fields.end(), each.field);
  if (row == devices.end() || *row != each.device || column == fields.end() || *column != each.field) return {};
  return static_cast<std::size_t>(row - devices.begin()) * fields.size() + static_cast<std::size_t>(column - fields.begin());
}

std::vector<EffectiveValues::KindTable> EffectiveValues::tables_of(const Netlist& netlist) const {
  std::map<std::string, KindTable> by_kind;
  std::map<std::string, std::set<std::size_t>> fields;
  for (std::size_t k = 0; k < netlist.devices.size(); ++k) {
    const FlatDevice& device = netlist.devices[k];
    KindTable& table = by_kind[device.kind->name];
    table.kind = device.kind;
    table.devices.push_back(k);
    for (const auto& [name, value] : device.values) fields[device.kind->name].insert(device.kind->field_index(name));
  }
  for (const DrawnValue& each : netlist.drawn) by_kind[netlist.devices[each.device].kind->name].drawn = true;
  std::vector<KindTable> tables;
  for (auto& [name, table] : by_kind) {
    table.fields.assign(fields[name].begin(), fields[name].end());
    if (!table.fields.empty()) tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<TraceTable::Axis> EffectiveValues::stepped(std::vector<TraceTable::Axis> axes) const {
  if (steps_ > 1) axes.insert(axes.begin(), {"step", numbered(steps_)});
  return axes;
}

void EffectiveValues::make(const KindTable& table, const Netlist& netlist) {
  const std::string path = "effective/" + table.kind->name;
  TraceTable::Axis device{"device", {}}, field{"field", {}};
  std::vector<std::string> units;
  for (const std::size_t k : table.devices) device.labels.push_back(netlist.devices[k].name);
  for (const std::size_t k : table.fields) field.labels.push_back(table.kind->fields[k].name), units.push_back(table.kind->fields[k].unit);
  add({.path = path + "/value", .axes = stepped({device, field}), .unit = "in `unit`", .long_name = "value used"});
  trace_.texts(path + "/unit", units);
  if (!table.drawn) return;
  add({.path = path + "/nominal", .axes = stepped({device, field}), .unit = "in `unit`", .long_name = "value without mismatch"});
  trace_.table({.path = path + "/mismatch", .axes = {device, field}, .unit = "1", .long_name = "place of the card in /effective/mismatch, from 0; -1 for none"});
  std::vector<double> cards(table.devices.size() * table.fields.size(), -1.0);
  for (const DrawnValue& each : netlist.drawn)
    if (const auto place = table.place(each)) cards[*place] = static_cast<double>(each.card);
  trace_.write(path + "/mismatch", 0, cards);
}

void EffectiveValues::make(const FlatArray& array, std::size_t index, const Netlist& netlist) {
  const std::vector<TraceTable::Axis> axes = stepped({{"row", array.rows}, {"column", array.columns}});
  for (const ArrayPart& part : parts_of(array)) {
    const ArrayCells& cells = array.*part.cells;
    Attributes facts{{"kind", cells.kind->name}};
    if (!cells.model.empty()) facts.emplace_back("model", cells.model);
    if (!*part.name) facts.emplace_back("coupling", name_of(array.coupling));
    for (const auto& [field, value] : cells.values)
      if (!cells.varied.count(field)) facts.emplace_back(field, value);
    trace_.describe(folder(array, part), facts);
    for (const auto& [field, values] : cells.varied) {
      const Field& meaning = cells.kind->fields[cells.kind->field_index(field)];
      TraceTable table{.path = folder(array, part) + "/" + field, .axes = axes, .unit = meaning.unit, .long_name = meaning.help};
      if (const DrawnCrossings* each = drawn(netlist, index, part, field)) {
        table.attributes.emplace_back("mismatch", cards_[each->card]);
        if (each->nominal.size() == 1) table.attributes.emplace_back("nominal", each->nominal[0]);
        else add({.path = table.path + "_nominal", .axes = axes, .unit = table.unit, .long_name = meaning.help + ", without mismatch"});
      }
      add(table);
    }
  }
  if (!array.faults.empty())
    add({.path = folder(array) + "/fault", .axes = axes, .unit = "1", .long_name = "fault of the crossing", .flags = fault_names});
  if (!array.faults.empty())
    add({.path = folder(array) + "/fault_conductance", .axes = axes, .unit = "S", .long_name = "conductance of a faulty crossing, instead of its device; not a number elsewhere"});
}

void EffectiveValues::write(const Netlist& netlist, std::size_t step) const {
  if (netlist.devices.size() != devices_ || netlist.arrays.size() != arrays_) return;
  for (const KindTable& table : tables_) write(table, netlist, step);
  for (const FlatArray& array : netlist.arrays) write(array, step);
  for (const DrawnCrossings& each : netlist.drawn_crossings) {
    const FlatArray& array = netlist.arrays[each.array];
    for (const ArrayPart& part : parts_of(array))
      if (part.name == each.part) put(folder(array, part) + "/" + (array.*part.cells).kind->fields[each.field].name + "_nominal", step, each.nominal);
  }
}

void EffectiveValues::add(const TraceTable& table) {
  std::size_t numbers = 1;
  for (const TraceTable::Axis& axis : table.axes)
    if (axis.name != "step") numbers *= axis.labels.size();
  made_[table.path] = numbers;
  trace_.table(table);
}

void EffectiveValues::put(const std::string& path, std::size_t step, const std::vector<double>& values) const {
  const auto table = made_.find(path);
  if (table != made_.end() && table->second == values.size()) trace_.write(path, step, values);
}

void EffectiveValues::write(const KindTable& table, const Netlist& netlist, std::size_t step) const {
  std::vector<double> values;
  for (const std::size_t k : table.devices) {
    if (netlist.devices[k].kind != table.kind) return;
    for (const std::size_t field : table.fields) values.push_back(value_of(netlist.devices[k], table.kind->fields[field]));
  }
  put("effective/" + table.kind->name + "/value", step, values);
  if (!table.drawn) return;
  for (const DrawnValue& each : netlist.drawn)
    if (const auto place = table.place(each)) values[*place] = each.nominal;
  put("effective/" + table.kind->name + "/nominal", step, values);
}

void EffectiveValues::write(const FlatArray& array, std::size_t step) const {
  for (const ArrayPart& part : parts_of(array))
    for (const auto& [field, values] : (array.*part.cells).varied) put(folder(array, part) + "/" + field, step, values);
  if (array.faults.empty()) return;
  std::vector<double> faults(array.crossings(), 0.0), conductances(array.crossings(), not_given);
  for (const ArrayFault& fault : array.faults) {
    faults[fault.crossing] = 1.0 + static_cast<double>(fault.sort);
    conductances[fault.crossing] = fault.conductance;
  }
  put(folder(array) + "/fault", step, faults);
  put(folder(array) + "/fault_conductance", step, conductances);
}

}  // namespace settle
