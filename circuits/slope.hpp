// Consistent slope: dx/dt of a point on a trajectory, also of its algebraic unknowns, so that probed currents balance at every node.
#pragma once

#include "circuits/snapshot.hpp"
#include "sim/linearized.hpp"

namespace settle {

/// (M - h J) k = f + h df/dt gives k = dx/dt + O(h) on differential and algebraic rows alike; h is a millionth of a step. Between the ends
/// of a step algebraic equations hold only as well as the dense output, so their rest is left out: divided by h it would drown the slope.
template <Scalar S>
class ConsistentSlope {
 public:
  explicit ConsistentSlope(const System<S>& system) : system_(system), linearized_(system) {}

  /// The step size the trajectory is resolved with. A linear circuit keeps its factors while this is near what they were made for.
  void resolution(double step) {
    const double h = 1e-6 * step;
    if (h_ == 0.0 || !system_.linear() || h < 1e-2 * h_ || h > 1e2 * h_) h_ = h;
  }

  Block<S> at(const Block<S>& x, double t) {
    if (h_ == 0.0) resolution(1e-6);
    Block<S> f(x.rows(), x.cols()), ft(x.rows(), x.cols());
    system_.rate(x, t, f);
    system_.time_slope(x, t, ft);
    linearized_.at(x, t);
    linearized_.shift(1.0 / h_);
    f = f / h_ + ft;
    for (Index k = 0; k < f.rows(); ++k)
      if (linearized_.algebraic(k)) f.row(k) = ft.row(k);
    linearized_.solve(f);
    return f;
  }

 private:
  const System<S>& system_;
  Linearized<S> linearized_;
  double h_ = 0.0;
};

}  // namespace settle
