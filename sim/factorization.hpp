// Factorization: the factors of a sparse square matrix whose places never change, dense, sparse or symmetric as suits it.
#pragma once

#include <memory>
#include <vector>

#include "sim/factors.hpp"

namespace settle {

/// `automatic` chooses by lines, fullness and size and, at each `factor`, by whether the values are symmetric; the others are for comparison.
enum class Solver { automatic, dense, klu, ldlt, lines };

template <Scalar S>
class Factorization {
 public:
  /// The pattern must outlive this object.
  explicit Factorization(const Pattern& pattern, Solver solver = Solver::automatic);

  /// Throws SingularMatrix. A way that iterates may find only in `solve` that another one is needed, which then factors and may throw.
  void factor(Vector<S> values);
  /// What was factored last; empty before and after a failure.
  const Vector<S>& values() const { return values_; }
  void solve(Eigen::Ref<Vector<S>> b);
  void solve_transposed(Eigen::Ref<Vector<S>> b);
  /// One right side per sample.
  void solve(Block<S>& b);
  void solve_transposed(Block<S>& b);

  /// An empty factorization of the same places; shares what was analyzed.
  Factorization another() const;
  /// The way the last `factor` or `solve` took.
  Solver used() const { return used_; }
  /// Iterations along lines so far, and how often these gave up for a direct way.
  long iterations() const { return lines_ ? lines_->iterations() : 0; }
  int gave_up() const { return lines_failed_; }

 private:
  /// What all factorizations of these places share, made when the first needs it.
  struct Analyzed {
    std::vector<int> mirror;  // the entry (j, i) of each entry (i, j); empty if one has none
    bool mirrored = false;    // `mirror` has been made
    std::unique_ptr<Factors<S>> lines, general;  // never with values
  };

  Factorization() = default;
  bool lines_serve();
  void lines_fail();
  bool symmetric_serves();
  void factor_directly();
  bool symmetric_positive_diagonal() const;
  void solve(S* b, Index columns, bool transposed);

  const Pattern* pattern_ = nullptr;
  Solver solver_ = Solver::automatic;
  Solver used_ = Solver::klu;
  Vector<S> values_;
  int lines_rest_ = 0, lines_failed_ = 0;           // factorizations to come without lines; how often they failed
  std::shared_ptr<Analyzed> analyzed_;
  std::unique_ptr<Factors<S>> lines_, symmetric_, general_;  // made when needed
};

}  // namespace settle
