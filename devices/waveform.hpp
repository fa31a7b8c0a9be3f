// Waveforms of independent sources: a value for every time, its slope, and the times a step must end at.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/error.hpp"
#include "sim/registry.hpp"

namespace settle {

/// Immutable; shared by whoever drives with it. Seconds, and the source's unit (V or A).
class Waveform {
 public:
  virtual ~Waveform() = default;
  /// At a jump, the value to its right.
  virtual double value(double t) const = 0;
  /// d value / dt; at a breakpoint the slope to its right.
  virtual double slope(double t) const = 0;
  /// The first time after t at which value or slope jumps; infinity if there is none. Feeding back what it returned always moves on.
  virtual double next_breakpoint(double t) const = 0;
  /// Shortest period of a smooth oscillation, which steps must resolve; infinity if there is none.
  virtual double fastest() const { return std::numeric_limits<double>::infinity(); }
  /// The limit from the left at a breakpoint; differs from value() where the waveform jumps.
  virtual double before(double breakpoint) const { return value(breakpoint); }
};

/// What SPICE takes defaults from.
struct TimeWindow {
  double tstep = 0.0;
  double tstop = 0.0;
};

struct WaveformArguments {
  std::vector<double> values;             // in the order of the parameter table; PWL: t1 v1 t2 v2 ...
  std::map<std::string, double> options;  // r=, td= of PWL
  TimeWindow window;
  std::uint64_t seed = 0;  // of noise waveforms
  std::string name;        // of the source: keys its noise

  /// The k-th number, or what stands for it if the list is shorter (`given`) or it is 0 (`nonzero`).
  double given(std::size_t k, double standard) const { return k < values.size() ? values[k] : standard; }
  double nonzero(std::size_t k, double standard) const { return given(k, 0.0) != 0.0 ? values[k] : standard; }
  double option(std::string_view key, double standard) const;
};

/// A wrong argument list. `argument` is its place in `values`, or -1.
class WaveformError : public Error {
 public:
  WaveformError(int argument, const std::string& text) : Error(Fault::netlist, text), argument_(argument) {}
  int argument() const { return argument_; }

 private:
  int argument_;
};

struct WaveformParameter {
  std::string name, unit, standard, help;  // standard: its default as text, "" if it must be given
};

/// One kind of waveform; lives in Registry<WaveformKind> under its lower-case name.
class WaveformKind {
 public:
  virtual ~WaveformKind() = default;
  virtual std::string help() const = 0;
  virtual std::vector<WaveformParameter> parameters() const = 0;
  /// Names that may be given as name=value after the list.
  virtual std::vector<WaveformParameter> options() const { return {}; }
  /// True if the list goes on in pairs for as long as one likes.
  virtual bool open_ended() const { return false; }
  /// Something the user should hear about, or "": how a doubtful argument list is read.
  virtual std::string warning(const WaveformArguments&) const { return ""; }
  virtual std::shared_ptr<const Waveform> make(const WaveformArguments&) const = 0;
};

/// Checks the argument list against the kind's table and makes the waveform; throws WaveformError. Names are case-insensitive.
std::shared_ptr<const Waveform> make_waveform(std::string_view kind, const WaveformArguments& arguments);
/// The call as a deck writes it: "pulse(0 1 1e-06)".
std::string waveform_text(std::string_view kind, const WaveformArguments& arguments);
/// nullptr if there is no such kind; knows the aliases (sine).
const WaveformKind* find_waveform(std::string_view kind);

/// Refuses an interval that comes again more often until tstop than could ever be simulated (and than doubles can tell apart).
void check_interval(int argument, std::string_view what, double interval, const WaveformArguments& arguments);

std::shared_ptr<const Waveform> constant_waveform(double value);

}  // namespace settle
