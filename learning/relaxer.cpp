// Layers of a network, and its connections packed by layer.
#include "learning/relaxer.hpp"

namespace settle {

Layering Layering::of(const Eigen::MatrixXd& links, const std::vector<Index>& begin) {
  const Index count = links.rows();
  std::vector<Index> level(static_cast<std::size_t>(count), -1), open = begin;
  Layering layering{.order = {}, .first = {0}};
  for (const Index n : begin) level[static_cast<std::size_t>(n)] = 0;
  Index unseen = 0, depth = 0;
  while (true) {
    if (open.empty()) {  // what nothing joins to those seen
      while (unseen < count && level[static_cast<std::size_t>(unseen)] >= 0) ++unseen;
      if (unseen == count) return layering;
      open = {unseen};
      level[static_cast<std::size_t>(unseen)] = depth;
    }
    layering.order.insert(layering.order.end(), open.begin(), open.end());
    layering.first.push_back(static_cast<Index>(layering.order.size()));
    ++depth;
    std::vector<Index> next;
    for (Index i = 0; i < count; ++i) {
      if (level[static_cast<std::size_t>(i)] >= 0) continue;
      for (const Index j : open)
        if (links(i, j) != 0.0 || links(j, i) != 0.0) {
          level[static_cast<std::size_t>(i)] = depth;
          next.push_back(i);
          break;
        }
    }
    open = std::move(next);
  }
}

template <class Real>
Connections<Real>::Connections(const Layering& layering, const Eigen::MatrixXd& w) : layering_(layering) {
  for (Index into = 0; into < layering.layers(); ++into)
    for (Index from = std::max<Index>(0, into - 1); from < std::min(into + 2, layering.layers()); ++from) {
      const Index i0 = layering.first[static_cast<std::size_t>(into)], i1 = layering.first[static_cast<std::size_t>(into) + 1];
      const Index j0 = layering.first[static_cast<std::size_t>(from)], j1 = layering.first[static_cast<std::size_t>(from) + 1];
      Panels<Real> panels(i1 - i0, j1 - j0);
      bool any = false;
      for (Index j = j0; j < j1; ++j)
        for (Index i = i0; i < i1; ++i) {
          const double value = w(layering.order[static_cast<std::size_t>(i)], layering.order[static_cast<std::size_t>(j)]);
          panels(i - i0, j - j0) = static_cast<Real>(value);
          any = any || value != 0.0;
        }
      if (any) joints_.push_back({from, into, std::move(panels)});
    }
}

template <class Real>
typename Connections<Real>::Work Connections<Real>::work(Index width) const {
  Work work{.sums = {}, .fresh = std::vector<char>(joints_.size(), 0), .total = std::vector<Real>(static_cast<std::size_t>(width)), .before = {}};
  work.before = work.total;
  for (const Joint& joint : joints_) work.sums.emplace_back(static_cast<std::size_t>(joint.w.rows() * width));
  return work;
}

/// Sums into a layer, where the layer they come from has moved.
template <class Real>
void Connections<Real>::refresh(Index layer, const Real* r, Index width, Work& work, Ended& ended) const {
  for (std::size_t k = 0; k < joints_.size(); ++k) {
    const Joint& joint = joints_[k];
    if (joint.into != layer || work.fresh[k]) continue;
    joint.w.multiply(r + layering_.first[static_cast<std::size_t>(joint.from)] * width, work.sums[k].data(), width);
    work.fresh[k] = 1;
    ended.flops += 2.0 * static_cast<double>(joint.w.rows()) * static_cast<double>(joint.w.columns() * width);
  }
}

/// What arrives at a place.
template <class Real>
void Connections<Real>::add_up(Index layer, Index place, Index width, Work& work) const {
  std::fill(work.total.begin(), work.total.end(), Real(0.0));
  for (std::size_t k = 0; k < joints_.size(); ++k) {
    if (joints_[k].into != layer) continue;
    const Real* sum = work.sums[k].data() + (place - layering_.first[static_cast<std::size_t>(layer)]) * width;
    for (Index s = 0; s < width; ++s) work.total[static_cast<std::size_t>(s)] += sum[s];
  }
}

template class Connections<double>;
template class Connections<float>;

}  // namespace settle
