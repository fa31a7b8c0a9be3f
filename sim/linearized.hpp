// Linearized: a system about a point, solving (c M - J) y = b; the only door through which steppers and Newton see linear algebra.
#pragma once

#include <vector>

#include "sim/factorization.hpp"
#include "sim/system.hpp"

namespace settle {

/// Keeps one matrix per slot: a slot per sample, or one slot for all if the system is linear or the caller works on one sample at a time.
/// A matrix is factored when a solve needs it and only if it differs from the one factored before.
template <Scalar S>
class Linearized {
 public:
  explicit Linearized(const System<S>& system) : Linearized(system, system.linear() ? 1 : system.samples()) {}
  Linearized(const System<S>& system, Index slots);

  /// Takes J at x and t for every slot; of a linear system only the first time.
  void at(const Block<S>& x, double t);
  /// J of a slot for the caller to fill; `jacobians` counts it.
  Vector<S>& jacobian(Index slot);
  /// Sets c.
  void shift(double c) { shift_ = c; }

  /// b becomes the solution of (c M - J) y = b, sample by sample. Throws SingularMatrix, its text naming the unknown.
  void solve(Block<S>& b);
  void solve(Index slot, Eigen::Ref<Vector<S>> b);
  /// b becomes the solution of (c M - J)^T y = b.
  void solve_transposed(Block<S>& b);

  /// y = M x.
  void mass_times(const Block<S>& x, Block<S>& y) const;
  /// True if the unknown's row of M is empty.
  bool algebraic(Index unknown) const { return algebraic_[static_cast<std::size_t>(unknown)]; }

  long factorizations() const { return factorizations_; }
  long jacobians() const { return jacobians_; }

 private:
  struct Slot {
    Vector<S> jacobian;
    bool touched = true;     // the Jacobian may have changed since
    double shift = 0.0;      // c of the factors
    Factorization<S> factors;
  };
  struct MassEntry {
    Index row, column;
    double value;
  };
  Factorization<S>& factors(Index slot);
  template <class Work>
  void named(Slot& slot, Work work);
  template <class Solve>
  void each_sample(Block<S>& b, Solve solve_with);

  const System<S>* system_;
  std::vector<Slot> slots_;
  std::vector<MassEntry> mass_;  // without the zeros of the pattern
  std::vector<bool> algebraic_;
  Vector<S> values_;
  double shift_ = 0.0;
  bool known_ = false;  // J of a linear system has been taken
  long factorizations_ = 0;
  long jacobians_ = 0;
};

}  // namespace settle
