// Moment: when and under which conditions a circuit is evaluated; Environment: the temperatures and floors devices are prepared for.
#pragma once

#include <vector>

#include "sim/scalar.hpp"

namespace settle {

/// Boltzmann's constant (J/K) and the elementary charge (C), exact in the SI; zero Celsius in kelvin.
inline constexpr double boltzmann = 1.380649e-23;
inline constexpr double elementary_charge = 1.602176634e-19;
inline constexpr double zero_celsius = 273.15;

struct Environment {
  double temperature = zero_celsius + 27.0;  // K
  double nominal = zero_celsius + 27.0;      // K, at which model parameters were measured
  double gmin = 1e-12;                       // S, across every junction
  double thermal_voltage() const { return boltzmann * temperature / elementary_charge; }
};

/// Discrete states (a switch that is on or off), one per mode and sample; they change only at events.
class Modes {
 public:
  Modes() = default;
  Modes(std::vector<char> initial, Index samples) : samples_(samples) {
    for (char mode : initial) mode_.insert(mode_.end(), static_cast<std::size_t>(samples), mode);
  }
  char& at(Index mode, Index sample) { return mode_[static_cast<std::size_t>(mode * samples_ + sample)]; }
  char at(Index mode, Index sample) const { return mode_[static_cast<std::size_t>(mode * samples_ + sample)]; }

 private:
  Index samples_ = 0;
  std::vector<char> mode_;
};

/// Column c of the block that goes with a moment is sample `first_sample` + c of the run.
struct Moment {
  double t = 0.0;              // s
  bool transient = false;      // true: sources follow their waveforms; false: their DC values
  double sources = 1.0;        // all independent sources are scaled by this on the way to an operating point
  const Modes* modes = nullptr;
  Index first_sample = 0;
};

}  // namespace settle
