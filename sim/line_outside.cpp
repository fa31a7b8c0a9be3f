// Unknowns outside of lines: their own entries and, for each chain they touch, what is left when it is eliminated.
#include "sim/line_outside.hpp"

#include <algorithm>
#include <map>

namespace settle {
namespace {

constexpr int most_layers = 8;

int chain_of(const std::vector<LineGroup>& groups, bool pieces, int place) {
  Index before = 0;
  for (const LineGroup& g : groups) {
    const Index end = g.offset + (pieces ? g.chains : g.length) * g.stride;
    if (place < end) return static_cast<int>(before + (pieces ? (place - g.offset) / g.stride : (place - g.offset) % g.stride));
    before += g.chains;
  }
  return -1;
}

/// Numbers the unknowns that each chain meets and drops the entries of those beyond the first few.
void number_layers(LineTouches& touches) {
  std::map<std::pair<int, int>, int> layer;  // of (chain, outside)
  for (const auto* list : {&touches.in, &touches.out})
    for (const LineTouch& t : *list) layer[{t.chain, t.outside}] = 0;
  int chain = -1, next = 0;
  for (auto& [key, number] : layer) {
    if (key.first != chain) next = 0;
    chain = key.first;
    number = next++;
  }
  for (auto* list : {&touches.in, &touches.out}) {
    for (LineTouch& t : *list) t.layer = layer[{t.chain, t.outside}];
    std::erase_if(*list, [](const LineTouch& t) { return t.layer >= most_layers; });
    for (const LineTouch& t : *list) touches.layers = std::max(touches.layers, t.layer + 1);
  }
}

}  // namespace

LineTouches::LineTouches(const LineLayout& layout, bool first_family) {
  const int nb = static_cast<int>(layout.b_count);
  const LineOthers& rows = layout.part(first_family ? LinePart::ar : LinePart::rr);
  const LineOthers& columns = layout.part(first_family ? LinePart::ra : LinePart::rr);
  const std::vector<LineGroup>& groups = first_family ? layout.a_groups : layout.b_groups;
  auto in_family = [&](int place) { return first_family || place < nb; };
  for (std::size_t k = 0; k < rows.entries.size(); ++k) {
    const auto [row, column] = rows.entries[k];
    if (in_family(row) && column >= nb)
      in.push_back({chain_of(groups, first_family, row), column - nb, row, static_cast<int>(rows.first) + static_cast<int>(k)});
  }
  for (std::size_t k = 0; k < columns.entries.size(); ++k) {
    const auto [row, column] = columns.entries[k];
    if (in_family(column) && row >= nb)
      out.push_back({chain_of(groups, first_family, column), row - nb, column, static_cast<int>(columns.first) + static_cast<int>(k)});
  }
  number_layers(*this);
}

template <Scalar S>
LineOutside<S>::LineOutside(std::shared_ptr<const LineLayout> layout) : layout_(std::move(layout)), a_(*layout_, true), b_(*layout_, false) {
  const int nb = static_cast<int>(layout_->b_count);
  pattern_.size = layout_->outside();
  if (empty()) return;
  std::vector<Place> places;  // row and column swapped, so that they sort by columns
  for (Index k = 0; k < pattern_.size; ++k) places.push_back({k, k});
  for (const LineEntry& e : layout_->part(LinePart::rr).entries)
    if (e.row >= nb && e.column >= nb) places.push_back({e.column - nb, e.row - nb});
  for (const LineTouches* touches : {&a_, &b_}) {
    std::map<int, std::vector<int>> met;
    for (const LineTouch& t : touches->in) met[t.chain].push_back(t.outside);
    for (const LineTouch& t : touches->out)
      for (int column : met[t.chain]) places.push_back({column, t.outside});
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  for (const Place& p : places) {
    while (static_cast<Index>(pattern_.start.size()) <= p.row) pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
    pattern_.row.push_back(static_cast<int>(p.column));
  }
  pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
  for (const LineEntry& e : layout_->part(LinePart::rr).entries)
    own_.push_back(e.row >= nb && e.column >= nb ? static_cast<int>(entry(e.row - nb, e.column - nb)) : -1);
  factors_.emplace(pattern_);
}

template <Scalar S>
Index LineOutside<S>::entry(int row, int column) const {
  const auto first = pattern_.row.begin() + pattern_.start[column], last = pattern_.row.begin() + pattern_.start[column + 1];
  return std::lower_bound(first, last, row) - pattern_.row.begin();
}

template <Scalar S>
void LineOutside<S>::factor(const Vector<S>& values, const Sweep& solve_a, const Sweep& solve_b) {
  if (empty()) return;
  Vector<S> left = Vector<S>::Zero(pattern_.entries());
  for (std::size_t k = 0; k < own_.size(); ++k)
    if (own_[k] >= 0) left[own_[k]] += values[layout_->part(LinePart::rr).first + static_cast<Index>(k)];
  eliminate(a_, values, solve_a, layout_->a_count, left);
  eliminate(b_, values, solve_b, layout_->b_count, left);
  factors_->factor(left);
}

/// One sweep along all chains serves one unknown of each.
template <Scalar S>
void LineOutside<S>::eliminate(const LineTouches& touches, const Vector<S>& values, const Sweep& solve, Index places, Vector<S>& left) const {
  Vector<S> x;
  std::vector<int> column;  // by chain, -1: none in this layer
  for (int layer = 0; layer < touches.layers; ++layer) {
    x.setZero(places);
    column.clear();
    for (const LineTouch& t : touches.in) {
      if (t.layer != layer) continue;
      x[t.place] += values[t.value];
      if (column.size() <= static_cast<std::size_t>(t.chain)) column.resize(t.chain + 1, -1);
      column[t.chain] = t.outside;
    }
    solve(x.data());
    for (const LineTouch& t : touches.out)
      if (static_cast<std::size_t>(t.chain) < column.size() && column[t.chain] >= 0)
        left[entry(t.outside, column[t.chain])] -= values[t.value] * x[t.place];
  }
}

template <Scalar S>
void LineOutside<S>::solve(const Vector<S>& values, const Sweep& solve_b, S* r) {
  const Index nb = layout_->b_count;
  if (!b_.in.empty()) moved_ = Eigen::Map<Vector<S>>(r, nb);
  solve_b(r);
  if (empty()) return;
  right_ = Eigen::Map<Vector<S>>(r + nb, pattern_.size);
  for (const LineTouch& t : b_.out) right_[t.outside] -= values[t.value] * r[t.place];
  factors_->solve(Eigen::Ref<Vector<S>>(right_));
  Eigen::Map<Vector<S>>(r + nb, pattern_.size) = right_;
  if (b_.in.empty()) return;
  Eigen::Map<Vector<S>>(r, nb) = moved_;
  for (const LineTouch& t : b_.in) r[t.place] -= values[t.value] * right_[t.outside];
  solve_b(r);
}

template class LineOutside<double>;
template class LineOutside<Complex>;

}  // namespace settle
