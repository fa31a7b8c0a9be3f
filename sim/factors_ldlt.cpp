// Sparse L D L^T: two to three times faster than LU where a matrix is real, symmetric and positive definite (circuits of R and C).
#include <Eigen/SparseCholesky>

#include "sim/factors.hpp"

namespace settle {
namespace {

class Ldlt : public Factors<double> {
  using Sparse = Eigen::SparseMatrix<double, Eigen::ColMajor, int>;

 public:
  explicit Ldlt(const Pattern& pattern) : pattern_(pattern), matrix_(pattern.size, pattern.size) {
    matrix_.resizeNonZeros(pattern.entries());
    std::copy(pattern.start.begin(), pattern.start.end(), matrix_.outerIndexPtr());
    std::copy(pattern.row.begin(), pattern.row.end(), matrix_.innerIndexPtr());
    ldlt_.analyzePattern(matrix_);
  }

  bool factor(const Vector<double>& values) override {
    std::copy(values.begin(), values.end(), matrix_.valuePtr());
    ldlt_.factorize(matrix_);
    return ldlt_.info() == Eigen::Success && (ldlt_.vectorD().array() > 0.0).all();
  }

  bool solve(double* b, Index columns) override {
    Eigen::Map<Eigen::MatrixXd> right(b, pattern_.size, columns);
    right = ldlt_.solve(right).eval();
    return true;
  }
  bool solve_transposed(double* b, Index columns) override { return solve(b, columns); }

  std::unique_ptr<Factors<double>> another() const override { return std::make_unique<Ldlt>(pattern_); }

 private:
  const Pattern& pattern_;
  Sparse matrix_;
  Eigen::SimplicialLDLT<Sparse> ldlt_;
};

}  // namespace

std::unique_ptr<Factors<double>> ldlt_factors(const Pattern& pattern) { return std::make_unique<Ldlt>(pattern); }

}  // namespace settle
