// Writing: how hardware answers a requested change of conductance, for learning and programming. A model is one file that registers itself
// (devices/write_constant_step.cpp is the pattern). A weight w in [wmin, wmax] stands for the conductance
//   g = gmin + (gmax - gmin) (w - wmin) / (wmax - wmin).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/field.hpp"
#include "sim/registry.hpp"

namespace settle {

/// What an update has cost, over all devices.
struct WriteTally {
  std::int64_t up = 0, down = 0;  // pulses
  double energy = 0.0;            // J: v^2 g t of every pulse, and what a pulse costs besides
  double time = 0.0;              // s, all trains one after the other
  double longest = 0.0;           // s, the longest train: the update's duration where all devices are written at once
};

/// Whose random numbers are drawn: neither other populations nor the number of threads change them.
struct WriteKey {
  std::uint64_t seed = 0;
  std::string name;  // of the element, hierarchical
};

/// The devices of one element: their drawn parameters and what they remember. Conductances (S) belong to the caller.
class Writer {
 public:
  virtual ~Writer() = default;

  virtual std::size_t count() const = 0;
  /// True if changes are made of pulses; otherwise pulse() throws.
  virtual bool pulsed() const = 0;
  /// Lowest and highest conductance (S) the device can be brought to.
  virtual std::array<double, 2> range(std::size_t device) const = 0;
  /// A stuck device has one conductance, whatever is asked.
  virtual bool stuck(std::size_t device) const = 0;
  /// Mean change (S, with its sign) of the next pulse of a device at conductance g; 0 where there are no pulses.
  virtual double mean_step(std::size_t device, double g, bool up) const = 0;

  /// Brings freshly set conductances within each device's reach and stuck devices to where they are stuck.
  virtual void start(std::span<double> g) = 0;
  /// One update: moves each conductance as its device answers the requested change (S). The same `step` draws the same numbers.
  virtual WriteTally write(std::span<double> g, std::span<const double> change, std::uint64_t step, int threads = 1) = 0;
  /// Trains of pulses, the sign is the direction.
  virtual WriteTally pulse(std::span<double> g, std::span<const int> pulses, std::uint64_t step, int threads = 1) = 0;
  /// Time goes by without writing: retention and drift.
  virtual void rest(std::span<double> g, double seconds, int threads = 1) = 0;
  /// All it remembers from write to write, for checkpoints: to be stored and restored as it is.
  virtual std::vector<std::vector<double>*> memory() { return {}; }
};

/// A parameter of a write model: a number, one of several words, or the name of a file.
struct WriteField {
  Field field;
  std::vector<std::string> choices = {};  // their places are the values
  bool file = false;
};

struct WriteValues {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> files;
};

class WriteModel {
 public:
  virtual ~WriteModel() = default;
  std::string name, help, source;  // source: who described it
  std::vector<WriteField> fields;
  std::vector<std::string> fits;  // fields that a path of measured conductances can determine; empty: the model has no steps

  /// Throws Error(Fault::netlist), without a place, where values contradict each other, Error(Fault::file) for a bad table.
  virtual std::unique_ptr<Writer> make(const WriteValues& values, std::size_t count, const WriteKey& key) const = 0;
  const WriteField* field(std::string_view field_name) const;
};

/// Published parameters of a model under a name of their own.
struct WritePreset {
  std::string name, model, help, source;
  std::map<std::string, double> values;
};
const std::vector<WritePreset>& write_presets();

/// A `.model` card of a write model, checked.
struct WriteSetting {
  std::string name;  // of the card
  const WriteModel* model = nullptr;
  WriteValues values = {};

  std::unique_ptr<Writer> make(std::size_t count, const WriteKey& key) const { return model->make(values, count, key); }
};

/// The model or preset of that name with the preset's values; `model` is null if there is none.
WriteSetting find_write(std::string_view type);
/// Names of all models and presets, for suggestions.
std::vector<std::string_view> write_names();

}  // namespace settle
