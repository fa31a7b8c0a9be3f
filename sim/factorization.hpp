// Factorization: the factors of a sparse square matrix whose places never change, dense, sparse or symmetric as suits it.
#pragma once

#include <memory>
#include <vector>

#include "sim/factors.hpp"

namespace settle {

/// `automatic` chooses by fullness, by size and, at each `factor`, by whether the values are symmetric; the others are for comparison.
enum class Solver { automatic, dense, klu, ldlt };

template <Scalar S>
class Factorization {
 public:
  /// The pattern must outlive this object.
  explicit Factorization(const Pattern& pattern, Solver solver = Solver::automatic);

  /// Throws SingularMatrix.
  void factor(const Vector<S>& values);
  void solve(Eigen::Ref<Vector<S>> b) const;
  void solve_transposed(Eigen::Ref<Vector<S>> b) const;
  /// One right side per sample.
  void solve(Block<S>& b) const;
  void solve_transposed(Block<S>& b) const;

  /// An empty factorization of the same places; shares what was analyzed.
  Factorization another() const;
  /// The way the last `factor` took.
  Solver used() const { return used_; }

 private:
  Factorization() = default;
  bool try_symmetric(const Vector<S>& values);
  bool symmetric_positive_diagonal(const Vector<S>& values) const;

  const Pattern* pattern_ = nullptr;
  Solver otherwise_ = Solver::klu;  // the way where the symmetric one does not serve
  Solver used_ = Solver::klu;
  std::shared_ptr<const std::vector<int>> mirror_;  // the entry (j, i) of each entry (i, j); null where L D L^T is no option
  std::unique_ptr<Factors<S>> general_;
  std::unique_ptr<Factors<S>> symmetric_;
};

}  // namespace settle
