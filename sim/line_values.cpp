// Values along lines: loading, elimination and the products and solves an iteration is made of.
#include "sim/line_values.hpp"

#include <Eigen/LU>
#include <algorithm>

#include "sim/dual.hpp"
#include "sim/line_leaf.hpp"

namespace settle {
namespace {

/// y = tridiagonal matrix times x, chains in pieces (step 1) or side by side.
template <Scalar S>
void times_pieces(const LineGroup& g, const S* d, const S* next, const S* previous, const S* x, S* y) {
  for (Index c = 0; c < g.chains; ++c) {
    const Index first = g.offset + c * g.stride, last = first + g.length - 1;
    for (Index k = first; k <= last; ++k) y[k] = d[k] * x[k];
    for (Index k = first; k < last; ++k) y[k] += next[k] * x[k + 1];
    for (Index k = first; k < last; ++k) y[k + 1] += previous[k] * x[k];
  }
}

template <Scalar S>
void times_side_by_side(const LineGroup& g, const S* d, const S* next, const S* previous, const S* x, S* __restrict__ y) {
  const Index w = g.stride;
  for (Index p = 0; p < g.length; ++p) {
    const Index first = g.offset + p * w, last = first + g.chains;
    if (p == 0 && g.length == 1)
      for (Index k = first; k < last; ++k) y[k] = d[k] * x[k];
    else if (p == 0)
      for (Index k = first; k < last; ++k) y[k] = d[k] * x[k] + next[k] * x[k + w];
    else if (p == g.length - 1)
      for (Index k = first; k < last; ++k) y[k] = d[k] * x[k] + previous[k - w] * x[k - w];
    else
      for (Index k = first; k < last; ++k) y[k] = d[k] * x[k] + next[k] * x[k + w] + previous[k - w] * x[k - w];
  }
}

}  // namespace

template <Scalar S>
LineValues<S>::LineValues(std::shared_ptr<const LineLayout> layout) : layout_(std::move(layout)), outside_(layout_) {}

template <Scalar S>
bool LineValues<S>::load(const Vector<S>& values) {
  const LineLayout& l = *layout_;
  const LineSections& s = l.sections;
  symmetric_ = false;
  values_.setZero(s.cut);
  for (Index e = 0; e < values.size(); ++e)
    if (l.target[e] < s.cut) values_[l.target[e]] = values[e];
  symmetric_ = mirrored(values);
  if (!symmetric_) {
    values_.conservativeResize(s.end);
    values_.tail(s.end - s.cut).setZero();
    for (Index e = 0; e < values.size(); ++e)
      if (l.target[e] >= s.cut) values_[l.target[e]] = values[e];
  }
  next_to_previous_ = symmetric_ ? 0 : s.previous_a - s.next_a;
  pairs_back_ = symmetric_ ? s.pairs : s.pairs_back;
  for (const LineLeaf& leaf : l.leaves)
    if (!eliminate(leaf)) return false;
  if (!factor_chains()) return false;
  if (coarse_ && !factor_coarse()) coarse_.reset();
  return true;
}

/// The inner block becomes its inverse, the columns the inverse times the columns.
template <Scalar S>
bool LineValues<S>::eliminate(const LineLeaf& leaf) {
  LeafBlocks<S> b(leaf, values_.data());
  if (leaf.size == 1) {
    if (b.inner(0, 0) == S(0.0)) return false;
    b.inner(0, 0) = 1.0 / b.inner(0, 0);
  } else {
    const Eigen::FullPivLU<LeafMatrix<S>> lu(b.inner);
    if (!lu.isInvertible()) return false;
    b.inner = lu.inverse();
  }
  b.columns = (b.inner * b.columns).eval();
  const LeafMatrix<S> left = b.rows * b.columns;
  const LineSections& s = layout_->sections;
  const int last = leaf.touched() - 1;
  if (leaf.a >= 0) values_[s.along_a + leaf.a] -= left(0, 0);
  if (leaf.b >= 0) values_[s.along_b + leaf.b - layout_->a_count] -= left(last, last);
  if (leaf.pair >= 0) {
    values_[s.pairs + leaf.pair] -= left(0, 1);
    if (!symmetric_) values_[s.pairs_back + leaf.pair] -= left(1, 0);
  }
  return true;
}

template <Scalar S>
Chains<S> LineValues<S>::a_chains() const {
  const S* next = at(layout_->sections.next_a);
  return {next, next + next_to_previous_};
}

template <Scalar S>
Chains<S> LineValues<S>::b_chains() const {
  const S* next = at(layout_->sections.next_b);
  return {next, next + next_to_previous_};
}

template <Scalar S>
bool LineValues<S>::factor_chains() {
  const LineLayout& l = *layout_;
  inverse_ = values_.head(l.a_count + l.b_count);
  for (const LineGroup& g : l.a_groups)
    each_piece(g, [&](auto width, Index at) { factor_pieces<width>(g, at, a_chains(), inverse_.data()); });
  for (const LineGroup& g : l.b_groups) factor_side_by_side(g, b_chains(), inverse_.data() + l.a_count);
  if (!inverse_.allFinite()) return false;
  positive_ = true;
  for (Index k = 0; k < inverse_.size(); ++k) positive_ = positive_ && !(re(inverse_[k]) < 0.0);
  try {
    outside_.factor(values_, [this](S* x) { solve_a(x); }, [this](S* x) { solve_b(x); });
  } catch (const SingularMatrix&) {
    return false;
  }
  return true;
}

template <Scalar S>
void LineValues<S>::gather(const S* b, S* a, S* r) const {
  const LineLayout& l = *layout_;
  const int na = static_cast<int>(l.a_count);
  std::fill_n(a, na, S(0.0));
  for (std::size_t u = 0; u < l.place.size(); ++u)
    if (const int p = l.place[u]; p >= 0) (p < na ? a[p] : r[p - na]) = b[u];
  for (const LineLeaf& leaf : l.leaves) {
    const LeafBlocks<const S> block(leaf, values_.data());
    LeafVector<S> y(leaf.size);
    for (int k = 0; k < leaf.size; ++k) y[k] = b[l.local[leaf.first + k]];
    y = (block.inner * y).eval();
    if (leaf.a >= 0) a[leaf.a] -= block.rows.row(0).transpose().cwiseProduct(y).sum();
    if (leaf.b >= 0) r[leaf.b - na] -= block.rows.row(leaf.touched() - 1).transpose().cwiseProduct(y).sum();
  }
}

template <Scalar S>
void LineValues<S>::scatter(const S* a, const S* r, const S* b, S* x) const {
  const LineLayout& l = *layout_;
  const int na = static_cast<int>(l.a_count);
  for (const LineLeaf& leaf : l.leaves) {
    const LeafBlocks<const S> block(leaf, values_.data());
    LeafVector<S> y(leaf.size);
    for (int k = 0; k < leaf.size; ++k) y[k] = b[l.local[leaf.first + k]];
    y = (block.inner * y).eval();
    if (leaf.a >= 0) y -= block.columns.col(0) * a[leaf.a];
    if (leaf.b >= 0) y -= block.columns.col(leaf.touched() - 1) * r[leaf.b - na];
    for (int k = 0; k < leaf.size; ++k) x[l.local[leaf.first + k]] = y[k];
  }
  for (std::size_t u = 0; u < l.place.size(); ++u)
    if (const int p = l.place[u]; p >= 0) x[u] = p < na ? a[p] : r[p - na];
}

template <Scalar S>
void LineValues<S>::solve_a(S* x) const {
  const Chains<S> chains = a_chains();
  for (const LineGroup& g : layout_->a_groups)
    each_piece(g, [&](auto width, Index at) { solve_pieces<width>(g, at, chains, inverse_.data(), x); });
}

template <Scalar S>
void LineValues<S>::solve_b(S* x) const {
  const Chains<S> chains = b_chains();
  for (const LineGroup& g : layout_->b_groups) solve_side_by_side(g, chains, inverse_.data() + layout_->a_count, x);
}

template <Scalar S>
void LineValues<S>::add_part(LinePart which, double sign, const S* x, S* y) const {
  const LineOthers& others = layout_->part(which);
  const S* v = at(others.first);
  for (std::size_t k = 0; k < others.entries.size(); ++k) y[others.entries[k].row] += sign * v[k] * x[others.entries[k].column];
}

template <Scalar S>
void LineValues<S>::add_to_rest(const S* a, S* y) const {
  add_pairs_to_b<1>(layout_->runs, at(pairs_back_), a, y);
  add_part(LinePart::ra, 1.0, a, y);
}

template <Scalar S>
void LineValues<S>::subtract_from_rest(const S* a, S* y) const {
  add_pairs_to_b<-1>(layout_->runs, at(pairs_back_), a, y);
  add_part(LinePart::ra, -1.0, a, y);
}

template <Scalar S>
void LineValues<S>::add_to_a(const S* r, S* y) const {
  add_pairs_to_a<1>(layout_->runs, at(layout_->sections.pairs), r, y);
  add_part(LinePart::ar, 1.0, r, y);
}

template <Scalar S>
void LineValues<S>::subtract_from_a(const S* r, S* y) const {
  add_pairs_to_a<-1>(layout_->runs, at(layout_->sections.pairs), r, y);
  add_part(LinePart::ar, -1.0, r, y);
}

template <Scalar S>
void LineValues<S>::times_rest(const S* x, S* y) const {
  const LineSections& s = layout_->sections;
  for (const LineGroup& g : layout_->b_groups) times_side_by_side(g, at(s.along_b), at(s.next_b), at(s.next_b + next_to_previous_), x, y);
  std::fill_n(y + layout_->b_count, layout_->outside(), S(0.0));
  add_part(LinePart::rr, 1.0, x, y);
}

template <Scalar S>
void LineValues<S>::times_a(const S* x, S* y) const {
  const LineSections& s = layout_->sections;
  std::fill_n(y, layout_->a_count, S(0.0));
  for (const LineGroup& g : layout_->a_groups) times_pieces(g, at(s.along_a), at(s.next_a), at(s.next_a + next_to_previous_), x, y);
  add_part(LinePart::aa, 1.0, x, y);
}

template <Scalar S>
void LineValues<S>::times_eliminated(const S* x, S* y, S* scratch) const {
  times_rest(x, y);
  std::fill_n(scratch, layout_->a_count, S(0.0));
  subtract_from_a(x, scratch);  // the sign returns with the sweep's result
  solve_a(scratch);
  add_to_rest(scratch, y);
}

template <Scalar S>
bool LineValues<S>::refine() {
  if (coarse_) return false;
  coarse_.emplace(layout_);
  if (factor_coarse()) return true;
  coarse_.reset();
  return false;
}

template <Scalar S>
bool LineValues<S>::factor_coarse() try {
  coarse_->factor(values_.data(), next_to_previous_, pairs_back_);
  return true;
} catch (const SingularMatrix&) {
  return false;
}

template <Scalar S>
void LineValues<S>::solve_rest(S* r) {
  if (coarse_) coarse_->solve(r);
  outside_.solve(values_, [this](S* x) { solve_b(x); }, r);
  if (coarse_) coarse_->add(r);
}

template class LineValues<double>;
template class LineValues<Complex>;

}  // namespace settle
