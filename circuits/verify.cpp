// Verify: the direction follows from the error, the amplitude from how often it was the same.
#include "circuits/verify.hpp"

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace settle {

bool ProgramSettings::met(double conductance, double target) const {
  return std::abs(conductance - target) <= std::max(tolerance * std::abs(target), abstol);
}

Pulse ProgramSettings::pulse(bool up, int repeats) const {
  const double base = up ? set : reset, amplitude = std::max(std::abs(base), std::min(std::abs(base) + step * repeats, vmax));
  return {.volts = std::copysign(amplitude, base), .width = width * std::pow(stretch, repeats), .rise = rise, .wait = wait};
}

void Verified::append(const Verified& more) {
  attempts.insert(attempts.end(), more.attempts.begin(), more.attempts.end());
  converged = more.converged;
  backwards = backwards || more.backwards;
  joules += more.joules;
  seconds += more.seconds;
}

void Verified::end(double conductance, bool met) {
  attempts.push_back({writings(), {}, conductance});
  converged = met;
}

Verified verify(Writable& device, double target, const ProgramSettings& settings, const std::function<bool()>& interrupted, int first) {
  Verified result;
  double g = device.read(first);
  result.attempts.push_back({first, {}, g});
  const int most = first + static_cast<int>(settings.pulses);
  bool last_up = false;
  for (int number = first + 1, repeats = 0; !settings.met(g, target) && number <= most; ++number) {
    if (interrupted()) throw Error(Fault::interrupted, "interrupted");
    const bool up = g < target;
    repeats = number > first + 1 && up == last_up ? repeats + 1 : 0;
    last_up = up;
    const Writing writing = device.write(up, target, number, repeats);
    const double before = g;
    g = device.read(number);
    result.backwards = result.backwards || (up ? g < before : g > before);
    result.joules += writing.joules;
    result.seconds += writing.seconds;
    result.attempts.push_back({number, writing, g});
  }
  result.converged = settings.met(g, target);
  return result;
}

}  // namespace settle
