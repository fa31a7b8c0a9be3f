// The coarse matrix is the fine one between functions that are linear from node to node, both families together; its first family has no right side.
#include "sim/line_coarse.hpp"

#include <algorithm>
#include <cmath>

namespace settle {
namespace {

constexpr Index spacing = 8, most_nodes = 64;

/// The group a place lies in.
std::size_t group_of(const std::vector<LineGroup>& groups, Index place) {
  std::size_t k = groups.size() - 1;
  while (groups[k].offset > place) --k;
  return k;
}

template <Scalar S>
void add_to(std::vector<std::pair<int, S>>& row, int column, const S& value) {
  for (auto& [there, sum] : row)
    if (there == column) {
      sum += value;
      return;
    }
  row.emplace_back(column, value);
}

}  // namespace

CoarseAxis::CoarseAxis(Index fine) : nodes(std::clamp<Index>(fine / spacing, 1, most_nodes)), node(fine, 0), share(fine, 0.0) {
  for (Index x = 0; x < fine && nodes > 1; ++x) {
    const double at = static_cast<double>(x) * static_cast<double>(nodes - 1) / static_cast<double>(fine - 1);
    node[x] = static_cast<int>(std::min<Index>(static_cast<Index>(at), nodes - 2));
    share[x] = at - node[x];
  }
}

/// Points side by side in memory, from x on, at a fixed y.
template <Scalar S>
struct LineCoarse<S>::Line {
  const CoarseGrid* grid;
  Index x, y;
};

template <Scalar S>
LineCoarse<S>::LineCoarse(std::shared_ptr<const LineLayout> layout) : layout_(std::move(layout)) {
  auto place = [this](std::vector<CoarseGrid>& grids, Index x, Index y) {
    grids.push_back({CoarseAxis(x), CoarseAxis(y), count_});
    count_ += static_cast<int>(grids.back().x.nodes * grids.back().y.nodes);
  };
  for (const LineGroup& g : layout_->a_groups) place(a_, g.length, g.chains);
  b_first_ = count_;
  for (const LineGroup& g : layout_->b_groups) place(b_, g.chains, g.length);
}

template <Scalar S>
void LineCoarse<S>::factor(const S* values, Index next_to_previous, Index pairs_back) {
  rows_.assign(static_cast<std::size_t>(count_), {});
  add_families(values, next_to_previous);
  add_pairs(values, pairs_back);
  factor_rows();
  rows_.clear();
}

template <Scalar S>
void LineCoarse<S>::add_families(const S* values, Index next_to_previous) {
  const LineSections& s = layout_->sections;
  for (std::size_t k = 0; k < a_.size(); ++k) {
    const LineGroup& g = layout_->a_groups[k];
    for (Index c = 0; c < g.chains; ++c) {
      const Line here{&a_[k], 0, c}, after{&a_[k], 1, c};
      const S* next = values + s.next_a + g.offset + c * g.stride;
      add_line(here, here, values + s.along_a + g.offset + c * g.stride, g.length);
      add_line(here, after, next, g.length - 1);
      add_line(after, here, next + next_to_previous, g.length - 1);
    }
  }
  for (std::size_t k = 0; k < b_.size(); ++k) {
    const LineGroup& g = layout_->b_groups[k];
    for (Index p = 0; p < g.length; ++p) {
      const Line here{&b_[k], 0, p}, after{&b_[k], 0, p + 1};
      const S* next = values + s.next_b + g.offset + p * g.stride;
      add_line(here, here, values + s.along_b + g.offset + p * g.stride, g.chains);
      if (p + 1 == g.length) continue;
      add_line(here, after, next, g.chains);
      add_line(after, here, next + next_to_previous, g.chains);
    }
  }
}

template <Scalar S>
typename LineCoarse<S>::Line LineCoarse<S>::line_a(Index place) const {
  const std::size_t k = group_of(layout_->a_groups, place);
  const LineGroup& g = layout_->a_groups[k];
  return {&a_[k], (place - g.offset) % g.stride, (place - g.offset) / g.stride};
}

template <Scalar S>
typename LineCoarse<S>::Line LineCoarse<S>::line_b(Index place) const {
  const std::size_t k = group_of(layout_->b_groups, place);
  const LineGroup& g = layout_->b_groups[k];
  return {&b_[k], (place - g.offset) % g.stride, (place - g.offset) / g.stride};
}

/// Pieces of runs that stay in one line of both families; where a line does not advance, pair by pair.
template <Scalar S>
void LineCoarse<S>::add_pairs(const S* values, Index pairs_back) {
  for (const LineRun& run : layout_->runs)
    for (Index t = 0, count; t < run.count; t += count) {
      const Line a = line_a(run.a + run.a_step * t), b = line_b(run.b + run.b_step * t);
      const Index left = std::min<Index>(static_cast<Index>(a.grid->x.node.size()) - a.x, static_cast<Index>(b.grid->x.node.size()) - b.x);
      count = run.a_step && run.b_step ? std::min(left, run.count - t) : 1;
      add_line(a, b, values + layout_->sections.pairs + run.first + t, count);
      add_line(b, a, values + pairs_back + run.first + t, count);
    }
}

/// Entries whose row and column both advance along x; summed up while both stay between the same nodes.
template <Scalar S>
void LineCoarse<S>::add_line(const Line& row, const Line& column, const S* values, Index count) {
  const CoarseAxis &r = row.grid->x, &c = column.grid->x;
  for (Index t = 0; t < count;) {
    const int x = r.node[row.x + t], y = c.node[column.x + t];
    S sums[4] = {};
    for (; t < count && r.node[row.x + t] == x && c.node[column.x + t] == y; ++t) {
      const double u = r.share[row.x + t], v = c.share[column.x + t];
      const S right = v * values[t], left = values[t] - right;
      sums[0] += (1.0 - u) * left;
      sums[1] += (1.0 - u) * right;
      sums[2] += u * left;
      sums[3] += u * right;
    }
    spread(row, column, x, y, sums);
  }
}

/// Adds four sums, by node of the row and of the column, to the nodes on either side in y.
template <Scalar S>
void LineCoarse<S>::spread(const Line& row, const Line& column, int x, int y, const S (&sums)[4]) {
  const CoarseAxis &r = row.grid->y, &c = column.grid->y;
  for (int i = 0; i < 2; ++i) {
    const double u = i ? r.share[row.y] : 1.0 - r.share[row.y];
    for (int j = 0; j < 2 && u != 0.0; ++j) {
      const double v = j ? c.share[column.y] : 1.0 - c.share[column.y];
      if (v == 0.0) continue;
      const int to = row.grid->first + (r.node[row.y] + i) * static_cast<int>(row.grid->x.nodes) + x;
      const int from = column.grid->first + (c.node[column.y] + j) * static_cast<int>(column.grid->x.nodes) + y;
      for (int k = 0; k < 4; ++k)
        if (sums[k] != S(0.0)) add_to(rows_[static_cast<std::size_t>(to + k / 2)], from + k % 2, u * v * sums[k]);
    }
  }
}

/// By columns, as a pattern has them.
template <Scalar S>
void LineCoarse<S>::factor_rows() {
  std::vector<Row> columns(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    add_to(rows_[i], static_cast<int>(i), S(0.0));
    for (const auto& [j, value] : rows_[i]) columns[static_cast<std::size_t>(j)].emplace_back(static_cast<int>(i), value);
  }
  factors_.reset();
  pattern_ = {};
  pattern_.size = count_;
  std::vector<S> values;
  for (const Row& column : columns) {
    for (const auto& [i, value] : column) {
      pattern_.row.push_back(i);
      values.push_back(value);
    }
    pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
  }
  factors_.emplace(pattern_);
  factors_->factor(Eigen::Map<Vector<S>>(values.data(), static_cast<Index>(values.size())));
}

template <Scalar S>
void LineCoarse<S>::solve(const S* r) {
  solution_.setZero(count_);
  for (std::size_t k = 0; k < b_.size(); ++k) {
    const LineGroup& g = layout_->b_groups[k];
    const CoarseAxis &x = b_[k].x, &y = b_[k].y;
    Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> sums = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>::Zero(g.chains, y.nodes + 1);
    for (Index p = 0; p < g.length; ++p) {
      const Eigen::Map<const Vector<S>> line(r + g.offset + p * g.stride, g.chains);
      sums.col(y.node[p]) += (1.0 - y.share[p]) * line;
      sums.col(y.node[p] + 1) += y.share[p] * line;
    }
    for (Index j = 0; j < y.nodes; ++j) {
      S* to = solution_.data() + b_[k].first + j * x.nodes;
      for (Index c = 0; c < g.chains; ++c) {
        to[x.node[c]] += (1.0 - x.share[c]) * sums(c, j);
        if (x.share[c] != 0.0) to[x.node[c] + 1] += x.share[c] * sums(c, j);
      }
    }
  }
  factors_->solve(Eigen::Ref<Vector<S>>(solution_));
}

template <Scalar S>
void LineCoarse<S>::add(S* z) const {
  for (std::size_t k = 0; k < b_.size(); ++k) {
    const LineGroup& g = layout_->b_groups[k];
    const CoarseAxis &x = b_[k].x, &y = b_[k].y;
    Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> lines = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>::Zero(g.chains, y.nodes + 1);
    for (Index j = 0; j < y.nodes; ++j) {
      const S* from = solution_.data() + b_[k].first + j * x.nodes;
      for (Index c = 0; c < g.chains; ++c)
        lines(c, j) = (1.0 - x.share[c]) * from[x.node[c]] + (x.share[c] != 0.0 ? x.share[c] * from[x.node[c] + 1] : S(0.0));
    }
    for (Index p = 0; p < g.length; ++p)
      Eigen::Map<Vector<S>>(z + g.offset + p * g.stride, g.chains) +=
          (1.0 - y.share[p]) * lines.col(y.node[p]) + y.share[p] * lines.col(y.node[p] + 1);
  }
}

template class LineCoarse<double>;
template class LineCoarse<Complex>;

}  // namespace settle
