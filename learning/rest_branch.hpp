// RestBranch: the equilibrium that grows out of the rest state, followed as beta moves through the complex plane.
#pragma once

#include "circuits/nudged_circuit.hpp"
#include "sim/linearized.hpp"

namespace settle {

/// Over the real line or, of a circuit that is complex-differentiable, the plane.
template <Scalar S>
class RestBranch {
 public:
  /// `given`: see Nudged. `rest`: the unknowns at beta = 0.
  RestBranch(const Circuit& circuit, const Teaching& teaching, const Block<double>& rest, const Given* given = nullptr);
  /// The same of a system that is not the circuit alone, which must outlive it.
  RestBranch(const LimitedSystem<S>& free, std::vector<NudgeTerm> terms, const Block<double>& rest, const Given* given = nullptr);
  RestBranch(const RestBranch&) = delete;

  /// The same circuit at another rest state.
  void start_at(const Block<double>& rest);

  /// Moves x from the equilibrium at beta `from` to that at `to` along the straight line, by steps short enough not to leave the branch.
  /// False if the branch ends or folds before; x is then where it got, `reached` the beta there.
  bool follow(Block<S>& x, S from, S to, S* reached = nullptr);
  /// Newton at one beta; true if it settled near its guess.
  bool correct(Block<S>& x, S beta);

  Block<S> start() const { return start_; }
  Index size() const { return start_.rows(); }
  /// f - beta g, df/dx on the pattern, and g on all unknowns.
  void rate(const Block<S>& x, S beta, Block<S>& f);
  Block<S> dense_jacobian(const Block<S>& x, S beta);
  Vector<S> g(const Block<S>& x) const;
  /// The largest real part of the finite spectrum of (J, M), 1/s: below 0 the circuit settles here.
  double growth(const Block<S>& x, S beta);

 private:
  double size_of(const Block<S>& dx) const;

  Strength<S> strength() { return Strength<S>(typename Strength<S>::Function([this](double, Index) { return beta_; })); }

  S beta_{};  // read by the system below
  std::unique_ptr<NudgedCircuit<S>> own_;
  std::vector<NudgeTerm> terms_;
  Nudged<S> nudged_;
  Linearized<S> linear_;
  Block<S> start_;
  Vector<double> scale_;  // per unknown: what counts as much
};

extern template class RestBranch<double>;
extern template class RestBranch<Complex>;

}  // namespace settle
