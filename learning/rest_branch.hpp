// RestBranch: the equilibrium that grows out of the rest state, followed as beta moves through the complex plane.
#pragma once

#include "learning/rest_point.hpp"
#include "sim/linearized.hpp"

namespace settle {

class RestBranch {
 public:
  RestBranch(const Job& job, const RestPoint& rest);
  RestBranch(const RestBranch&) = delete;

  /// Moves x from the equilibrium at beta `from` to that at `to` along the straight line, by steps short enough not to leave the branch.
  /// False if the branch ends or folds before; x is then where it got, `reached` the beta there.
  bool follow(Block<Complex>& x, Complex from, Complex to, Complex* reached = nullptr);
  /// Newton at one beta; true if it settled near its guess.
  bool correct(Block<Complex>& x, Complex beta);

  Block<Complex> start() const { return start_; }
  Index size() const { return start_.rows(); }
  /// f - beta g, df/dx on the pattern, and g on all unknowns.
  void rate(const Block<Complex>& x, Complex beta, Block<Complex>& f);
  Eigen::MatrixXcd dense_jacobian(const Block<Complex>& x, Complex beta);
  Vector<Complex> g(const Block<Complex>& x) const;
  /// The largest real part of the finite spectrum of (J, M), 1/s: below 0 the circuit settles here.
  double growth(const Block<Complex>& x, Complex beta);

 private:
  double size_of(const Block<Complex>& dx) const;

  Complex beta_{};  // read by the system below
  NudgedCircuit<Complex> circuit_;
  std::vector<NudgeTerm> terms_;
  Linearized<Complex> linear_;
  Block<Complex> start_;
  Vector<double> scale_;  // per unknown: what counts as much
};

}  // namespace settle
