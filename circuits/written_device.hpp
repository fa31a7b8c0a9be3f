// Written device: a device on its own under programming, with the noise its kind says programming and reading have.
#pragma once

#include <cstdint>

#include "circuits/lone_device.hpp"
#include "circuits/verify.hpp"

namespace settle {

/// Pulses move the state of a device that has one; the conductance of any other is set outright.
class WrittenDevice final : public Writable {
 public:
  /// `name` and `seed` key the noise.
  WrittenDevice(const DeviceRef& device, const ProgramSettings& settings, const LoneSetup& setup, std::uint64_t seed);

  std::array<double, 2> reach();
  double read(int writings) override;
  Writing write(bool up, double target, int number, int repeats) override;
  /// Fields that programming changed, with their values now.
  Values changed() const;

 private:
  void draw(Field::Drawn when, int number);
  void quiet(Field::Drawn when);

  const Kind& kind_;
  std::string name_;
  const ProgramSettings& settings_;
  std::uint64_t seed_;
  Environment environment_;
  Values before_;
  LoneDevice device_;
};

}  // namespace settle
