// LineOutside: the unknowns outside of lines, coupled with each other and through the chains they touch.
#pragma once

#include <functional>
#include <optional>

#include "sim/factorization.hpp"
#include "sim/line_layout.hpp"

namespace settle {

/// An entry between an unknown outside and one in a chain of a family.
struct LineTouch {
  int chain = 0, outside = 0;  // both count from 0
  int place = 0;               // in the family
  int value = 0;               // where its value stands
  int layer = 0;               // of the unknowns outside that the chain meets, this is the layer-th
};

/// What lies between a family and outside: entries with the row in a chain, and those with the column in one. A chain that meets more than a few
/// unknowns keeps the first.
struct LineTouches {
  LineTouches(const LineLayout& layout, bool first_family);
  std::vector<LineTouch> in, out;
  int layers = 0;
};

template <Scalar S>
class LineOutside {
 public:
  using Sweep = std::function<void(S*)>;  // solves along the chains of a family
  explicit LineOutside(std::shared_ptr<const LineLayout> layout);

  bool empty() const { return pattern_.size == 0; }
  /// Throws SingularMatrix.
  void factor(const Vector<S>& values, const Sweep& solve_a, const Sweep& solve_b);
  /// r, sorted by place in the rest, becomes the solution of the second family and what lies outside.
  void solve(const Vector<S>& values, const Sweep& solve_b, S* r);

 private:
  void eliminate(const LineTouches& touches, const Vector<S>& values, const Sweep& solve, Index places, Vector<S>& left) const;
  Index entry(int row, int column) const;

  std::shared_ptr<const LineLayout> layout_;
  LineTouches a_, b_;
  Pattern pattern_;
  std::vector<int> own_;  // entry of each of the layout's entries within outside; -1 for others of that part
  std::optional<Factorization<S>> factors_;
  Vector<S> moved_, right_;
};

}  // namespace settle
