// Gathering one number per crossing.
#include "circuits/array_save.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

/// A quantity or field of the devices of an element.
struct Reading {
  std::optional<std::size_t> quantity, field;
  std::string unit;
  explicit operator bool() const { return quantity || field; }
};

Reading reading_of(const DeviceRef& device, const std::string& name) {
  const std::vector<Quantity> quantities = device.element->quantities(device.index);
  for (std::size_t k = 0; k < quantities.size(); ++k)
    if (quantities[k].name == name) return {k, {}, quantities[k].unit};
  const Kind& kind = device.element->kind();
  const std::size_t field = kind.field_index(name);
  return field == std::string::npos ? Reading{} : Reading{{}, field, kind.fields[field].unit};
}

const FlatArray* array_of(const Netlist& netlist, const std::string& stem) {
  const auto found = std::find_if(netlist.arrays.begin(), netlist.arrays.end(), [&](const FlatArray& array) {
    return stem == array.name || (array.back.kind && stem == array.name + ".back") || (array.selector.kind && stem == array.name + ".sel");
  });
  return found == netlist.arrays.end() ? nullptr : &*found;
}

DeviceRef device_at(const Circuit& circuit, const std::string& stem, std::size_t i, std::size_t j) { return circuit.find_device(fmt::format("{}[{},{}]", stem, i, j)); }

std::vector<std::string> stems(const Netlist& netlist) {
  std::vector<std::string> names;
  for (const FlatArray& array : netlist.arrays) {
    names.push_back(array.name);
    if (array.back.kind) names.push_back(array.name + ".back");
    if (array.selector.kind) names.push_back(array.name + ".sel");
  }
  return names;
}

/// The first device that is not a fault's.
DeviceRef typical(const FlatArray& array, const std::string& stem, const Circuit& circuit) {
  std::set<std::size_t> faulty;
  for (const ArrayFault& fault : array.faults) faulty.insert(fault.crossing);
  for (std::size_t k = 0; k < array.crossings(); ++k)
    if (!faulty.count(k)) return device_at(circuit, stem, k / array.columns.size(), k % array.columns.size());
  return device_at(circuit, stem, 0, 0);
}

void check(const ArraySave& save, const Netlist& netlist, const Circuit& circuit, Diagnostics& diagnostics) {
  if (save.analysis == "dc" || save.analysis == "ac")
    return diagnostics.error(save.where, fmt::format(".{} ends in no state of its own; arrays are saved at the end of .op and .tran", save.analysis));
  try {
    require_matrix_format(save.file);
  } catch (const Error& error) {
    diagnostics.error(save.file_where, error.what());
  }
  const FlatArray* array = array_of(netlist, save.array);
  if (!array) return diagnostics.error(save.array_where, fmt::format("there is no array '{}'{}", save.array, suggest(save.array, stems(netlist))));
  const DeviceRef device = typical(*array, save.array, circuit);
  if (!device.element || reading_of(device, save.quantity)) return;
  std::vector<std::string> names;
  for (const Quantity& q : device.element->quantities(device.index)) names.push_back(q.name);
  for (const Field& f : device.element->kind().fields) names.push_back(f.name);
  diagnostics.error(save.quantity_where, fmt::format("a {} has no quantity '{}'{}", device.element->kind().name, save.quantity, suggest(save.quantity, names)));
}

Block<double> gathered(const ArraySave& save, const FlatArray& array, const Circuit& circuit, const Solution<double>& at, std::string& unit) {
  Block<double> values(static_cast<Index>(array.rows.size()), static_cast<Index>(array.columns.size()));
  const Element* known = nullptr;
  Reading reading;
  for (Index i = 0; i < values.rows(); ++i)
    for (Index j = 0; j < values.cols(); ++j) {
      const DeviceRef device = device_at(circuit, save.array, static_cast<std::size_t>(i), static_cast<std::size_t>(j));
      if (device.element != known) reading = reading_of(device, save.quantity), known = device.element;
      if (!reading) values(i, j) = not_given;
      else values(i, j) = reading.quantity ? device.element->observe(device.index, *reading.quantity, at, 0) : device.element->field(device.index, *reading.field);
      if (reading) unit = reading.unit;
    }
  return values;
}

/// "w.csv" with "_step0002" is "w_step0002.csv"; "w.h5:/g" is "w.h5:/g_step0002".
std::string with_suffix(const std::string& file, const std::string& suffix) {
  const std::size_t slash = file.find_last_of('/'), dot = file.find_last_of('.'), dataset = file.find(":/");
  const bool ending = dataset == std::string::npos && dot != std::string::npos && (slash == std::string::npos || dot > slash);
  return ending ? file.substr(0, dot) + suffix + file.substr(dot) : file + suffix;
}

}  // namespace

void check_array_saves(const Netlist& netlist, const Circuit& circuit, Diagnostics& diagnostics) {
  for (const ArraySave& save : netlist.array_saves) check(save, netlist, circuit, diagnostics);
}

std::vector<SavedArray> saved_arrays(const Netlist& netlist, const Circuit& circuit, const std::string& analysis, const std::string& suffix,
                                     const Solution<double>& at) {
  std::vector<SavedArray> all;
  for (const ArraySave& save : netlist.array_saves) {
    if (!save.analysis.empty() && save.analysis != analysis) continue;
    SavedArray& saved = all.emplace_back(SavedArray{with_suffix(save.file, suffix), save.quantity, "", {}});
    saved.values = gathered(save, *array_of(netlist, save.array), circuit, at, saved.unit);
  }
  return all;
}

void write(const SavedArray& saved) { write_matrix(saved.file, saved.values, saved.quantity, saved.unit); }

}  // namespace settle
