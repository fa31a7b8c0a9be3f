// Lone device: a circuit of one device, a driver at each terminal.
#include "circuits/lone_device.hpp"

#include <algorithm>
#include <cmath>

#include "devices/weight.hpp"

namespace settle {

Values values_of(const DeviceRef& device) {
  Values values;
  const std::vector<Field>& fields = device.element->kind().fields;
  for (std::size_t k = 0; k < fields.size(); ++k)
    if (const double value = device.element->field(device.index, k); !std::isnan(value)) values[fields[k].name] = value;
  return values;
}

LoneDevice::LoneDevice(const Kind& kind, Values values, const LoneSetup& setup) : kind_(kind), values_(std::move(values)), setup_(setup) {
  circuit_ = std::make_unique<PulsedCircuit>(netlist(), kind.terminals, setup.pulsed);
  device_ = circuit_->circuit().find_device("device");
  values_[kind.weight] = device_.element->field(device_.index, kind.field_index(kind.weight));
  state_ = find_state();
  moves_ = state_ >= 0;
}

/// Terminals are the drivers' nodes; the written one lies behind the series resistance.
Netlist LoneDevice::netlist() const {
  Netlist netlist;
  FlatDevice device;
  device.kind = &kind_;
  device.name = "device";
  device.nodes = kind_.terminals;
  device.values = values_;
  netlist.nodes = kind_.terminals;
  if (setup_.series > 0.0) {
    const std::string& driver = kind_.terminals[kind_.written];
    FlatDevice resistor;
    resistor.kind = Registry<Kind>::find("resistor");
    resistor.name = "series";
    resistor.nodes = {driver, "behind"};
    resistor.values["r"] = setup_.series;
    netlist.nodes.push_back("behind");
    netlist.devices.push_back(std::move(resistor));
    device.nodes[kind_.written] = "behind";
  }
  netlist.devices.push_back(std::move(device));
  return netlist;
}

/// The memory state that begins where the weight says.
Index LoneDevice::find_state() {
  const Rows& rows = circuit_->circuit().rows();
  const double weight = this->weight();
  const std::array<double, 2> ends = kind_.weight_range(values_, setup_.pulsed.environment);
  Index moved = -1;
  for (Index row = rows.fixed_count(); row < rows.count(); ++row) {
    if (!rows.kind_of(row).memory) continue;
    set(kind_.weight, ends[0]);
    const double before = circuit_->row(row);
    set(kind_.weight, ends[1]);
    if (circuit_->row(row) != before) moved = row;
  }
  set(kind_.weight, weight);
  return moved;
}

void LoneDevice::set(const std::string& field, double value) {
  device_.element->set_field(device_.index, kind_.field_index(field), value);
  values_[field] = value;
  circuit_->begin();
}

double LoneDevice::read() {
  if (setup_.read_volts == 0.0) return kind_.conductance_of(values_, setup_.pulsed.environment);
  for (std::size_t k = 0; k < kind_.terminals.size(); ++k) circuit_->set_factor(k, k == 0 ? 1.0 : 0.0);
  const Block<double> x = circuit_->rest(setup_.read_volts);
  return circuit_->observe(device_, "i", x) / circuit_->voltage(device_, x);
}

std::array<double, 2> LoneDevice::reach() {
  const double weight = this->weight();
  std::array<double, 2> ends = kind_.weight_range(values_, setup_.pulsed.environment);
  for (double& end : ends) {
    set(kind_.weight, end);
    end = read();
  }
  set(kind_.weight, weight);
  std::sort(ends.begin(), ends.end());
  return ends;
}

double LoneDevice::apply(const Pulse& pulse) {
  for (std::size_t k = 0; k < kind_.terminals.size(); ++k) circuit_->set_factor(k, k == kind_.written ? 1.0 : 0.0);
  const double joules = circuit_->apply(pulse);
  if (moves_) set(kind_.weight, weight_of(circuit_->row(state_)));
  return joules;
}

/// Nearly always the state itself; within the bounds of the field, where rounding may have put the state behind them.
double LoneDevice::weight_of(double state) {
  const auto [low, high] = kind_.weight_range(values_, setup_.pulsed.environment);
  const double itself = std::clamp(state, std::min(low, high), std::max(low, high));
  const auto begins_at = [this](double weight) {
    set(kind_.weight, weight);
    return circuit_->row(state_);
  };
  if (begins_at(itself) == itself) return itself;
  return inverse_of_monotone(begins_at, low, high, state);
}

}  // namespace settle
