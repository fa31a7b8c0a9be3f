// Adapting: a circuit that learns while it moves, one system of ordinary differential equations: voltages x, lock-in filters p and m, conductances w,
//   M x' = f(x; w) - beta(t) g(x)
//   p' = (x exp(-i omega t) - p) / tau,   m' = (x - m) / tau
//   w' = -rate dC/dw,   dC/dw = -lambda^T df/dw at Re m,   lambda = Re p / |beta| read at activities
#pragma once

#include <memory>

#include "learning/stage.hpp"
#include "sim/widened.hpp"

namespace settle {

struct AdaptingSettings {
  double beta = 0.0, period = 0.0;  // of the turning nudge
  double filter = 0.0;              // s, tau
  double rate = 0.0;                // weight per gradient and second
};

class Adapting final : public System<Complex> {
 public:
  /// The circuit's conductances follow the state from here on.
  Adapting(const Stage& stage, Weights& weights, const AdaptingSettings& settings);

  Index size() const override { return 3 * n_ + weights_.count(); }
  Index samples() const override { return 1; }
  const Pattern& pattern() const override { return pattern_; }
  const Vector<double>& mass() const override { return mass_; }
  void rate(const Block<Complex>& x, double t, Block<Complex>& f) const override;
  void jacobian(const Block<Complex>& x, double t, Index sample, Vector<Complex>& J) const override;
  void time_slope(const Block<Complex>& x, double t, Block<Complex>& ft) const override;
  std::string name(Index unknown) const override;
  double tolerance(Index unknown) const override;

  /// Learning begins and stops: while a sample has just changed, averages still speak of the one before.
  void learn(bool on) { learning_ = on; }
  /// The state that stands at rest with these conductances, filters as if they had watched it for ever.
  Block<Complex> start() const;
  Vector<double> weights_of(const Block<Complex>& x) const { return x.bottomRows(weights_.count()).real(); }
  Block<Complex> voltages_of(const Block<Complex>& x) const { return x.topRows(n_); }
  /// After conductances have moved: the circuit's linear part is taken anew.
  void renew(const Block<Complex>& x);

 private:
  void set_weights(const Block<Complex>& x) const;
  void make_pattern();
  Vector<double> gradient(const Block<Complex>& x) const;

  const Stage& stage_;
  Weights& weights_;
  AdaptingSettings settings_;
  Signal signal_;
  Index n_ = 0;
  bool learning_ = true;
  std::unique_ptr<NudgedCircuit<Complex>> circuit_;
  Pattern pattern_;
  Vector<double> mass_;
  std::vector<int> inner_place_, from_x_to_p_, from_x_to_m_, p_, m_, w_;  // entries of the pattern
  mutable Vector<double> set_;                                            // weights the circuit has
  mutable Vector<Complex> inner_;
  mutable Block<Complex> inner_rate_;
};

}  // namespace settle
