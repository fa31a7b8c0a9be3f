// Selected array: the array's own wires and devices, its outer nodes driven.
#include "circuits/selected_array.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace settle {
namespace {

const FlatArray& array_named(const Netlist& netlist, const std::string& name) {
  for (const FlatArray& array : netlist.arrays)
    if (array.name == name) return array;
  throw std::logic_error("no array " + name);
}

std::vector<std::string> numbered(const char* stem, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < count; ++k) names.push_back(fmt::format("{}[{}]", stem, k));
  return names;
}

}  // namespace

SelectedCell::SelectedCell(SelectedArray& array, std::size_t place)
    : array_(array), place_(place), reader_(array.device(place).element->kind(), values_of(array.device(place)), array.setup_) {}

std::array<double, 2> SelectedCell::reach() { return reader_.reach(); }

double SelectedCell::read(int) {
  const DeviceRef device = array_.device(place_);
  reader_.set(device.element->kind().weight, array_.state(device));
  return reader_.read();
}

Writing SelectedCell::write(bool up, double, int, int repeats) {
  const Pulse pulse = array_.settings_.pulse(up, repeats);
  array_.select(place_, pulse.volts);
  return {pulse.volts, pulse.width, array_.circuit_->apply(pulse), pulse.seconds()};
}

SelectedArray::SelectedArray(const Job& job, const std::string& array, const std::string& layer, const ProgramSettings& settings, const LoneSetup& setup)
    : settings_(settings), setup_(setup), array_(bare(array_named(job.netlist, array))), layer_(layer) {
  setup_.series = 0.0;  // wires and drivers are the array's own
  for (const auto* lines : {&array_.rows, &array_.columns, &array_.gates}) drivers_.insert(drivers_.end(), lines->begin(), lines->end());
  Netlist netlist;
  netlist.nodes = drivers_;
  netlist.arrays.push_back(array_);
  circuit_ = std::make_unique<PulsedCircuit>(std::move(netlist), drivers_, setup.pulsed);
  copy_states(job.circuit);
}

/// Its lines have nodes of their own, whatever they were tied to.
FlatArray SelectedArray::bare(const FlatArray& array) {
  FlatArray bare = array;
  bare.rows = numbered("row", array.rows.size());
  bare.columns = numbered("column", array.columns.size());
  bare.gates = numbered("gate", array.gates.size());
  bare.virtual_ground = false;
  bare.sign.clear();
  return bare;
}

/// Every field, so that nothing set since the netlist was read is lost.
void SelectedArray::copy_states(const Circuit& circuit) {
  const Rows& rows = circuit_->circuit().rows();
  for (const auto& element : circuit_->circuit().elements())
    for (Index k = 0; k < element->count(); ++k) {
      const std::vector<Index> own = element->rows(k);
      const bool moves = std::any_of(own.begin(), own.end(), [&](Index row) { return rows.kind_of(row).memory; });
      if (!moves || element->kind().weight.empty()) continue;
      const DeviceRef original = circuit.find_device(element->name(k));
      for (std::size_t f = 0; f < element->kind().fields.size(); ++f)
        if (const double value = original.element->field(original.index, f); value == value && value != element->field(k, f)) element->set_field(k, f, value);
      moving_.push_back({element.get(), k});
    }
  circuit_->begin();
}

void SelectedArray::select(std::size_t place, double volts) {
  const bool half = settings_.scheme == ProgramSettings::Scheme::half;
  const std::size_t m = array_.rows.size(), n = array_.columns.size(), row = place / n, column = place % n;
  for (std::size_t i = 0; i < m; ++i) circuit_->set_factor(i, i == row ? 1.0 : half ? 1.0 / 2.0 : 1.0 / 3.0);
  for (std::size_t j = 0; j < n; ++j) circuit_->set_factor(m + j, j == column ? 0.0 : half ? 1.0 / 2.0 : 2.0 / 3.0);
  for (std::size_t i = 0; i < array_.gates.size(); ++i) circuit_->set_factor(m + n + i, i == row ? settings_.vgate / volts : 0.0);
}

DeviceRef SelectedArray::device(std::size_t place) const {
  const std::size_t n = array_.columns.size();
  return circuit_->circuit().find_device(fmt::format("{}[{},{}]", layer_, place / n, place % n));
}

/// Where its memory state is, which is where the weight would let it begin.
double SelectedArray::state(const DeviceRef& device) const {
  for (const Index row : device.element->rows(device.index))
    if (circuit_->circuit().rows().kind_of(row).memory) return circuit_->row(row);
  throw Error(Fault::netlist, fmt::format("'{}' ({}) has no state that pulses move", device.name(), device.element->kind().name));
}

void SelectedArray::keep_states(Job& job) const {
  for (const DeviceRef& device : moving_) {
    const Kind& kind = device.element->kind();
    const DeviceRef original = job.circuit.find_device(device.name());
    const auto [low, high] = kind.weight_range(values_of(device), setup_.pulsed.environment);
    job.keep(original, kind.field_index(kind.weight), std::clamp(state(device), low, high));
  }
}

}  // namespace settle
