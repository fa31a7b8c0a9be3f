// The choice among the ways to factor, by size and by the symmetry of the values.
#include "sim/factorization.hpp"

#include <algorithm>

#include "sim/dual.hpp"

namespace settle {
namespace {

// Measured, one factorization and six solves: L D L^T overtakes KLU at 1,100 unknowns of a wired crossbar (5.8 against 8.4 ms at 8,192).
constexpr Index symmetric_from = 1000;
constexpr Index lines_from = 1000;
constexpr int longest_rest = 64;

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

/// For each entry the one across the diagonal; empty if one is missing.
std::vector<int> mirror(const Pattern& pattern) {
  std::vector<int> across(pattern.row.size());
  for (int j = 0; j < pattern.size; ++j)
    for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e)
      if ((across[e] = entry(pattern, j, pattern.row[e])) < 0) return {};
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
Factorization<S>::Factorization(const Pattern& pattern, Solver solver) : pattern_(&pattern), solver_(solver), analyzed_(std::make_shared<Analyzed>()) {
  if (solver_ == Solver::automatic && nearly_full(pattern)) solver_ = Solver::dense;
}

template <Scalar S>
Factorization<S> Factorization<S>::another() const {
  Factorization copy;
  copy.pattern_ = pattern_;
  copy.solver_ = solver_;
  copy.analyzed_ = analyzed_;
  return copy;
}

template <Scalar S>
void Factorization<S>::factor(Vector<S> values) {
  values_.resize(0);
  check_finite(*pattern_, values);
  values_.swap(values);
  if (!lines_serve()) factor_directly();
}

/// After a failure lines are not tried for some factorizations, more each time.
template <Scalar S>
void Factorization<S>::lines_fail() {
  lines_rest_ = lines_failed_ < 6 ? 1 << lines_failed_ : longest_rest;
  ++lines_failed_;
}

template <Scalar S>
bool Factorization<S>::lines_serve() {
  const bool wanted = solver_ == Solver::lines || (solver_ == Solver::automatic && pattern_->size >= lines_from);
  if (!wanted || !pattern_->lines || lines_rest_-- > 0) return false;
  lines_rest_ = 0;
  if (!analyzed_->lines) analyzed_->lines = line_factors<S>(*pattern_);
  if (!lines_) lines_ = analyzed_->lines->another();
  used_ = Solver::lines;
  if (lines_->factor(values_)) return true;
  lines_fail();
  return false;
}

template <Scalar S>
void Factorization<S>::factor_directly() try {
  if (symmetric_serves()) {
    used_ = Solver::ldlt;
    return;
  }
  used_ = solver_ == Solver::dense ? Solver::dense : Solver::klu;
  if (!analyzed_->general) analyzed_->general = used_ == Solver::dense ? dense_factors<S>(*pattern_) : klu_factors<S>(*pattern_);
  if (!general_) general_ = analyzed_->general->another();
  general_->factor(values_);
} catch (const SingularMatrix&) {
  values_.resize(0);
  throw;
}

template <Scalar S>
bool Factorization<S>::symmetric_serves() {
  if constexpr (std::same_as<S, double>) {
    if (solver_ == Solver::dense || solver_ == Solver::klu || (solver_ != Solver::ldlt && pattern_->size < symmetric_from)) return false;
    if (!analyzed_->mirrored) analyzed_->mirror = mirror(*pattern_);
    analyzed_->mirrored = true;
    if (analyzed_->mirror.empty() || !symmetric_positive_diagonal()) return false;
    if (!symmetric_) symmetric_ = ldlt_factors(*pattern_);
    return symmetric_->factor(values_);
  }
  return false;
}

template <Scalar S>
bool Factorization<S>::symmetric_positive_diagonal() const {
  const std::vector<int>& across = analyzed_->mirror;
  for (int j = 0; j < pattern_->size; ++j)
    for (int e = pattern_->start[j]; e < pattern_->start[j + 1]; ++e) {
      if (values_[e] != values_[across[e]]) return false;
      if (pattern_->row[e] == j && !(re(values_[e]) > 0.0)) return false;
    }
  return true;
}

template <Scalar S>
void Factorization<S>::solve(S* b, Index columns, bool transposed) {
  auto by = [&](Factors<S>& way, S* first, Index count) { return transposed ? way.solve_transposed(first, count) : way.solve(first, count); };
  Index done = 0;
  if (used_ == Solver::lines) {
    while (done < columns && by(*lines_, b + done * pattern_->size, 1)) ++done;
    if (done == columns) return;
    lines_fail();
    factor_directly();
  }
  by(used_ == Solver::ldlt ? *symmetric_ : *general_, b + done * pattern_->size, columns - done);
}

template <Scalar S>
void Factorization<S>::solve(Eigen::Ref<Vector<S>> b) {
  solve(b.data(), 1, false);
}

template <Scalar S>
void Factorization<S>::solve_transposed(Eigen::Ref<Vector<S>> b) {
  solve(b.data(), 1, true);
}

template <Scalar S>
void Factorization<S>::solve(Block<S>& b) {
  if (b.cols() == 1) return solve(b.data(), 1, false);
  Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> columns = b;
  solve(columns.data(), columns.cols(), false);
  b = columns;
}

template <Scalar S>
void Factorization<S>::solve_transposed(Block<S>& b) {
  if (b.cols() == 1) return solve(b.data(), 1, true);
  Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> columns = b;
  solve(columns.data(), columns.cols(), true);
  b = columns;
}

template class Factorization<double>;
template class Factorization<Complex>;

}  // namespace settle
