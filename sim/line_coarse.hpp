// LineCoarse: what varies slowly over an array, solved on a coarse grid. Sweeps along wires hardly move it where cells conduct well: their number
// grows with the size of the array over the length sqrt(wire / cell conductance), that of iterations with this correction does not.
#pragma once

#include <optional>

#include "sim/factorization.hpp"
#include "sim/line_layout.hpp"

namespace settle {

/// Linear interpolation between `nodes` coarse points from `fine` points: point x lies at share[x] between node[x] and the next.
struct CoarseAxis {
  explicit CoarseAxis(Index fine);
  Index nodes = 1;
  std::vector<int> node;
  std::vector<double> share;
};

/// The coarse grid of one group: node (x, y) is number first + y * x.nodes + x. In the first family y counts chains, in the second positions,
/// so that x runs through memory in both.
struct CoarseGrid {
  CoarseAxis x, y;
  int first = 0;
};

template <Scalar S>
class LineCoarse {
 public:
  explicit LineCoarse(std::shared_ptr<const LineLayout> layout);

  /// The values of the layout, leaves eliminated, and where entries (p + 1, p) and (b, a) are found. Throws SingularMatrix.
  void factor(const S* values, Index next_to_previous, Index pairs_back);
  /// The coarse solution for r, sorted by place in the rest, ...
  void solve(const S* r);
  /// ... interpolated and added to z.
  void add(S* z) const;

 private:
  struct Line;
  using Row = std::vector<std::pair<int, S>>;
  void add_families(const S* values, Index next_to_previous);
  void add_pairs(const S* values, Index pairs_back);
  void add_line(const Line& row, const Line& column, const S* values, Index count);
  void spread(const Line& row, const Line& column, int x, int y, const S (&sums)[4]);
  void factor_rows();
  Line line_a(Index place) const;
  Line line_b(Index place) const;

  std::shared_ptr<const LineLayout> layout_;
  std::vector<CoarseGrid> a_, b_;
  int count_ = 0, b_first_ = 0;
  std::vector<Row> rows_;  // while it is assembled
  Pattern pattern_;
  std::optional<Factorization<S>> factors_;
  Vector<S> solution_;
};

}  // namespace settle
