// Still: the Newton correction as a distance from rest.
#include "sim/still.hpp"

#include <cmath>

namespace settle {

template <Scalar S>
typename Still<S>::Distance Still<S>::at(const Block<S>& x, double t, const Vector<double>& tolerance, double horizon) {
  system_.rate(x, t, left_);
  linearized_.at(x, t);
  linearized_.shift(0.0);
  linearized_.solve(left_);
  drift_.setZero(x.rows(), 1);
  if (horizon > 0.0) {
    system_.time_slope(x, t, drift_);
    if ((drift_.array() != S(0.0)).any()) linearized_.solve(drift_);
  }
  Distance worst;
  for (Index k = 0; k < x.rows(); ++k) {
    const double way = std::abs(left_(k, 0)) + horizon * std::abs(drift_(k, 0));
    const double share = std::isfinite(way) ? way / tolerance[k] : std::numeric_limits<double>::infinity();
    if (share > worst.share) worst = {share, k};
  }
  return worst;
}

template class Still<double>;
template class Still<Complex>;

double slowest_time(const System<double>& system, const Block<double>& x, double t) {
  Linearized<double> linearized(system, 1);
  linearized.at(x, t);
  linearized.shift(0.0);
  Block<double> v(x.rows(), 1), y;
  for (Index k = 0; k < v.rows(); ++k) v(k, 0) = 1.0 + 0.5 * std::sin(static_cast<double>(k));  // nothing that symmetry could make orthogonal
  double slowest = 0.0;
  for (int n = 0; n < 40; ++n) {
    linearized.mass_times(v, y);
    linearized.solve(y);
    const double length = y.norm(), before = slowest;
    if (!(length > 0.0) || !std::isfinite(length)) return length > 0.0 ? length : 0.0;
    slowest = length / v.norm();
    if (n > 4 && std::abs(slowest - before) < 1e-2 * slowest) break;
    v = y / length;
  }
  return slowest;
}

}  // namespace settle
