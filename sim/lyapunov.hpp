// Lyapunov equations A S + S A^T + Q = 0: the stationary covariance of dz = A z dt + noise with <noise noise^T> = Q dt (Bartels and Stewart
// 1972, doi:10.1145/361573.361582, on the complex Schur form).
#pragma once

#include <Eigen/Dense>

namespace settle {

/// A taken apart once. All eigenvalues must lie left of zero.
class Lyapunov {
 public:
  explicit Lyapunov(const Eigen::MatrixXd& A);

  Eigen::VectorXcd eigenvalues() const { return T_.diagonal(); }
  /// A S + S A^T + Q = 0 for a symmetric Q.
  Eigen::MatrixXd solve(const Eigen::MatrixXd& Q) const;
  /// A^T P + P A + Q = 0: tr(P N) is the variance of z^T Q z when the noise is N.
  Eigen::MatrixXd solve_transposed(const Eigen::MatrixXd& Q) const;

 private:
  Eigen::MatrixXd once(const Eigen::MatrixXd& Q) const;
  Eigen::MatrixXd once_transposed(const Eigen::MatrixXd& Q) const;

  Eigen::MatrixXd A_;
  Eigen::MatrixXcd U_, T_;
};

/// S = E S E^T + W: the stationary covariance of z -> E z + noise. E must contract.
Eigen::MatrixXd stationary(Eigen::MatrixXd E, Eigen::MatrixXd W);

/// One step of dz = A z dt + noise, exact whatever its length: z -> E z + L xi with independent standard normal xi.
struct ExactStep {
  Eigen::MatrixXd E;
  Eigen::MatrixXd W;  // L L^T, what a step's noise adds
  Eigen::MatrixXd L;
};
ExactStep exact_step(const Eigen::MatrixXd& A, const Eigen::MatrixXd& Q, double h);

/// L with L L^T = W for a W that may be singular.
Eigen::MatrixXd square_root(const Eigen::MatrixXd& W);

}  // namespace settle
