// Updater: from a gradient to new conductances: an optimizer asks for changes, each device answers as its write model says, within its bounds.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/write.hpp"
#include "learning/optimizer.hpp"
#include "learning/weights.hpp"

namespace settle {

/// How fast weights move over the epochs of a training.
struct RateSettings {
  double rate = 0.0;                                        // per the optimizer: weight per gradient, or weight
  std::vector<std::pair<std::string, double>> of_devices;   // rate(pattern)=
  enum class Schedule { constant, exponential, cosine } schedule = Schedule::constant;
  double last = 0.01;                                       // share of the rate in the last epoch

  /// Share of the rate in an epoch, the first being 0.
  double factor(long epoch, long epochs) const;
};

class Updater {
 public:
  using MakeOptimizer = std::function<std::unique_ptr<Optimizer>(Index weights)>;
  Updater(Weights& weights, const RateSettings& rates, const MakeOptimizer& optimizer, std::uint64_t seed);

  /// Moves the weights of the circuit by one update; the same step draws the same numbers. True if any moved.
  bool update(const Vector<double>& gradient, double factor, std::uint64_t step);

  const Vector<double>& values() const { return values_; }
  const WriteTally& tally() const { return tally_; }
  /// Weights that stand at a bound of theirs.
  Index at_bounds() const;
  /// All that a checkpoint has to hold, by name.
  std::vector<std::pair<std::string, std::vector<double>>> memory();
  void remember(const std::vector<std::pair<std::string, std::vector<double>>>& memory);

 private:
  void write(const Weights::Group& group, Writer* writer, const Vector<double>& change, std::uint64_t step);

  Weights& weights_;
  std::unique_ptr<Optimizer> optimizer_;
  std::vector<std::unique_ptr<Writer>> writers_;  // per group; null: changes are made as asked
  Vector<double> values_, rate_, lower_, upper_;
  WriteTally tally_;
};

}  // namespace settle
