// Pupils: what a lesson is shown to: many samples at once where the circuit allows it (Crowd), one after the other where it does not, or where a sample
// needs to be looked at by itself (Crew).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "learning/crew.hpp"
#include "learning/crowd.hpp"
#include "learning/learn.hpp"

namespace settle {

/// What a sample showed before its update.
struct Shown {
  double cost = 0.0, effort = 0.0;  // effort: Newton's iterations, or cycles through all layers
  bool right = false, skipped = false;
};

class Pupils {
 public:
  /// All must outlive it. `single`: settle in single precision; throws Error (netlist) where that is not possible.
  Pupils(const Job& job, const Lesson& lesson, Weights& weights, const Learning& learning, const Recorder& recorder, bool single);

  const Lesson& lesson() const { return lesson_; }
  /// The job's own circuit, one sample at a time.
  Stage& first() { return crew().first(); }
  Crew& crew();
  /// The job's own circuit with this sample at rest.
  Stage& at(Index sample);
  /// Null where samples are shown one by one.
  Crowd* crowd() { return crowd_.get(); }

  /// The job's devices have changed.
  void changed();
  /// Rest states are looked for anew.
  void forget_rest_states() {
    rest_.assign(rest_.size(), {});
    if (crowd_) crowd_->forget_rest_states();
  }

  std::vector<Shown> show(std::span<const Index> samples);
  /// The same, and adds the gradient of all, as measured; `round` numbers presentations of the whole lesson, for random numbers. A sample whose nudged
  /// states are not found ends it with an error, or teaches nothing.
  std::vector<Shown> teach(std::span<const Index> samples, long round, bool skip, Vector<double>& gradient);

 private:
  Shown look(Stage& stage, Index sample, const Block<double>& guess);
  Shown look_from_last(Stage& stage, Index sample);
  Shown look(Index column);
  bool teach_one(Stage& stage, long round, bool skip, Vector<double>& gradient) const;
  void teach_together(std::span<const Index> samples, long round, bool skip, Vector<double>& gradient, Shown* shown);
  void teach_by_itself(std::span<const Index> samples, long round, bool skip, Vector<double>& gradient, Shown* shown);
  bool is_right(const Vector<double>& outputs, Index sample) const;

  const Lesson& lesson_;
  Weights& weights_;
  const Learning& learning_;
  const Recorder& recorder_;
  bool together_ = false, stale_ = false;
  std::unique_ptr<Crew> crew_;
  std::unique_ptr<Crowd> crowd_;
  std::vector<Block<double>> rest_;  // of every sample shown by itself, where the next search begins
};

/// An error that belongs to a sample of a lesson.
class SampleError : public Error {
 public:
  SampleError(const Error& error, Index sample) : Error(error.fault(), error.what()), sample_(sample) {}
  Index sample() const { return sample_; }

 private:
  Index sample_;
};

}  // namespace settle
