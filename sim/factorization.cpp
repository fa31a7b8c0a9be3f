// The choice among the ways to factor, by size and by the symmetry of the values.
#include "sim/factorization.hpp"

#include <algorithm>

#include "sim/dual.hpp"

namespace settle {
namespace {

// Measured, one factorization and six solves: L D L^T overtakes KLU at 1,100 unknowns of a wired crossbar (5.8 against 8.4 ms at 8,192).
constexpr Index symmetric_from = 1000;

/// Small is no reason for dense LU (KLU is twice as fast at 4 to 24 unknowns of a band), fullness is: at 20 entries per column and a fifth
/// of the places taken both cost the same, at 64 unknowns and all places dense LU takes 60 us and KLU 200.
bool nearly_full(const Pattern& pattern) {
  return pattern.entries() >= 20 * pattern.size && 5 * pattern.entries() >= pattern.size * pattern.size;
}

int entry(const Pattern& pattern, int row, int column) {
  const auto first = pattern.row.begin() + pattern.start[column], last = pattern.row.begin() + pattern.start[column + 1];
  const auto it = std::lower_bound(first, last, row);
  return it != last && *it == row ? static_cast<int>(it - pattern.row.begin()) : -1;
}

/// For each entry the one across the diagonal; null if one is missing.
std::shared_ptr<const std::vector<int>> mirror(const Pattern& pattern) {
  auto across = std::make_shared<std::vector<int>>(pattern.row.size());
  for (int j = 0; j < pattern.size; ++j)
    for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e)
      if (((*across)[e] = entry(pattern, j, pattern.row[e])) < 0) return nullptr;
  return across;
}

template <Scalar S>
void check_finite(const Pattern& pattern, const Vector<S>& values) {
  if (values.allFinite()) return;
  for (Index j = 0; j < pattern.size; ++j)
    for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e)
      if (!finite(values[e])) throw SingularMatrix(j, "the matrix holds a number that is not finite");
}

}  // namespace

template <Scalar S>
Factorization<S>::Factorization(const Pattern& pattern, Solver solver) : pattern_(&pattern) {
  const bool dense = solver == Solver::dense || (solver == Solver::automatic && nearly_full(pattern));
  otherwise_ = used_ = dense ? Solver::dense : Solver::klu;
  general_ = dense ? dense_factors<S>(pattern) : klu_factors<S>(pattern);
  if constexpr (std::same_as<S, double>)
    if (solver == Solver::ldlt || (solver == Solver::automatic && pattern.size >= symmetric_from)) mirror_ = mirror(pattern);
}

template <Scalar S>
Factorization<S> Factorization<S>::another() const {
  Factorization copy;
  copy.pattern_ = pattern_;
  copy.otherwise_ = copy.used_ = otherwise_;
  copy.mirror_ = mirror_;
  copy.general_ = general_->another();
  return copy;
}

template <Scalar S>
void Factorization<S>::factor(const Vector<S>& values) {
  check_finite(*pattern_, values);
  if (try_symmetric(values)) {
    used_ = Solver::ldlt;
    return;
  }
  general_->factor(values);
  used_ = otherwise_;
}

template <Scalar S>
bool Factorization<S>::try_symmetric(const Vector<S>& values) {
  if constexpr (std::same_as<S, double>) {
    if (!mirror_ || !symmetric_positive_diagonal(values)) return false;
    if (!symmetric_) symmetric_ = ldlt_factors(*pattern_);
    return symmetric_->factor(values);
  }
  return false;
}

template <Scalar S>
bool Factorization<S>::symmetric_positive_diagonal(const Vector<S>& values) const {
  const std::vector<int>& across = *mirror_;
  for (int j = 0; j < pattern_->size; ++j)
    for (int e = pattern_->start[j]; e < pattern_->start[j + 1]; ++e) {
      if (values[e] != values[across[e]]) return false;
      if (pattern_->row[e] == j && !(re(values[e]) > 0.0)) return false;
    }
  return true;
}

template <Scalar S>
void Factorization<S>::solve(Eigen::Ref<Vector<S>> b) const {
  (used_ == Solver::ldlt ? symmetric_ : general_)->solve(b.data(), 1);
}

template <Scalar S>
void Factorization<S>::solve_transposed(Eigen::Ref<Vector<S>> b) const {
  (used_ == Solver::ldlt ? symmetric_ : general_)->solve_transposed(b.data(), 1);
}

template <Scalar S>
void Factorization<S>::solve(Block<S>& b) const {
  if (b.cols() == 1) {
    (used_ == Solver::ldlt ? symmetric_ : general_)->solve(b.data(), 1);
    return;
  }
  Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> columns = b;
  (used_ == Solver::ldlt ? symmetric_ : general_)->solve(columns.data(), columns.cols());
  b = columns;
}

template <Scalar S>
void Factorization<S>::solve_transposed(Block<S>& b) const {
  Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> columns = b;
  (used_ == Solver::ldlt ? symmetric_ : general_)->solve_transposed(columns.data(), columns.cols());
  b = columns;
}

template class Factorization<double>;
template class Factorization<Complex>;

}  // namespace settle
