// Training: samples presented one after the other, gradients by a rule, batches of them into updates of the devices; epoch by epoch.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "learning/pupils.hpp"

namespace settle {

struct TrainSettings {
  long epochs = 100;
  long batch = 1;               // samples per update; 0: all
  bool shuffle = true;
  double stop = 0.0;            // mean cost of an epoch that is good enough
  long patience = 0;            // epochs without a better cost before giving up; 0: never
  long compare = 0;             // epochs between gradients compared with the exact one; 0: never
  bool single = false;          // samples settle in single precision
  bool skip = false;            // a sample whose nudged states are not found teaches nothing, instead of ending the training
};

/// What an epoch came to.
struct EpochReport {
  double cost = 0.0, accuracy = 0.0;             // of the samples, before their updates; NaN without classes
  double held_out_cost = 0.0, held_out_accuracy = 0.0;  // after the epoch; NaN without
  double cosine = 0.0, symmetry = 0.0;           // NaN where not compared
  double slowest = 0.0;                          // time constant at rest, s, of all samples compared; NaN likewise
  double iterations = 0.0, most_iterations = 0.0;  // of Newton, or cycles through all layers, per sample
  double skipped = 0.0;                          // samples that taught nothing
};

class Training {
 public:
  Training(const Job& job, const Learning& learning, const Lessons& lessons, const TrainSettings& settings, const Recorder& recorder);
  ~Training();

  /// The next epoch; `progress` is told the share of its samples that is done.
  EpochReport epoch(const std::function<void(double)>& progress);
  long epochs_done() const { return epoch_; }
  long updates() const { return update_; }

  const Weights& weights() const { return weights_; }
  Updater& updater() { return *updater_; }
  /// Cost and accuracy of a lesson as the circuit is now.
  struct Score {
    double cost = 0.0, accuracy = 0.0;
  };
  Score score(const Lesson& lesson);
  /// Outputs of a sample of the training lesson, as the circuit is now.
  Vector<double> outputs(Index sample);
  /// Floating-point operations in products of matrices so far; 0 where samples are solved one by one.
  double flops() const { return pupils_->crowd() ? pupils_->crowd()->flops() : 0.0; }
  Stage& stage() { return pupils_->first(); }

  /// Continues behind a checkpoint: with what the updater remembered then.
  void continue_at(long epoch, long updates, const std::vector<std::pair<std::string, std::vector<double>>>& memory);
  /// Rest states are looked for anew from here on, as after a checkpoint was loaded.
  void forget_rest_states() {
    pupils_->forget_rest_states();
    pupils_->first().left() = {};
  }

 private:
  Vector<double> batch(const std::vector<Index>& samples, std::size_t first, std::size_t last, EpochReport& report);
  void compare(EpochReport& report);
  void changed();
  [[noreturn]] void explain(const SampleError& error) const;

  const Job& job_;
  const Learning& learning_;
  const Lessons& lessons_;
  TrainSettings settings_;
  const Recorder& recorder_;
  Weights weights_;
  std::unique_ptr<Updater> updater_;
  std::unique_ptr<Pupils> pupils_, held_out_;
  long epoch_ = 0, update_ = 0;
};

}  // namespace settle
