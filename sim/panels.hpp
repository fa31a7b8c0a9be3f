// Panels: a real matrix packed for many products with a few hundred columns at a time, y = W x, all in cache: five rows of W side by side, so
// that an accumulator of every one stays in a register (tests/bench/kernels.cpp). Columns are padded to whole vectors.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

template <class Real>
class Panels {
 public:
  /// Columns of x and y come in multiples of it.
  static constexpr Index vector = 64 / sizeof(Real);

  Panels() = default;
  Panels(Index rows, Index columns) : rows_(rows), columns_(columns), w_(static_cast<std::size_t>((rows + wide - 1) / wide * wide * columns), Real(0.0)) {}

  Index rows() const { return rows_; }
  Index columns() const { return columns_; }
  Real& operator()(Index row, Index column) { return w_[static_cast<std::size_t>((row / wide * columns_ + column) * wide + row % wide)]; }
  Real operator()(Index row, Index column) const { return const_cast<Panels&>(*this)(row, column); }

  /// y = W x; row k of x stands at x + k * width, of y likewise.
  void multiply(const Real* x, Real* y, Index width) const {
    for (Index first = 0; first < rows_; first += wide) {
      const Real* w = w_.data() + first * columns_;
      Real* into = y + first * width;
      const Index count = std::min(wide, rows_ - first);
      Index at = 0;
      for (; at + 4 * vector <= width; at += 4 * vector) panel<4>(w, x + at, into + at, width, count);
      for (; at + 2 * vector <= width; at += 2 * vector) panel<2>(w, x + at, into + at, width, count);
      for (; at < width; at += vector) panel<1>(w, x + at, into + at, width, count);
    }
  }

 private:
  static constexpr Index wide = 5;
  typedef Real Lane __attribute__((vector_size(64)));
  typedef Real Unaligned __attribute__((vector_size(64), aligned(sizeof(Real)), may_alias));

  template <int vectors>
  void panel(const Real* w, const Real* x, Real* y, Index width, Index count) const {
    Lane sum[wide][vectors] = {};
    for (Index k = 0; k < columns_; ++k, x += width, w += wide) {
      Lane in[vectors];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) in[v] = *reinterpret_cast<const Unaligned*>(x + v * vector);
#pragma GCC unroll 5
      for (int j = 0; j < wide; ++j)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) sum[j][v] += w[j] * in[v];
    }
#pragma GCC unroll 5
    for (int j = 0; j < wide; ++j) {
      if (j == count) break;
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) *reinterpret_cast<Unaligned*>(y + j * width + v * vector) = sum[j][v];
    }
  }

  Index rows_ = 0, columns_ = 0;
  std::vector<Real> w_;
};

}  // namespace settle
