// Arnoldi's iteration with full reorthogonalization.
#include "sim/arnoldi.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace settle {
namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

/// A V = V H + (last row of H) q e^T for an orthonormal V that grows by a vector per step.
class Basis {
 public:
  Basis(Index size, int most) : v_(size, most + 1), h_(MatrixXd::Zero(most + 1, most)) {
    for (Index k = 0; k < size; ++k) v_(k, 0) = 1.0 + 0.5 * std::sin(static_cast<double>(k) + 1.0);  // nothing a symmetry makes orthogonal
    v_.col(0).normalize();
  }

  /// False when the space is exhausted.
  template <class Apply>
  bool grow(const Apply& apply) {
    VectorXd w(v_.rows());
    apply(VectorXd(v_.col(count_)), w);
    const double before = w.norm();
    for (int pass = 0; pass < 2; ++pass) {
      const VectorXd along = v_.leftCols(count_ + 1).transpose() * w;
      w.noalias() -= v_.leftCols(count_ + 1) * along;
      h_.col(count_).head(count_ + 1) += along;
    }
    const double left = w.norm();
    ++count_;
    if (!(left > 1e-14 * before)) return false;
    h_(count_, count_ - 1) = left;
    v_.col(count_) = w / left;
    return true;
  }

  std::vector<EigenPair> pairs(bool vectors) const {
    const Eigen::EigenSolver<MatrixXd> solver(h_.topLeftCorner(count_, count_));
    std::vector<EigenPair> found;
    for (Index k = 0; k < count_; ++k) {
      const Complex value = solver.eigenvalues()[k];
      const Eigen::VectorXcd small = solver.eigenvectors().col(k);
      const double residual = std::abs(h_(count_, count_ - 1)) * std::abs(small[count_ - 1]) / (small.norm() * std::max(std::abs(value), 1e-300));
      EigenPair pair{value, {}, residual};
      if (vectors) pair.vector = (v_.leftCols(count_) * small).normalized();
      found.push_back(std::move(pair));
    }
    std::stable_sort(found.begin(), found.end(), [](const EigenPair& a, const EigenPair& b) { return std::abs(a.value) > std::abs(b.value); });
    return found;
  }
  int count() const { return count_; }

 private:
  MatrixXd v_, h_;
  int count_ = 0;
};

}  // namespace

std::vector<EigenPair> largest_eigenpairs(Index size, const std::function<void(const VectorXd&, VectorXd&)>& apply, int wanted, double tolerance, int most) {
  most = static_cast<int>(std::min<Index>(most, size));
  wanted = std::min(wanted, most);
  Basis basis(size, most);
  for (bool alive = true; alive && basis.count() < most;) {
    for (int k = 0; k < 10 && alive && basis.count() < most; ++k) alive = basis.grow(apply);
    if (!alive || basis.count() < 2 * wanted + 2) continue;
    const std::vector<EigenPair> pairs = basis.pairs(false);
    if (std::all_of(pairs.begin(), pairs.begin() + wanted, [&](const EigenPair& p) { return p.residual < tolerance; })) break;
  }
  std::vector<EigenPair> pairs = basis.pairs(true);
  std::size_t kept = std::min(static_cast<std::size_t>(wanted), pairs.size());
  if (kept < pairs.size() && kept > 0 && pairs[kept - 1].value.imag() != 0.0 && std::abs(pairs[kept].value - std::conj(pairs[kept - 1].value)) < 1e-9 * std::abs(pairs[kept].value)) ++kept;
  pairs.resize(kept);
  return pairs;
}

}  // namespace settle
