// The loop over devices and pulses, compiled for each shape of step; and the registration of a model.
#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "devices/write_population.hpp"

namespace settle {

/// Mean change of one pulse, positive in its direction, and what c2c is relative to.
struct WriteStep {
  double mean, spread;
};

/// Base of models: their hardware, and the hooks most have no use for.
struct WriteModelBase : WriteHardware {
  static constexpr bool pulsed = true;  // false: the change asked is made at once, in whatever size
  bool spread() const { return false; }  // devices differ by something of the model's own
  void prepare(const WriteValues&) {}    // derives, checks, reads tables
  void finish(WriteCell&, const Draws&) const {}
  double nominal_step() const { return dw; }  // a request of so much is one pulse
};

template <class M>
struct WriteDescription {
  std::string help, source;
  struct OwnField {
    WriteField field;
    double M::*member = nullptr;  // null: a file
  };
  std::vector<OwnField> fields = {};
  std::vector<std::string> fits = {};                         // see WriteModel
  std::vector<std::string> without = {};                      // shared fields that mean nothing here
  std::vector<std::pair<std::string, double>> defaults = {};  // of shared fields, where they differ
};

template <class M>
class PulsedWriter final : public WritePopulation {
 public:
  PulsedWriter(M model, std::size_t count, const WriteKey& key)
      : WritePopulation(model, count, key, model.spread(), [&model](WriteCell& cell, const Draws& draws) { model.finish(cell, draws); }),
        model_(std::move(model)) {}

  bool pulsed() const override { return M::pulsed; }

  double mean_step(std::size_t device, double g, bool up) const override {
    if (!M::pulsed || stuck(device)) return 0.0;
    const double w = std::clamp(held(device, g), cell(device).low, cell(device).high);
    const WriteStep step = model_.step(cell(device), w, up);
    const double to = std::clamp(up ? w + step.mean : w - step.mean, cell(device).low, cell(device).high);
    return (to - w) * siemens();
  }

  WriteTally write(std::span<double> g, std::span<const double> change, std::uint64_t step, int threads) override {
    check(g.size(), change.size());
    const UpdateNoise noise(key(), step);
    return over_devices(threads, [&](std::size_t k, WriteTally& tally) {
      const double asked = change[k] / siemens();
      const bool forgetful = forgets();
      if (asked == 0.0 && !forgetful) return;
      double w = held(k, g[k]);
      if (forgetful) w = forget(k, w, noise);
      if constexpr (M::pulsed) {
        const Train train = train_of(k, std::abs(asked) / model_.nominal_step(), noise);
        g[k] = written(k, w, train, asked > 0.0, noise, tally);
      } else {
        g[k] = changed(k, w, asked, noise, tally);
      }
    });
  }

  WriteTally pulse(std::span<double> g, std::span<const int> pulses, std::uint64_t step, int threads) override {
    check(g.size(), pulses.size());
    if (!M::pulsed) throw std::logic_error("this write model has no pulses");
    const UpdateNoise noise(key(), step);
    return over_devices(threads, [&](std::size_t k, WriteTally& tally) {
      if (pulses[k] != 0) g[k] = written(k, held(k, g[k]), {std::abs(std::int64_t{pulses[k]})}, pulses[k] > 0, noise, tally);
    });
  }

 private:
  double siemens() const { return (hardware().gmax - hardware().gmin) / (hardware().wmax - hardware().wmin); }

  template <class Each>
  WriteTally over_devices(int threads, Each each) {
    std::vector<WriteTally> tallies(block_count(count()));
    for_blocks(count(), threads, [&](std::size_t block, std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k) each(k, tallies[block]);
    });
    WriteTally all;
    for (const WriteTally& t : tallies) {
      all.up += t.up, all.down += t.down, all.energy += t.energy, all.time += t.time;
      all.longest = std::max(all.longest, t.longest);
    }
    return all;
  }

  /// `part` of a pulse is a pulse shorter by as much.
  double moved(std::size_t k, double w, bool up, double part, double xi) const {
    const WriteCell& c = cell(k);
    const WriteStep step = model_.step(c, w, up);
    const double size = part * step.mean + std::sqrt(part) * hardware().c2c * step.spread * xi;
    return std::clamp(up ? w + size : w - size, c.low, c.high);
  }

  void pay(double w, bool up, double part, WriteTally& tally) const {
    const WriteHardware& h = hardware();
    const double v = up ? h.vup : h.vdown, t = part * (up ? h.tup : h.tdown);
    tally.energy += v * v * conductance_of(h, w) * t + part * h.energy;
  }

  double written(std::size_t k, double w, const Train& train, bool up, const UpdateNoise& noise, WriteTally& tally) {
    const bool any = train.pulses > 0 || train.part > 0.0;
    w = std::clamp(w, cell(k).low, cell(k).high);
    const bool noisy = hardware().c2c > 0.0;
    for (std::int64_t n = 0; n < train.pulses + (train.part > 0.0); ++n) {
      const double part = n < train.pulses ? 1.0 : train.part;
      pay(w, up, part, tally);
      if (!cell(k).stuck) w = moved(k, w, up, part, noisy ? noise.pulse(k, static_cast<std::uint64_t>(n)) : 0.0);
    }
    count_train(train, up, tally);
    if (any) w = on_level(k, w, noise);
    return shown(k, w, any, noise);
  }

  void count_train(const Train& train, bool up, WriteTally& tally) const {
    (up ? tally.up : tally.down) += train.pulses + (train.part > 0.0);
    const double time = (static_cast<double>(train.pulses) + train.part) * (up ? hardware().tup : hardware().tdown);
    tally.time += time;
    tally.longest = std::max(tally.longest, time);
  }

  /// Without pulses: the device's own scale, its noise, its bounds. Counted as one pulse.
  double changed(std::size_t k, double w, double asked, const UpdateNoise& noise, WriteTally& tally) {
    const WriteCell& c = cell(k);
    const bool up = asked > 0.0;
    if (asked != 0.0) {
      pay(w, up, 1.0, tally);
      count_train({1}, up, tally);
      const double scale = (up ? c.up : c.down) / hardware().dw + (hardware().c2c > 0.0 ? hardware().c2c * noise.pulse(k, 0) : 0.0);
      w = on_level(k, std::clamp(w + (c.stuck ? 0.0 : asked * scale), c.low, c.high), noise);
    }
    return shown(k, w, asked != 0.0, noise);
  }

  M model_;
};

/// Puts a model into the registry: the shared fields it has a use for, then its own.
template <class M>
class RegisteredWrite {
 public:
  explicit RegisteredWrite(const char* name) { Registry<WriteModel>::add(name, std::make_unique<Model>(name)); }

 private:
  class Model final : public WriteModel {
   public:
    explicit Model(const char* model_name) : description_(M::describe()) {
      name = model_name, help = description_.help, source = description_.source, fits = description_.fits;
      for (const HardwareField& shared : hardware_fields()) {
        if (std::find(description_.without.begin(), description_.without.end(), shared.field.field.name) != description_.without.end()) continue;
        fields.push_back(shared.field);
        for (const auto& [field_name, value] : description_.defaults)
          if (field_name == shared.field.field.name) fields.back().field.initial = value;
      }
      for (const auto& own : description_.fields) fields.push_back(own.field);
    }

    std::unique_ptr<Writer> make(const WriteValues& values, std::size_t count, const WriteKey& key) const override {
      M model;
      for (const HardwareField& shared : hardware_fields()) model.*shared.member = number(values, shared.field.field);
      for (const auto& own : description_.fields)
        if (own.member) model.*own.member = number(values, own.field.field);
      check_hardware(model);
      model.prepare(values);
      return std::make_unique<PulsedWriter<M>>(std::move(model), count, key);
    }

   private:
    double number(const WriteValues& values, const Field& shared) const {
      const WriteField* const mine = field(shared.name);
      const auto given = values.numbers.find(shared.name);
      return given != values.numbers.end() ? given->second : mine ? mine->field.initial : shared.initial;
    }

    WriteDescription<M> description_;
  };
};

}  // namespace settle
