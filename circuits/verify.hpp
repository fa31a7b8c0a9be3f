// Verify: a device brought to a conductance by writing, reading and writing again.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "circuits/pulsed_circuit.hpp"

namespace settle {

/// What a `.program` card says beside devices and targets.
struct ProgramSettings {
  enum class Scheme { isolated, half, third };
  double tolerance = 0.01, abstol = 0.0;  // share of the target; S
  double pulses = 100.0;                  // at most, per device and pass
  double set = 1.2, reset = -1.2;         // V
  double width = 100e-9, rise = 1e-9, wait = 0.0;                                          // s
  double step = 0.0, vmax = std::numeric_limits<double>::infinity(), stretch = 1.0;        // V, V, 1
  double read = 0.1, rseries = 0.0;       // V, Ohm
  double passes = 3.0, vgate = 3.0;       // of arrays; V
  double noise = 1.0;                     // factor on what a kind draws
  Scheme scheme = Scheme::isolated;

  bool met(double conductance, double target) const;
  /// The pulse after `repeats` ones in the same direction.
  Pulse pulse(bool up, int repeats) const;
};

/// One writing: what was done, and what it cost.
struct Writing {
  double volts = 0.0, width = 0.0;      // V, s; 0 where there are no pulses
  double joules = 0.0, seconds = 0.0;
};

/// A device under programming.
class Writable {
 public:
  virtual ~Writable() = default;
  /// Conductance (S) after so many writings; the number keys the noise of the reading.
  virtual double read(int writings) = 0;
  virtual Writing write(bool up, double target, int number, int repeats) = 0;
};

/// A reading with what led to it; number 0 is the one before anything was written.
struct Attempt {
  int number = 0;
  Writing writing;
  double conductance = 0.0;
};

struct Verified {
  std::vector<Attempt> attempts;
  bool converged = false;
  bool backwards = false;  // a pulse moved it away from the target
  double joules = 0.0, seconds = 0.0;
  int writings() const { return attempts.empty() ? 0 : attempts.back().number; }
  double conductance() const { return attempts.back().conductance; }
  /// What a later pass did.
  void append(const Verified& more);
  /// The last word on it, after other devices were written.
  void end(double conductance, bool met);
};

/// `first` writings were made before, in other passes.
Verified verify(Writable& device, double target, const ProgramSettings& settings, const std::function<bool()>& interrupted, int first = 0);

}  // namespace settle
