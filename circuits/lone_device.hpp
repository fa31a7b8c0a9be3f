// Lone device: one device taken out of its circuit, all other terminals at 0 V, to be written by pulses through a series resistance and read.
#pragma once

#include "circuits/pulsed_circuit.hpp"

namespace settle {

struct LoneSetup {
  PulsedSetup pulsed;
  double series = 0.0;      // Ohm, between the driver and the device
  double read_volts = 0.0;  // on the first terminal; 0: the small-signal conductance at 0 V
};

class LoneDevice {
 public:
  LoneDevice(const Kind& kind, Values values, const LoneSetup& setup);

  /// True if pulses can move it: the field that sets its conductance is where a memory state begins.
  bool moves() const { return moves_; }
  /// The field that sets its conductance, as it is now.
  double weight() const { return values_.at(kind_.weight); }
  const Values& values() const { return values_; }
  void set(const std::string& field, double value);
  /// Current over voltage (S).
  double read();
  /// Conductances (S) at the ends of what the weight can be.
  std::array<double, 2> reach();
  /// Moves the weight; the energy (J) that the driver delivers.
  double apply(const Pulse& pulse);

 private:
  Netlist netlist() const;
  Index find_state();
  double weight_of(double state);

  const Kind& kind_;
  Values values_;
  LoneSetup setup_;
  std::unique_ptr<PulsedCircuit> circuit_;
  DeviceRef device_;
  bool moves_ = false;
  Index state_ = -1;  // row
};

/// All fields of a device that have a value.
Values values_of(const DeviceRef& device);

}  // namespace settle
