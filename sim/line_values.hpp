// LineValues: the values of a matrix sorted by a LineLayout; eliminates leaves and the chains of the first family exactly, and solves the rest
// approximately: along its chains and outside of them together, without what the first family couples between them.
#pragma once

#include "sim/line_coarse.hpp"
#include "sim/line_layout.hpp"
#include "sim/line_outside.hpp"
#include "sim/line_sweeps.hpp"

namespace settle {

template <Scalar S>
class LineValues {
 public:
  explicit LineValues(std::shared_ptr<const LineLayout> layout);
  LineValues(const LineValues&) = delete;
  LineValues& operator=(const LineValues&) = delete;

  /// False if a pivot along the lines vanishes, so that this way cannot serve.
  bool load(const Vector<S>& values);
  bool symmetric() const { return symmetric_; }
  /// All pivots are positive: necessary for a symmetric matrix to be positive definite.
  bool positive() const { return positive_; }
  const LineLayout& layout() const { return *layout_; }

  /// The right side b of the unknowns, its leaves eliminated, sorted by place: the first family into a, what is left into r.
  void gather(const S* b, S* a, S* r) const;
  /// The solution of all unknowns.
  void scatter(const S* a, const S* r, const S* b, S* x) const;

  /// The first family's chains solved, exactly if the layout is separable.
  void solve_a(S* x) const;
  /// y += or -= the entries (rest, first family) times a, (first family, rest) times r.
  void add_to_rest(const S* a, S* y) const;
  void subtract_from_rest(const S* a, S* y) const;
  void add_to_a(const S* r, S* y) const;
  void subtract_from_a(const S* r, S* y) const;
  /// y = matrix of the rest times x, with the first family eliminated in `scratch`.
  void times_eliminated(const S* x, S* y, S* scratch) const;
  void times_rest(const S* x, S* y) const;
  void times_a(const S* x, S* y) const;
  /// r becomes the approximate solution of the rest.
  void solve_rest(S* r);
  /// From now on `solve_rest` corrects on a coarse grid too. False if it does already or cannot.
  bool refine();

 private:
  bool mirrored(const Vector<S>& values) const;
  bool mirrored_leaves() const;
  bool mirrored_others() const;
  bool eliminate(const LineLeaf& leaf);
  bool factor_chains();
  bool factor_coarse();
  void add_part(LinePart part, double sign, const S* x, S* y) const;
  void solve_b(S* x) const;
  Chains<S> a_chains() const;
  Chains<S> b_chains() const;
  const S* at(Index section) const { return values_.data() + section; }

  std::shared_ptr<const LineLayout> layout_;
  Vector<S> values_;
  Vector<S> inverse_;  // of the pivots, first family and second
  Index next_to_previous_ = 0, pairs_back_ = 0;
  bool symmetric_ = false, positive_ = false;
  LineOutside<S> outside_;
  std::optional<LineCoarse<S>> coarse_;
};

}  // namespace settle
