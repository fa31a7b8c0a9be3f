// Pulsed circuit: a circuit whose drivers share one pulse, each times a factor of its own. Programming hardware around devices.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "circuits/circuit.hpp"
#include "sim/integrate.hpp"

namespace settle {

/// A trapezoid: `rise` seconds up, `width` at the top, `rise` down; then `wait` at 0 V.
struct Pulse {
  double volts = 0.0, width = 0.0, rise = 0.0, wait = 0.0;
  double seconds() const { return 2.0 * rise + width + wait; }
};

/// How pulsed circuits are built and moved.
struct PulsedSetup {
  RowTolerances tolerances;
  Environment environment;
  IntegrateOptions integration;
};

class PulsedCircuit {
 public:
  /// A voltage source is put from every node of `driven` to ground.
  PulsedCircuit(Netlist netlist, const std::vector<std::string>& driven, const PulsedSetup& setup);
  PulsedCircuit(const PulsedCircuit&) = delete;

  Circuit& circuit() { return *circuit_; }
  const Circuit& circuit() const { return *circuit_; }
  /// What the k-th driver makes of the pulse: factor * volts.
  void set_factor(std::size_t driver, double factor);

  /// Memory states to where their devices say they begin.
  void begin();
  /// Moves the states; the energy (J) that the drivers deliver.
  double apply(const Pulse& pulse);
  /// The circuit at rest with the drivers at factor * volts and memory states held where they are: the unknowns.
  Block<double> rest(double volts);
  /// A quantity of a device at a rest() point, and the voltage between its first two terminals.
  double observe(const DeviceRef& device, const std::string& quantity, const Block<double>& rest) const;
  double voltage(const DeviceRef& device, const Block<double>& rest) const;
  /// The present value of a row that is solved for.
  double row(Index row) const { return x_(row - circuit_->rows().fixed_count(), 0); }

 private:
  class Line;
  class Drive;
  class EnergyMeter;
  double part(double from, double to, double seconds, bool jumps);
  bool stores_charge() const;

  PulsedSetup setup_;
  std::shared_ptr<Line> line_;
  std::vector<std::shared_ptr<Drive>> drive_;
  std::unique_ptr<Circuit> circuit_;
  std::vector<DeviceRef> driver_;
  Block<double> x_;
  bool charges_ = false;
};

}  // namespace settle
