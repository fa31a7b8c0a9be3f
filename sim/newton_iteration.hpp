// Newton's iteration for f(x, t) - M (c (x - x0)) + g = 0, the equation of equilibria, implicit steps and restarts alike.
#pragma once

#include <string>
#include <vector>

#include "sim/linearized.hpp"
#include "sim/newton.hpp"

namespace settle {

/// What is solved besides f = 0.
template <Scalar S>
struct NewtonProblem {
  double t = 0.0;
  double c = 0.0;                 // weight of M (x - x0)
  double pull = 0.0;              // weight of x - x0 on every diagonal entry: the pseudo-transient's capacitance
  const Block<S>* x0 = nullptr;   // needed if c or pull is not zero
  const Block<S>* g = nullptr;    // added to f if given
  Ease ease = {};
};

/// How the iteration of one sample ended.
struct NewtonOutcome {
  struct Update {
    Index unknown = 0;
    double size = 0.0;   // |dx| of the unknown farthest from its tolerance
    double ratio = 0.0;  // size / (reltol |x| + tolerance)
  };
  bool converged = false;
  long iterations = 0;
  double residual = 0.0;         // of the equation of the unknown in `last.back()`
  std::vector<Update> last;      // of the last steps, at most five
  std::string broken;            // why it could not go on: a number not finite, a singular matrix
};

template <Scalar S>
class NewtonIteration {
 public:
  NewtonIteration(const System<S>& system, const NewtonOptions& options);

  /// Iterates the given samples of x; the others stay. One outcome per given sample.
  std::vector<NewtonOutcome> run(Block<S>& x, const NewtonProblem<S>& problem, const std::vector<Index>& samples);
  long factorizations() const { return linear_.factorizations(); }
  long jacobians() const { return linear_.jacobians(); }

 private:
  /// What the iteration of a sample remembers.
  struct Walk {
    Vector<S> memory;   // of the devices' limiting
    Vector<S> dx;       // previous update
    double damping = 1.0;
    bool close = false;  // the previous update was within tolerance
    bool done = false;
  };
  void step(Block<S>& x, const NewtonProblem<S>& problem, Index sample, Walk& walk, NewtonOutcome& outcome);
  bool evaluate(const Block<S>& x, const NewtonProblem<S>& problem, Index sample, Walk& walk);
  void add_pull(const Block<S>& x, const NewtonProblem<S>& problem, Index sample);
  NewtonOutcome::Update worst(const Block<S>& x, Index sample) const;
  void damp(const Block<S>& x, Index sample, bool limited, Walk& walk) const;
  double scale(const Block<S>& x, Index unknown, Index sample) const;

  const System<S>& system_;
  const LimitedSystem<S>* limiting_;  // null if the system cannot limit
  const NewtonOptions& options_;
  Linearized<S> linear_;
  std::vector<int> diagonal_;  // entry of each diagonal place, -1 where the pattern has none
  Vector<double> tolerance_;
  Block<S> rate_, moved_, inertia_;
  Vector<S> f_, dx_;
};

}  // namespace settle
