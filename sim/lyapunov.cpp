// Solving Lyapunov equations column by column, and exact steps by doubling short ones.
#include "sim/lyapunov.hpp"

#include <cmath>

namespace settle {
namespace {

Eigen::MatrixXd symmetric(const Eigen::MatrixXd& S) { return 0.5 * (S + S.transpose()); }

}  // namespace

Lyapunov::Lyapunov(const Eigen::MatrixXd& A) : A_(A) {
  if (A.rows() == 0) return;
  const Eigen::ComplexSchur<Eigen::MatrixXd> schur(A);
  U_ = schur.matrixU();
  T_ = schur.matrixT();
}

/// T Y + Y T^* = -F from the last column on: (T + conj(T_jj)) y_j = -f_j - sum over k > j of y_k conj(T_jk).
Eigen::MatrixXd Lyapunov::once(const Eigen::MatrixXd& Q) const {
  const Eigen::Index n = A_.rows();
  Eigen::MatrixXcd Y = -(U_.adjoint() * Q * U_), shifted = T_;
  for (Eigen::Index j = n - 1; j >= 0; --j) {
    const Eigen::Index after = n - 1 - j;
    if (after > 0) Y.col(j) -= Y.rightCols(after) * T_.row(j).tail(after).adjoint();
    shifted.diagonal() = T_.diagonal().array() + std::conj(T_(j, j));
    shifted.triangularView<Eigen::Upper>().solveInPlace(Y.col(j));
  }
  return symmetric((U_ * Y * U_.adjoint()).real());
}

/// T^* Y + Y T = -F from the first column on.
Eigen::MatrixXd Lyapunov::once_transposed(const Eigen::MatrixXd& Q) const {
  Eigen::MatrixXcd Y = -(U_.adjoint() * Q * U_), shifted = T_.adjoint();
  for (Eigen::Index j = 0; j < A_.rows(); ++j) {
    if (j > 0) Y.col(j) -= Y.leftCols(j) * T_.col(j).head(j);
    shifted.diagonal() = T_.diagonal().conjugate().array() + T_(j, j);
    shifted.triangularView<Eigen::Lower>().solveInPlace(Y.col(j));
  }
  return symmetric((U_ * Y * U_.adjoint()).real());
}

/// One refinement: its residual shows what rounding in the Schur form cost.
Eigen::MatrixXd Lyapunov::solve(const Eigen::MatrixXd& Q) const {
  if (A_.rows() == 0) return Q;
  const Eigen::MatrixXd S = once(Q), AS = A_ * S;
  return S + once(AS + AS.transpose() + Q);
}

Eigen::MatrixXd Lyapunov::solve_transposed(const Eigen::MatrixXd& Q) const {
  if (A_.rows() == 0) return Q;
  const Eigen::MatrixXd P = once_transposed(Q), PA = P * A_;
  return P + once_transposed(PA + PA.transpose() + Q);
}

/// Doubling: after k rounds S holds the noise of 2^k steps.
Eigen::MatrixXd stationary(Eigen::MatrixXd E, Eigen::MatrixXd W) {
  constexpr int most = 60;
  for (int k = 0; k < most && E.size() > 0; ++k) {
    const Eigen::MatrixXd more = E * W * E.transpose();
    W += more;
    if (more.norm() <= 1e-18 * W.norm()) break;
    E = E * E;
  }
  return symmetric(W);
}

ExactStep exact_step(const Eigen::MatrixXd& A, const Eigen::MatrixXd& Q, double h) {
  const Eigen::Index n = A.rows();
  ExactStep step{Eigen::MatrixXd::Identity(n, n), Eigen::MatrixXd::Zero(n, n), Eigen::MatrixXd::Zero(n, n)};
  if (n == 0) return step;
  const double size = h * A.lpNorm<Eigen::Infinity>();
  const int doublings = size > 0.25 ? static_cast<int>(std::ceil(std::log2(size / 0.25))) : 0;
  const double part = std::ldexp(h, -doublings);
  // Taylor series of e^(A t) and of the integral of e^(A s) Q e^(A^T s): its k-th term is t/(k+1) times A and A^T on the one before.
  Eigen::MatrixXd e = step.E, w = part * Q;
  step.W = w;
  constexpr int terms = 20;  // 0.25^20/20! and (2 * 0.25)^20/21! are below rounding
  for (int k = 1; k <= terms; ++k) {
    e = (part / k) * A * e;
    step.E += e;
    const Eigen::MatrixXd next = A * w;
    w = (part / (k + 1)) * (next + next.transpose());
    step.W += w;
  }
  for (int k = 0; k < doublings; ++k) {
    step.W += (step.E * step.W * step.E.transpose()).eval();
    step.E = step.E * step.E;
  }
  step.W = symmetric(step.W);
  step.L = square_root(step.W);
  return step;
}

/// Cholesky with pivots, of the matrix scaled to ones on its diagonal.
Eigen::MatrixXd square_root(const Eigen::MatrixXd& W) {
  const Eigen::VectorXd scale = W.diagonal().cwiseMax(0.0).cwiseSqrt();
  const Eigen::VectorXd inverse = scale.unaryExpr([](double s) { return s > 0.0 ? 1.0 / s : 0.0; });
  const Eigen::LDLT<Eigen::MatrixXd> factors(inverse.asDiagonal() * W * inverse.asDiagonal());
  const Eigen::MatrixXd lower = factors.matrixL();
  const Eigen::MatrixXd root = lower * factors.vectorD().cwiseMax(0.0).cwiseSqrt().asDiagonal();
  return scale.asDiagonal() * (factors.transpositionsP().transpose() * root);
}

}  // namespace settle
