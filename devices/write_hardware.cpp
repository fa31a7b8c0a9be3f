// Fields that write models share, and the spread of devices: scales dw (gain + bias +- r), bounds w (1 + spread xi), as in the
// IBM analog hardware acceleration kit (doi:10.1109/AICAS51828.2021.9458494).
#include "devices/write_hardware.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace settle {
namespace {

using H = WriteHardware;
constexpr double none = Field::unbounded;

HardwareField number(const char* name, const char* unit, const char* help, double H::*member, double lower, double upper = none) {
  return {{{name, unit, help, H{}.*member, lower, upper}}, member};
}

HardwareField choice(const char* name, const char* help, double H::*member, std::vector<std::string> choices) {
  return {{{name, "", help, 0.0}, std::move(choices)}, member};
}

}  // namespace

const std::vector<HardwareField>& hardware_fields() {
  static const std::vector<HardwareField> fields{
      number("gmin", "S", "conductance of the weight wmin", &H::gmin, 0.0),
      number("gmax", "S", "conductance of the weight wmax", &H::gmax, 0.0),
      number("wmin", "", "lowest weight", &H::wmin, -none),
      number("wmax", "", "highest weight", &H::wmax, -none),
      number("dw", "", "step of one pulse, as a weight", &H::dw, 1e-12),
      number("up_down", "", "asymmetry: above 0 a pulse down is smaller by this part, below 0 a pulse up", &H::up_down, -1.0, 1.0),
      number("c2c", "", "noise from pulse to pulse: standard deviation, relative to the step", &H::c2c, 0.0),
      number("write_noise", "", "noise of what is read after a write beside what the device holds, in steps dw", &H::write_noise, 0.0),
      number("d2d", "", "spread of the step from device to device, relative", &H::d2d, 0.0),
      choice("d2d_law", "law of that spread; lognormal: dw exp(d2d xi)", &H::d2d_law, {"normal", "lognormal"}),
      number("up_down_d2d", "", "spread of the asymmetry", &H::up_down_d2d, 0.0),
      number("wmin_d2d", "", "spread of the lower bound, relative to wmin", &H::wmin_d2d, 0.0),
      number("wmax_d2d", "", "spread of the upper bound, relative to wmax", &H::wmax_d2d, 0.0),
      number("levels", "", "number of levels between the bounds a device can keep; 0: any", &H::levels, 0.0, 1e9),
      choice("rounding", "how a change becomes pulses, and a weight one of the levels; none: parts of a pulse", &H::rounding,
             {"stochastic", "nearest", "down", "none"}),
      number("pulses", "", "most pulses of one update; 0: any", &H::pulses, 0.0, 1e7),
      number("lifetime", "", "updates in which a weight decays to 1/e of its distance from reset; 0: never", &H::lifetime, 0.0),
      number("lifetime_d2d", "", "spread of lifetime and retention, relative", &H::lifetime_d2d, 0.0),
      number("retention", "s", "the same as a time that passes; 0: for ever", &H::retention, 0.0),
      number("reset", "", "weight that a device decays to", &H::reset, -none),
      number("reset_d2d", "", "spread of reset", &H::reset_d2d, 0.0),
      number("drift", "", "exponent of g (t/drift_t0)^-drift after the last write", &H::drift, 0.0, 1.0),
      number("drift_t0", "s", "time after a write at which drift begins", &H::drift_t0, 1e-15),
      number("diffusion", "", "random walk of every weight: standard deviation after one update", &H::diffusion, 0.0),
      number("diffusion_d2d", "", "spread of diffusion, relative", &H::diffusion_d2d, 0.0),
      number("corrupt", "", "part of the devices that are stuck at a random weight", &H::corrupt, 0.0, 1.0),
      number("corrupt_range", "", "stuck weights lie within this distance of 0", &H::corrupt_range, 0.0),
      number("vup", "V", "voltage of a pulse up, for the energy", &H::vup, -none),
      number("vdown", "V", "voltage of a pulse down", &H::vdown, -none),
      number("tup", "s", "duration of a pulse up", &H::tup, 0.0),
      number("tdown", "s", "duration of a pulse down", &H::tdown, 0.0),
      number("energy", "J", "energy of a pulse besides v^2 g t", &H::energy, 0.0)};
  return fields;
}

double weight_of(const WriteHardware& h, double g) { return h.wmin + (h.wmax - h.wmin) * (g - h.gmin) / (h.gmax - h.gmin); }

double conductance_of(const WriteHardware& h, double w) { return std::max(h.gmin + (h.gmax - h.gmin) * (w - h.wmin) / (h.wmax - h.wmin), 0.0); }

void settle_bounds(const WriteHardware& h, WriteCell& cell) {
  if (cell.low > cell.high) std::swap(cell.low, cell.high);
  const double dark = weight_of(h, 0.0);
  cell.low = std::max(cell.low, dark);
  cell.high = std::max(cell.high, dark);
}

WriteCell draw_cell(const WriteHardware& h, const Draws& draws) {
  const double xi = h.d2d > 0.0 ? draws.normal(drawn::step) : 0.0;
  const double gain = h.d2d_law > 0.5 ? std::exp(h.d2d * xi) : 1.0 + h.d2d * xi;
  const double r = h.up_down_d2d > 0.0 ? h.up_down_d2d * draws.normal(drawn::asymmetry) : 0.0;
  WriteCell cell{std::abs(h.dw * (gain + std::min(h.up_down, 0.0) + r)), std::abs(h.dw * (gain - std::max(h.up_down, 0.0) - r)), h.wmin, h.wmax};
  if (h.wmin_d2d > 0.0) cell.low *= 1.0 + h.wmin_d2d * draws.normal(drawn::low);
  if (h.wmax_d2d > 0.0) cell.high *= 1.0 + h.wmax_d2d * draws.normal(drawn::high);
  if (h.wmin <= 0.0) cell.low = -std::abs(cell.low);
  if (h.wmax >= 0.0) cell.high = std::abs(cell.high);
  settle_bounds(h, cell);
  if (h.corrupt > 0.0 && draws.uniform(drawn::corrupt) < h.corrupt) {
    const double low = std::clamp(-h.corrupt_range, cell.low, cell.high), high = std::clamp(h.corrupt_range, cell.low, cell.high);
    cell.low = cell.high = low + (high - low) * draws.uniform(drawn::where);
    cell.up = cell.down = 0.0;
    cell.stuck = true;
  }
  return cell;
}

void check_hardware(const WriteHardware& h) {
  const auto fail = [](const std::string& text) { throw Error(Fault::netlist, text); };
  if (!(h.gmax > h.gmin)) fail(fmt::format("gmax ({:g} S) must be above gmin ({:g} S)", h.gmax, h.gmin));
  if (!(h.wmax > h.wmin)) fail(fmt::format("wmax ({:g}) must be above wmin ({:g})", h.wmax, h.wmin));
  if (h.levels == 1.0) fail("levels=1 leaves nothing to write; write 0 for any weight, or 2 and more");
  if (h.lifetime > 0.0 && h.lifetime < 1.0) fail(fmt::format("lifetime={:g} is less than one update", h.lifetime));
}

}  // namespace settle
