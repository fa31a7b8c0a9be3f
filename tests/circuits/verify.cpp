// Program and verify on a device whose answer to a pulse is known.
#include "circuits/verify.hpp"

#include <catch2/catch.hpp>

using namespace settle;

namespace {

/// Moves by a fixed step per volt of a pulse.
class Ladder final : public Writable {
 public:
  Ladder(const ProgramSettings& settings, double start, double step) : g(start), settings_(settings), step_(step) {}
  double read(int) override { return g; }
  Writing write(bool up, double, int, int repeats) override {
    const Pulse pulse = settings_.pulse(up, repeats);
    volts.push_back(pulse.volts);
    width.push_back(pulse.width);
    g += step_ * pulse.volts;
    return {pulse.volts, pulse.width, 1.0, pulse.seconds()};
  }
  double g;
  std::vector<double> volts, width;

 private:
  const ProgramSettings& settings_;
  double step_;
};

bool never() { return false; }

}  // namespace

TEST_CASE("verifying stops at the first reading within the tolerance", "[circuits][program]") {
  const ProgramSettings settings{.tolerance = 0.0, .abstol = 0.4, .set = 1.0, .reset = -1.0};
  Ladder device(settings, 0.0, 1.0);
  const Verified result = verify(device, 3.3, settings, never);
  CHECK(result.converged);
  CHECK(result.writings() == 3);
  CHECK(result.conductance() == 3.0);
  CHECK(result.attempts.size() == 4);
  CHECK(result.joules == 3.0);
  CHECK(result.seconds == Approx(3 * (100e-9 + 2 * 1e-9)).epsilon(1e-14));
}

TEST_CASE("a device within the tolerance is not written", "[circuits][program]") {
  const ProgramSettings settings{.tolerance = 0.1};
  Ladder device(settings, 0.95, 1.0);
  const Verified result = verify(device, 1.0, settings, never);
  CHECK(result.converged);
  CHECK(result.writings() == 0);
  CHECK(device.volts.empty());
}

TEST_CASE("the pulse has the direction of the error, and after the largest number of pulses it is over", "[circuits][program]") {
  const ProgramSettings settings{.tolerance = 1e-3, .pulses = 5, .set = 2.0, .reset = -1.0};
  Ladder device(settings, 0.0, 1.0);  // 2, 1, 0, 2, 1 about 0.5
  const Verified result = verify(device, 0.5, settings, never);
  CHECK_FALSE(result.converged);
  CHECK(result.writings() == 5);
  CHECK(device.volts == std::vector<double>{2.0, -1.0, -1.0, 2.0, -1.0});
}

TEST_CASE("amplitude and width grow with pulses in one direction and begin anew in the other", "[circuits][program]") {
  const ProgramSettings settings{.tolerance = 1e-3, .pulses = 5, .set = 1.0, .reset = -1.0, .width = 1e-6, .step = 0.5, .vmax = 1.75, .stretch = 2.0};
  Ladder device(settings, 0.0, 1.0);  // 1, 2.5, 4.25 passes 4, back to 3.25, then up again
  verify(device, 4.0, settings, never);
  CHECK(device.volts == std::vector<double>{1.0, 1.5, 1.75, -1.0, 1.0});
  CHECK(device.width == std::vector<double>{1e-6, 2e-6, 4e-6, 1e-6, 1e-6});
}
