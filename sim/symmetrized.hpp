// Symmetrized: a system drawn off its rest state x0 by its own asymmetry, M x' = f(x, t) - K (x - x0). With K = 2 A, A the antisymmetric part of
// J = df/dx at x0, small responses are those of J^T: an error signal (Scurria et al., asymmetric equilibrium propagation).
#pragma once

#include <Eigen/Sparse>

#include "sim/widened.hpp"
#include "sim/wrapped.hpp"

namespace settle {

template <Scalar S>
class Symmetrized final : public Wrapped<S> {
 public:
  /// K is unknowns by unknowns; x0 one column. What K does to a nudged system is no part of the nudge.
  Symmetrized(const LimitedSystem<S>& system, const Eigen::SparseMatrix<double>& K, const Block<S>& x0) : Wrapped<S>(system), x0_(x0) {
    std::vector<Widened::Place> places;
    each(K, [&](Index row, Index column, double) { places.emplace_back(row, column); });
    wide_ = Widened(system.pattern(), system.mass(), places);
    each(K, [&](Index row, Index column, double value) { entry_.push_back({row, column, value, wide_.entry(row, column)}); });
  }

  const Pattern& pattern() const override { return wide_.pattern(); }
  const Vector<double>& mass() const override { return wide_.mass(); }
  void rate(const Block<S>& x, double t, Block<S>& f) const override {
    this->system_.rate(x, t, f);
    for (const Entry& e : entry_)
      for (Index s = 0; s < x.cols(); ++s) f(e.row, s) -= e.value * (x(e.column, s) - x0_(e.column, 0));
  }
  void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const override {
    this->system_.jacobian(x, t, sample, inner_);
    wide_.spread(inner_, J);
    for (const Entry& e : entry_) J[e.place] -= e.value;
  }
  bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const override {
    Vector<S> inner;
    const bool any = this->system_.limited(x, t, sample, ease, memory, f, inner);
    wide_.spread(inner, J);
    for (const Entry& e : entry_) {
      f[e.row] -= e.value * (x(e.column, sample) - x0_(e.column, 0));
      J[e.place] -= e.value;
    }
    return any;
  }

 private:
  struct Entry {
    Index row, column;
    double value;
    int place;
  };
  template <class Act>
  static void each(const Eigen::SparseMatrix<double>& K, const Act& act) {
    for (Index j = 0; j < K.cols(); ++j)
      for (Eigen::SparseMatrix<double>::InnerIterator it(K, j); it; ++it) act(it.row(), j, it.value());
  }

  Block<S> x0_;
  Widened wide_;
  std::vector<Entry> entry_;
  mutable Vector<S> inner_;
};

}  // namespace settle
