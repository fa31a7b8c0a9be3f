// The values of one leaf of lines as small matrices.
#pragma once

#include "sim/line_layout.hpp"

namespace settle {

template <Scalar S>
using LeafMatrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, 0, LineLeaf::largest, LineLeaf::largest>;
template <Scalar S>
using LeafVector = Eigen::Matrix<S, Eigen::Dynamic, 1, 0, LineLeaf::largest, 1>;

/// The blocks of a leaf's values.
template <class S>  // a number, or a constant one
struct LeafBlocks {
  using Number = std::remove_const_t<S>;
  template <int Order>
  using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic, Order>;
  template <int Order>
  using View = Eigen::Map<std::conditional_t<std::is_const_v<S>, const Matrix<Order>, Matrix<Order>>>;
  View<Eigen::ColMajor> inner, columns;
  View<Eigen::RowMajor> rows;

  LeafBlocks(const LineLeaf& leaf, S* values)
      : inner(values + leaf.value, leaf.size, leaf.size),
        columns(values + leaf.value + leaf.size * leaf.size, leaf.size, leaf.touched()),
        rows(values + leaf.value + leaf.size * (leaf.size + leaf.touched()), leaf.touched(), leaf.size) {}
};

}  // namespace settle
