// Factorization: the LU (or LDL^T) factors of a sparse square matrix whose places never change, one door for dense, KLU and symmetric solvers.
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

/// `automatic` chooses by size and, at each `factor`, by whether the values are symmetric; the others are for comparison.
enum class Solver { automatic, dense, klu, ldlt };

/// One way to factor; its own file adds a class of it behind this wall.
template <Scalar S>
class Factors {
 public:
  virtual ~Factors() = default;
  /// False if this way cannot serve these values (another one then must).
  virtual bool factor(const Vector<S>& values) = 0;
  /// `columns` right sides one after the other, overwritten by the solutions.
  virtual void solve(S* b, Index columns) = 0;
  virtual void solve_transposed(S* b, Index columns) = 0;
  /// The same places, other values: what was analyzed is shared.
  virtual std::unique_ptr<Factors> another() const = 0;
};

template <Scalar S>
class Factorization {
 public:
  explicit Factorization(const Pattern& pattern, Solver solver = Solver::automatic);

  /// Throws SingularMatrix. The pattern must outlive this object.
  void factor(const Vector<S>& values);
  void solve(Eigen::Ref<Vector<S>> b) const;
  void solve_transposed(Eigen::Ref<Vector<S>> b) const;
  void solve(Block<S>& b) const;
  void solve_transposed(Block<S>& b) const;

  /// An empty factorization of the same places; shares what was analyzed.
  Factorization another() const;
  /// The way taken by the last `factor`.
  Solver used() const { return used_; }

 private:
  Factorization() = default;
  bool symmetric(const Vector<S>& values) const;

  const Pattern* pattern_ = nullptr;
  Solver solver_ = Solver::automatic;
  Solver used_ = Solver::automatic;
  std::shared_ptr<const std::vector<int>> mirror_;  // entry of (j, i) for each entry (i, j); empty where LDL^T is no option
  std::unique_ptr<Factors<S>> general_;
  std::unique_ptr<Factors<S>> symmetric_;
};

}  // namespace settle
