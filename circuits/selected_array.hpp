// Selected array: an array between drivers of its own, so that every device sees its share of each pulse through wires and neighbours.
//
//   half    selected row v, selected column 0, all others v/2: devices on the selected lines see v/2
//   third   unselected rows v/3, unselected columns 2v/3: all unselected devices see v/3 or -v/3
//
// Gates of selectors are at vgate in the selected row and at 0 V elsewhere, for as long as the pulse lasts.
#pragma once

#include "circuits/analysis.hpp"
#include "circuits/lone_device.hpp"
#include "circuits/verify.hpp"

namespace settle {

class SelectedArray;

/// One crossing under programming; readings see the device alone.
class SelectedCell final : public Writable {
 public:
  SelectedCell(SelectedArray& array, std::size_t place);
  std::array<double, 2> reach();
  double read(int writings) override;
  Writing write(bool up, double target, int number, int repeats) override;

 private:
  SelectedArray& array_;
  std::size_t place_;
  LoneDevice reader_;
};

class SelectedArray {
 public:
  /// With the states its devices have in the job's circuit. Throws Error (netlist) for an array that cannot be driven so.
  SelectedArray(const Job& job, const std::string& array, const std::string& layer, const ProgramSettings& settings, const LoneSetup& setup);

  SelectedCell cell(std::size_t place) { return {*this, place}; }
  /// Gives the states of all devices to the job's circuit.
  void keep_states(Job& job) const;

 private:
  friend class SelectedCell;
  static FlatArray bare(const FlatArray& array);
  void copy_states(const Circuit& circuit);
  void select(std::size_t place, double volts);
  DeviceRef device(std::size_t place) const;
  double state(const DeviceRef& device) const;

  const ProgramSettings& settings_;
  LoneSetup setup_;
  FlatArray array_;
  std::string layer_;
  std::vector<std::string> drivers_;  // rows, columns, gates
  std::unique_ptr<PulsedCircuit> circuit_;
  std::vector<DeviceRef> moving_;     // devices with a state
};

}  // namespace settle
