// Dense LU with row pivoting: the fastest way for matrices that are nearly full.
#include <Eigen/LU>

#include "sim/factors.hpp"

namespace settle {
namespace {

template <Scalar S>
class Dense : public Factors<S> {
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

 public:
  explicit Dense(const Pattern& pattern) : pattern_(pattern), matrix_(pattern.size, pattern.size) {}

  bool factor(const Vector<S>& values) override {
    matrix_.setZero();
    for (Index j = 0; j < pattern_.size; ++j)
      for (int e = pattern_.start[j]; e < pattern_.start[j + 1]; ++e) matrix_(pattern_.row[e], j) = values[e];
    lu_.compute(matrix_);
    for (Index j = 0; j < pattern_.size; ++j)
      if (lu_.matrixLU()(j, j) == S(0.0)) throw SingularMatrix(j, "the matrix is singular");
    return true;
  }

  bool solve(S* b, Index columns) override {
    Eigen::Map<Matrix> right(b, pattern_.size, columns);
    right = lu_.solve(right).eval();
    return true;
  }

  bool solve_transposed(S* b, Index columns) override {
    Eigen::Map<Matrix> right(b, pattern_.size, columns);
    right = lu_.transpose().solve(right).eval();
    return true;
  }

  std::unique_ptr<Factors<S>> another() const override { return std::make_unique<Dense>(pattern_); }

 private:
  const Pattern& pattern_;
  Matrix matrix_;
  Eigen::PartialPivLU<Matrix> lu_;
};

}  // namespace

template <Scalar S>
std::unique_ptr<Factors<S>> dense_factors(const Pattern& pattern) {
  return std::make_unique<Dense<S>>(pattern);
}
template std::unique_ptr<Factors<double>> dense_factors<double>(const Pattern&);
template std::unique_ptr<Factors<Complex>> dense_factors<Complex>(const Pattern&);

}  // namespace settle
