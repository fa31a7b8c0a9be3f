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

template class Connections<double>;
template class Connections<float>;

}  // namespace settle
