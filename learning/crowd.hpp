// Crowd: many samples of a lesson at rest at once, on a circuit that is a Network whose membranes meet through activities only and whose nudge pulls
// every output by itself (the squared cost). A sample is shown to a circuit at 0 V the first time, later to one in the state it rested in last; it is nudged from
// where it rests.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "circuits/analysis.hpp"
#include "learning/feed.hpp"
#include "learning/lesson.hpp"
#include "learning/network.hpp"
#include "learning/scene.hpp"
#include "learning/weights.hpp"
#include "sim/team.hpp"

namespace settle {

class Crowd : public Scene {
 public:
  /// Nothing for a circuit, or a lesson, of another form. All must outlive it. `single`: samples settle in single precision.
  static std::unique_ptr<Crowd> of(const Job& job, const Lesson& lesson, const Weights& weights, int threads, bool single);

  /// Devices have other values now.
  void forget() { stale_ = true; }
  virtual void present(std::span<const Index> samples) = 0;
  /// Samples begin at 0 V again.
  void forget_rest_states() { last_.assign(last_.size(), {}); }
  std::span<const Index> samples() const { return samples_; }
  /// False for a sample whose rest state was not found.
  bool settled(Index column) const { return settled_[static_cast<std::size_t>(column)] != 0; }
  /// False for a sample of which the last thing measured could not be: it counts as zero.
  bool answered(Index column) const { return answered_[static_cast<std::size_t>(column)] != 0; }
  /// Times every membrane was put where its currents vanish, on the way to rest.
  int cycles(Index column) const { return cycles_[static_cast<std::size_t>(column)]; }

  /// Unknowns at rest, without the currents of sources; a column per sample.
  const Block<double>& rest() const { return x_; }
  double cost(Index column) const;
  Vector<double> outputs(Index column) const;
  /// Floating-point operations in products of matrices so far.
  virtual double flops() const = 0;
  /// Adds -lambda^T df/dw, summed over samples.
  virtual void add_gradients(const ErrorSignal& measured, Vector<double>& gradient) = 0;
  /// Adds d(2 |A|^2)/dw times `factor`, A the antisymmetric part of the Jacobian in activities: the same for all samples.
  void add_homeostasis(double factor, Vector<double>& gradient);

 protected:
  Crowd(const Job& job, const Lesson& lesson, const Weights& weights, Network network, int threads);

  const Job& job_;
  const Lesson& lesson_;
  const Weights& weights_;
  Network network_;
  Feed feed_;
  NudgeTerm cost_;
  std::vector<Index> outputs_;  // unknowns
  Given given_;                 // of the samples
  mutable Team team_;
  std::vector<Index> samples_;
  std::vector<std::vector<float>> last_;  // activities of every sample of the lesson at rest, by place; empty: never shown
  std::vector<char> settled_, answered_;
  std::vector<int> cycles_;
  Block<double> driven_, x_;
  bool stale_ = true;

 private:
  std::vector<char> reads_activities_;  // per group of weights
};

}  // namespace settle
