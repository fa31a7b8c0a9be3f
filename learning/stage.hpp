// Stage: a circuit on which samples are presented: its rest state, its equilibria under a nudge, its answers to small ones, and the way from an
// error signal lambda to the gradient of its devices, -lambda^T df/dw.
#pragma once

#include <memory>

#include "circuits/analysis.hpp"
#include "circuits/neurons.hpp"
#include "learning/lesson.hpp"
#include "learning/reduced.hpp"
#include "learning/rest_branch.hpp"
#include "learning/scene.hpp"
#include "learning/weights.hpp"

namespace settle {

class Stage final : public Scene {
 public:
  /// All of them must outlive it; the lesson's sources are set in the job's circuit.
  Stage(const Job& job, const Lesson& lesson, Weights& weights, const Recorder& recorder);
  ~Stage() override;

  const Job& job() const { return job_; }
  const Lesson& lesson() const { return lesson_; }
  const Weights& weights() const { return weights_; }
  const Neurons& neurons() const { return neurons_; }

  /// Sets sources and targets, and nothing more: what the circuit does about it is the caller's business.
  void show(Index sample);
  /// Sets sources and targets and lets the circuit rest, beginning at `guess` (empty: from nothing).
  void present(Index sample, const Block<double>& guess = {});
  Index sample() const { return sample_; }
  /// Devices have other values now: everything is built anew at the next sample.
  void forget();
  /// What comes does not depend, to the bit, on the samples there were: factors of a large circuit keep the order of their pivots.
  void forget_samples();

  /// Unknowns at rest.
  const Block<double>& rest() const { return x_; }
  /// Newton's iterations to get there.
  int iterations() const { return iterations_; }
  /// The slowest time constant at rest, s: negative where the rest state is unstable, NaN for a circuit too large to tell.
  double slowest() const;
  /// The state the sample before was left in by a nudge that turns, for rules that go on from there.
  Block<Complex>& left() { return left_; }
  double cost() const { return cost(x_); }
  double cost(const Block<double>& x) const;
  Vector<double> outputs() const { return outputs(x_); }
  Vector<double> outputs(const Block<double>& x) const;
  /// dC/dx, and what beta multiplies: -beta push flows into rows.
  const Vector<double>& cost_slope() const { return cost_slope_; }
  const Vector<double>& push() const { return push_; }

  /// J^-1 b and J^-T b at rest, memory states held.
  Vector<double> solve(const Vector<double>& b) const;
  Vector<double> solve_transposed(const Vector<double>& b) const;

  ErrorSignal response(const Nudge& nudge) override;
  ErrorSignal error_signal(double error = 0.0) override;

  /// The equilibrium at beta that grows out of the rest state. Throws Error (simulation) if the branch ends before.
  Block<double> nudged(double beta);
  Block<Complex> nudged(Complex beta);

  /// The circuit as small matrices at this rest state; null where it has no such form.
  const Reduced* reduced() const { return reduced_here_ ? &*reduced_ : nullptr; }
  /// The currents of the nudge, for systems that are not the circuit alone.
  const std::vector<NudgeTerm>& terms() const { return terms_; }

  /// A movement of unknowns as the error signal it stands for: what an activity does is read at its membrane (theory: dr/dbeta), rows that a source
  /// sets have none.
  template <Scalar S>
  Vector<S> read_at_activities(const Vector<S>& moved) const;
  /// Adds -lambda^T df/dw at the unknowns x.
  void add_gradient(const Block<double>& x, const Vector<double>& lambda, Vector<double>& gradient) const;
  /// Adds the real part of the same.
  void add_gradient(const Block<Complex>& x, const Vector<Complex>& lambda, Vector<double>& gradient) const;
  /// The sum over many states, a column each, with an error signal each.
  void add_gradients(const Block<double>& x, const Block<double>& lambda, Vector<double>& gradient) const;

  /// The circuit at this sample, memory states held.
  const LimitedSystem<double>& system() const { return circuit_->free(); }
  const Dynamics<double>& dynamics() const { return circuit_->dynamics(); }
  const Given& given() const { return given_; }
  std::string named() const;  // "sample 3"

 private:
  void build();
  void settle_at(const Block<double>& guess);
  Linearized<double>& linear() const;
  bool only_at(const Vector<double>& b, bool activities) const;
  template <Scalar S>
  Block<S> follow(std::unique_ptr<RestBranch<S>>& branch, S beta);
  template <Scalar S>
  void pull(const Block<S>& x, const Block<S>& lambda, Vector<S>& gradient) const;

  const Job& job_;
  const Lesson& lesson_;
  Weights& weights_;
  const Recorder& recorder_;
  Neurons neurons_;
  std::vector<DeviceRef> source_;
  Holds memories_;
  Index sample_ = -1;
  int iterations_ = 0;
  Block<Complex> left_;
  Given given_;                       // of this sample, one column
  Block<double> x_;
  Vector<double> cost_slope_, push_;
  std::unique_ptr<NudgedCircuit<double>> circuit_;
  std::unique_ptr<Linearized<double>> linear_;
  std::unique_ptr<RestBranch<double>> line_;
  std::unique_ptr<RestBranch<Complex>> plane_;
  std::optional<Reduced> reduced_;               // where the circuit has that form
  std::vector<NudgeTerm> terms_;
  NudgeTerm cost_;
  bool line_here_ = false, plane_here_ = false;  // they start at this sample's rest state
  bool reduced_here_ = false;                    // the rest state is the reduced circuit's
  mutable bool linear_here_ = false;
};

/// Analyses behind this one see the devices as they are now.
void keep_weights(Job& job, const Weights& weights);

}  // namespace settle
