// What written devices have in common whatever the shape of their steps: range, spread, noise, levels, forgetting, cost.
#pragma once

#include <string>
#include <vector>

#include "devices/write.hpp"
#include "sim/random.hpp"

namespace settle {

/// Lengths are weights unless a unit is given; a spread is a standard deviation. Names are those of the fields.
struct WriteHardware {
  double gmin = 1e-6, gmax = 100e-6, wmin = -1.0, wmax = 1.0;
  double dw = 1e-3, up_down = 0.0, c2c = 0.0, write_noise = 0.0;
  double d2d = 0.0, d2d_law = 0.0, up_down_d2d = 0.0, wmin_d2d = 0.0, wmax_d2d = 0.0;
  double levels = 0.0, rounding = 0.0, pulses = 0.0;
  double lifetime = 0.0, lifetime_d2d = 0.0, retention = 0.0, reset = 0.0, reset_d2d = 0.0, drift = 0.0, drift_t0 = 1.0;
  double diffusion = 0.0, diffusion_d2d = 0.0, corrupt = 0.0, corrupt_range = 1e3;
  double vup = 0.0, vdown = 0.0, tup = 0.0, tdown = 0.0, energy = 0.0;
};

enum class Rounding { stochastic, nearest, down, none };

struct HardwareField {
  WriteField field;
  double WriteHardware::*member;
};
const std::vector<HardwareField>& hardware_fields();

/// One device as drawn, in weights. `slope` and the like are the model's own.
struct WriteCell {
  double up, down;      // mean step in the middle of the range, both positive
  double low, high;     // bounds
  double slope_up = 0.0, slope_down = 0.0;
  bool stuck = false;
};

/// Draws of one device: standard normal numbers by the number of the parameter, which never changes.
class Draws {
 public:
  Draws(const WriteKey& key, std::uint64_t device) : key_(key), device_(device) {}
  double normal(std::uint64_t parameter) const { return stream(parameter).normal_at(device_); }
  double uniform(std::uint64_t parameter) const { return stream(parameter).uniform_at(device_); }

 private:
  Stream stream(std::uint64_t parameter) const { return {key_.seed, "write.device", key_.name, parameter}; }
  const WriteKey& key_;
  std::uint64_t device_;
};

/// Numbers of parameters for Draws; models begin at `own`.
namespace drawn {
enum : std::uint64_t { step, asymmetry, low, high, corrupt, where, lifetime, reset, diffusion, own = 32 };
}

WriteCell draw_cell(const WriteHardware& hardware, const Draws& draws);

/// Bounds in order, conductances not negative, whatever the spread; stuck devices are at one weight.
void settle_bounds(const WriteHardware& hardware, WriteCell& cell);

/// Weights and conductances (S).
double weight_of(const WriteHardware& hardware, double g);
double conductance_of(const WriteHardware& hardware, double w);

/// Throws Error(Fault::netlist) where fields contradict each other.
void check_hardware(const WriteHardware& hardware);

}  // namespace settle
