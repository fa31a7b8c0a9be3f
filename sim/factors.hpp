// Factors: one way to factor a sparse matrix of fixed places; Factorization chooses among them.
#pragma once

#include <memory>
#include <string>

#include "sim/error.hpp"
#include "sim/pattern.hpp"
#include "sim/scalar.hpp"

namespace settle {

/// A matrix without inverse, or with a number that is not finite; knows the unknown at which the elimination stopped.
class SingularMatrix : public Error {
 public:
  SingularMatrix(Index unknown, const std::string& text) : Error(Fault::simulation, text), unknown_(unknown) {}
  Index unknown() const { return unknown_; }

 private:
  Index unknown_;
};

template <Scalar S>
class Factors {
 public:
  virtual ~Factors() = default;
  /// False if this way cannot serve these values and another one must. Throws SingularMatrix if none can. The values stay where they
  /// are as long as these factors are used.
  virtual bool factor(const Vector<S>& values) = 0;
  /// Right sides one after the other, overwritten by the solutions. False if this way turns out not to serve: those not solved are as before.
  virtual bool solve(S* b, Index columns) = 0;
  virtual bool solve_transposed(S* b, Index columns) = 0;
  /// The same places, no values yet; what was analyzed is shared.
  virtual std::unique_ptr<Factors> another() const = 0;
  /// Iterations of all solves so far; 0 of direct ways.
  virtual long iterations() const { return 0; }
};

/// LU without regard to zeros, for matrices that have few.
template <Scalar S>
std::unique_ptr<Factors<S>> dense_factors(const Pattern& pattern);

/// Sparse LU of circuit matrices (KLU, doi:10.1145/1824801.1824814).
template <Scalar S>
std::unique_ptr<Factors<S>> klu_factors(const Pattern& pattern);

/// L D L^T of real symmetric positive definite matrices. Complex symmetric matrices are not Hermitian: never for those.
std::unique_ptr<Factors<double>> ldlt_factors(const Pattern& pattern);

/// Iteration along the lines of the pattern, to the accuracy of a direct solution.
template <Scalar S>
std::unique_ptr<Factors<S>> line_factors(const Pattern& pattern);

}  // namespace settle
