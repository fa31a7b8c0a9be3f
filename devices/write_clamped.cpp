// Clamped write: the change asked, up to noise and to the device's own gain, within bounds; no pulses.
#include "devices/write_pulses.hpp"

namespace settle {
namespace {

struct Clamped : WriteModelBase {
  static constexpr bool pulsed = false;

  static WriteDescription<Clamped> describe() {
    return {.help = "w <- clip(w + D (gain + c2c xi)) for the change D asked, in whatever size; an update counts as one pulse",
            .source = "",
            .without = {"dw", "pulses", "write_noise"}};
  }
  WriteStep step(const WriteCell&, double, bool) const { return {0.0, 0.0}; }
};

const RegisteredWrite<Clamped> registered("clamped");

}  // namespace
}  // namespace settle
