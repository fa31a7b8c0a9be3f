// SIN, EXP, SFFM and AM: waveforms with formulas.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "devices/waveform.hpp"

namespace settle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double full_turn = 2.0 * std::numbers::pi;

double radians(double degrees) { return degrees * std::numbers::pi / 180.0; }
/// Whole turns are dropped before pi comes in, so that late times keep their digits.
double angle(double frequency, double t, double phase) {
  const double turns = frequency * t;
  return full_turn * (turns - std::floor(turns)) + phase;
}
double one_per(double time) { return time > 0.0 ? 1.0 / time : 0.0; }
double period_of(double frequency) { return frequency == 0.0 ? infinity : 1.0 / std::abs(frequency); }
double first_after(double t, double breakpoint) { return t < breakpoint ? breakpoint : infinity; }

struct Sine : Waveform {
  double offset, amplitude, frequency, delay, damping, phase;

  double value(double t) const override {
    const double u = t - delay;
    if (u < 0.0) return offset + amplitude * std::sin(phase);
    return offset + amplitude * std::sin(angle(frequency, u, phase)) * std::exp(-damping * u);
  }
  double slope(double t) const override {
    const double u = t - delay, a = angle(frequency, u, phase);
    return u < 0.0 ? 0.0 : amplitude * std::exp(-damping * u) * (full_turn * frequency * std::cos(a) - damping * std::sin(a));
  }
  double next_breakpoint(double t) const override { return first_after(t, delay); }
  double fastest() const override { return period_of(frequency); }
};

struct Exponential : Waveform {
  double v1, v2, rise_at, rise, fall_at, fall;

  double value(double t) const override { return v1 + (v2 - v1) * (grown(t - rise_at, rise) - grown(t - fall_at, fall)); }
  double slope(double t) const override { return (v2 - v1) * (growth(t - rise_at, rise) - growth(t - fall_at, fall)); }
  double next_breakpoint(double t) const override { return std::min(first_after(t, rise_at), first_after(t, fall_at)); }

  static double grown(double u, double tau) { return u > 0.0 ? -std::expm1(-u / tau) : 0.0; }
  static double growth(double u, double tau) { return u >= 0.0 ? std::exp(-u / tau) / tau : 0.0; }
};

struct FrequencyModulated : Waveform {
  double offset, amplitude, carrier, index, signal, carrier_phase, signal_phase;

  double value(double t) const override { return offset + amplitude * std::sin(total(t)); }
  double slope(double t) const override {
    const double turning = carrier + index * signal * std::cos(angle(signal, t, signal_phase));
    return amplitude * std::cos(total(t)) * full_turn * turning;
  }
  double next_breakpoint(double) const override { return infinity; }
  double fastest() const override { return period_of(std::max(std::abs(carrier) + std::abs(index * signal), std::abs(signal))); }

  double total(double t) const { return angle(carrier, t, carrier_phase) + index * std::sin(angle(signal, t, signal_phase)); }
};

struct AmplitudeModulated : Waveform {
  double amplitude, offset, modulation, carrier, delay, carrier_phase, modulation_phase;

  double value(double t) const override { return t < delay ? 0.0 : after(t - delay); }
  double before(double breakpoint) const override { return breakpoint <= delay ? 0.0 : value(breakpoint); }
  double slope(double t) const override {
    if (t < delay) return 0.0;
    const double m = angle(modulation, t - delay, modulation_phase), c = angle(carrier, t - delay, carrier_phase);
    return amplitude * full_turn * (modulation * std::cos(m) * std::sin(c) + (offset + std::sin(m)) * carrier * std::cos(c));
  }
  double next_breakpoint(double t) const override { return first_after(t, delay); }
  double fastest() const override { return period_of(std::abs(carrier) + std::abs(modulation)); }

  double after(double u) const {
    return amplitude * (offset + std::sin(angle(modulation, u, modulation_phase))) * std::sin(angle(carrier, u, carrier_phase));
  }
};

class SineKind : public WaveformKind {
  std::string help() const override { return "vo + va*sin(2 pi freq (t-td) + phase) exp(-theta (t-td)); before td its value at td holds"; }
  std::vector<WaveformParameter> parameters() const override {
    return {{"vo", "V or A", "", "offset"},      {"va", "V or A", "", "amplitude"},         {"freq", "Hz", "1/tstop", "frequency; 0 means 1/tstop"},
            {"td", "s", "0", "delay"},           {"theta", "1/s", "0", "damping"},          {"phase", "deg", "0", "phase"}};
  }
  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    auto w = std::make_shared<Sine>();
    w->offset = a.values[0], w->amplitude = a.values[1], w->frequency = a.nonzero(2, one_per(a.window.tstop));
    w->delay = a.given(3, 0.0), w->damping = a.given(4, 0.0), w->phase = radians(a.given(5, 0.0));
    return w;
  }
};

class ExponentialKind : public WaveformKind {
  std::string help() const override { return "from v1 towards v2 after td1, back towards v1 after td2"; }
  std::vector<WaveformParameter> parameters() const override {
    return {{"v1", "V or A", "", "value at first"},
            {"v2", "V or A", "", "value approached"},
            {"td1", "s", "tstep", "start of the rise; 0 means tstep"},
            {"tau1", "s", "tstep", "time constant of the rise; 0 means tstep"},
            {"td2", "s", "td1+tstep", "start of the fall; 0 means td1+tstep"},
            {"tau2", "s", "tstep", "time constant of the fall; 0 means tstep"}};
  }
  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    auto w = std::make_shared<Exponential>();
    w->v1 = a.values[0], w->v2 = a.values[1], w->rise_at = a.nonzero(2, a.window.tstep), w->rise = a.nonzero(3, a.window.tstep);
    w->fall_at = a.nonzero(4, w->rise_at + a.window.tstep), w->fall = a.nonzero(5, a.window.tstep);
    if (w->rise < 0.0 || w->fall < 0.0)
      throw WaveformError(w->rise < 0.0 ? 3 : 5, fmt::format("{} of exp must not be negative", w->rise < 0.0 ? "tau1" : "tau2"));
    return w;
  }
};

class FrequencyModulatedKind : public WaveformKind {
  std::string help() const override { return "vo + va*sin(2 pi fc t + phasec + mdi*sin(2 pi fs t + phases))"; }
  std::vector<WaveformParameter> parameters() const override {
    return {{"vo", "V or A", "", "offset"},
            {"va", "V or A", "", "amplitude"},
            {"fc", "Hz", "1/tstop", "carrier frequency; 0 means 1/tstop"},
            {"mdi", "", "0", "modulation index"},
            {"fs", "Hz", "1/tstop", "signal frequency; 0 means 1/tstop"},
            {"phasec", "deg", "0", "phase of the carrier"},
            {"phases", "deg", "0", "phase of the signal"}};
  }
  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    auto w = std::make_shared<FrequencyModulated>();
    w->offset = a.values[0], w->amplitude = a.values[1], w->carrier = a.nonzero(2, one_per(a.window.tstop)), w->index = a.given(3, 0.0);
    w->signal = a.nonzero(4, one_per(a.window.tstop)), w->carrier_phase = radians(a.given(5, 0.0)), w->signal_phase = radians(a.given(6, 0.0));
    return w;
  }
};

class AmplitudeModulatedKind : public WaveformKind {
  std::string help() const override { return "va*(vo + sin(2 pi mf (t-td) + phases)) * sin(2 pi fc (t-td) + phasec); 0 before td"; }
  std::vector<WaveformParameter> parameters() const override {
    return {{"va", "V or A", "", "amplitude"},
            {"vo", "", "", "offset of the modulation"},
            {"mf", "Hz", "1/tstop", "modulating frequency; 0 means 1/tstop"},
            {"fc", "Hz", "0", "carrier frequency"},
            {"td", "s", "0", "delay"},
            {"phasec", "deg", "0", "phase of the carrier"},
            {"phases", "deg", "0", "phase of the modulation"}};
  }
  std::string warning(const WaveformArguments& a) const override {
    const bool phases = a.given(5, 0.0) != 0.0 || a.given(6, 0.0) != 0.0;
    return std::string("am is read as am(va vo mf fc td), the order of ngspice 39; newer and other simulators order it differently") +
           (phases ? "; of the phases, ngspice 39 ignores phasec and shifts carrier and modulation by phases" : "");
  }
  std::shared_ptr<const Waveform> make(const WaveformArguments& a) const override {
    auto w = std::make_shared<AmplitudeModulated>();
    w->amplitude = a.values[0], w->offset = a.values[1], w->modulation = a.nonzero(2, one_per(a.window.tstop)), w->carrier = a.given(3, 0.0);
    w->delay = a.given(4, 0.0), w->carrier_phase = radians(a.given(5, 0.0)), w->modulation_phase = radians(a.given(6, 0.0));
    return w;
  }
};

const Registered<WaveformKind, SineKind> sine("sin");
const Registered<WaveformKind, ExponentialKind> exponential("exp");
const Registered<WaveformKind, FrequencyModulatedKind> frequency_modulated("sffm");
const Registered<WaveformKind, AmplitudeModulatedKind> amplitude_modulated("am");

}  // namespace
}  // namespace settle
