// A population of written devices: what does not depend on the shape of a step. The loop over devices is the template in write_pulses.hpp.
#pragma once

#include <functional>
#include <vector>

#include "devices/write_hardware.hpp"

namespace settle {

/// Calls part(begin, end) over blocks of devices on so many threads; what a block computes never depends on the threads.
void for_blocks(std::size_t count, int threads, const std::function<void(std::size_t block, std::size_t begin, std::size_t end)>& part);
std::size_t block_count(std::size_t count);

/// Whole pulses and the part of one more.
struct Train {
  std::int64_t pulses = 0;
  double part = 0.0;
};

/// Random numbers of one update: by device and by place in its train.
class UpdateNoise {
 public:
  UpdateNoise(const WriteKey& key, std::uint64_t step)
      : pulses_(key.seed, "write.pulse", key.name, step), decisions_(key.seed, "write.round", key.name, step),
        walk_(key.seed, "write.walk", key.name, step), reading_(key.seed, "write.noise", key.name, step) {}
  double pulse(std::uint64_t device, std::uint64_t pulse) const { return pulses_.normal_at(device << 24 | pulse); }
  double rounding(std::uint64_t device) const { return decisions_.uniform_at(device << 1); }
  double level(std::uint64_t device) const { return decisions_.uniform_at(device << 1 | 1); }
  double walk(std::uint64_t device) const { return walk_.normal_at(device); }
  double reading(std::uint64_t device) const { return reading_.normal_at(device); }

 private:
  Stream pulses_, decisions_, walk_, reading_;
};

class WritePopulation : public Writer {
 public:
  /// `finish` lets the model complete a drawn device.
  WritePopulation(const WriteHardware& hardware, std::size_t count, WriteKey key, bool spread,
                  const std::function<void(WriteCell&, const Draws&)>& finish);

  std::size_t count() const override { return count_; }
  std::array<double, 2> range(std::size_t device) const override;
  bool stuck(std::size_t device) const override { return cell(device).stuck; }
  void start(std::span<double> g) override;
  void rest(std::span<double> g, double seconds, int threads) override;
  std::vector<std::vector<double>*> memory() override { return {&noise_, &age_}; }

 protected:
  const WriteHardware& hardware() const { return hardware_; }
  const WriteKey& key() const { return key_; }
  const WriteCell& cell(std::size_t device) const { return cells_[cells_.size() > 1 ? device : 0]; }

  /// What a device holds, behind what is read; and back, with new noise where it was written.
  double held(std::size_t device, double g) const;
  double shown(std::size_t device, double w, bool written, const UpdateNoise& noise);
  /// Decay and diffusion of one update.
  double forget(std::size_t device, double w, const UpdateNoise& noise) const;
  bool forgets() const { return hardware_.lifetime > 0.0 || hardware_.diffusion > 0.0; }
  Train train_of(std::size_t device, double pulses, const UpdateNoise& noise) const;
  double on_level(std::size_t device, double w, const UpdateNoise& noise) const;
  void check(std::size_t conductances, std::size_t requests) const;

 private:
  std::vector<double> drawn_spread(double centre, double deviation, std::uint64_t parameter) const;
  double reset_of(std::size_t device) const;
  /// What is read of a device that holds w: never a negative conductance.
  double read(std::size_t device, double w);

  WriteHardware hardware_;
  std::size_t count_;
  WriteKey key_;
  std::vector<WriteCell> cells_;  // one, if all are the same; so are the next three
  std::vector<double> lifetime_;  // relative
  std::vector<double> reset_;     // weight
  std::vector<double> diffusion_; // weight
  std::vector<double> noise_;     // of the last write, as a weight
  std::vector<double> age_;       // s since the last write, drift_t0 at least
};

}  // namespace settle
