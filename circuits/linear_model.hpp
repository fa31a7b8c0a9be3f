// Linear model: a circuit about a point, M x' = J x + b, reduced to the plain ODE of its independent charges, z' = A z + B b, x = X z + D b.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "circuits/dynamics.hpp"
#include "sim/factorization.hpp"

namespace settle {

struct LinearModelOptions {
  bool hold_memory = true;                // memory states (a memristor's x) stay where they are, as at an operating point
  Index most_states = 2000;               // more are refused: the matrices are dense
  std::string purpose = "this analysis";  // for messages
};

/// x are deviations of the unknowns from the point, b what is added to their rates (a current into a node).
class LinearModel {
 public:
  /// A sum of rows: row and factor.
  using Combination = std::vector<std::pair<Index, double>>;

  /// 1/s, states by states. Its eigenvalues are the finite spectrum of the circuit, no more and no less.
  Eigen::MatrixXd A;
  /// Unknowns by states: a column says how a state shows in the unknowns.
  Eigen::MatrixXd X;
  /// States by unknowns: how b drives the states.
  Eigen::MatrixXd B;
  /// The unknown whose row of M each state is, up to a factor that balances A: a node's charge, an inductor's flux.
  std::vector<Index> charge_of;

  Index states() const { return A.rows(); }
  Index unknowns() const { return X.rows(); }
  /// D b, one column per b: what follows b at once, and so has infinite variance if b is white.
  Eigen::MatrixXd direct(const Eigen::MatrixXd& b) const;
  /// Rows without mass of their own, and sums of rows in which the masses cancel: D b is zero if each of these sums of b is.
  const std::vector<Combination>& constraints() const { return constraint_; }
  /// Eigenvalues of A, 1/s, by falling real part: the slowest first.
  Eigen::VectorXcd eigenvalues() const;

 private:
  friend class LinearModelMaker;
  std::vector<Combination> constraint_;
  std::vector<Index> constraint_row_;                // its row in W
  std::shared_ptr<Pattern> pattern_;                 // of W = [independent rows of M; constraints times J], equilibrated
  std::shared_ptr<Factorization<double>> factors_;
  Eigen::VectorXd row_scale_, column_scale_;
};

/// About the unknowns `x` (one column) at time t. Throws Error: a circuit of index above one (names an unknown), or too many states.
LinearModel linear_model(const Dynamics<double>& dynamics, const Block<double>& x, double t, const LinearModelOptions& options = {});

}  // namespace settle
