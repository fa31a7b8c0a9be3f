// Arnoldi: the few eigenvalues of largest magnitude of a real operator of any size, with their vectors.
#pragma once

#include <Eigen/Dense>
#include <functional>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

struct EigenPair {
  Complex value;
  Eigen::VectorXcd vector;   // of length one
  double residual = 0.0;     // |A v - value v| / |value|
};

/// Eigenpairs of y = A x, at least `wanted` of them unless the space has fewer directions, largest magnitude first, conjugates both. The
/// basis grows until all wanted residuals are below `tolerance` or it has `most` vectors; what is then not converged says so itself.
std::vector<EigenPair> largest_eigenpairs(Index size, const std::function<void(const Eigen::VectorXd& x, Eigen::VectorXd& y)>& apply, int wanted, double tolerance = 1e-8,
                                          int most = 400);

}  // namespace settle
