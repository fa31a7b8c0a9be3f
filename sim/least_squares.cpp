// Levenberg and Marquardt's method in scaled, where asked logarithmic, coordinates; parameters at a bound that push outwards stand still.
#include "sim/least_squares.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>

namespace settle {
namespace {

using Parameters = std::vector<LeastSquaresParameter>;

double scale_of(const LeastSquaresParameter& p) {
  if (p.logarithmic) return 1.0;
  if (p.scale > 0.0) return p.scale;
  return p.initial != 0.0 ? std::abs(p.initial) : 1.0;
}

/// Between parameters and the coordinates y that are searched.
class Search {
 public:
  Search(const Residuals& residuals, const Parameters& parameters) : residuals_(residuals), parameters_(parameters) {}

  Index size() const { return static_cast<Index>(parameters_.size()); }
  double coordinate(Index k, double value) const {
    const LeastSquaresParameter& p = parameters_[static_cast<std::size_t>(k)];
    return p.logarithmic ? std::log(value) : value / scale_of(p);
  }
  double value(Index k, double y) const {
    const LeastSquaresParameter& p = parameters_[static_cast<std::size_t>(k)];
    return std::clamp(p.logarithmic ? std::exp(y) : y * scale_of(p), p.lower, p.upper);
  }
  double slope(Index k, double y) const {  // d value / d y
    const LeastSquaresParameter& p = parameters_[static_cast<std::size_t>(k)];
    return p.logarithmic ? value(k, y) : scale_of(p);
  }
  Vector<double> start() const {
    Vector<double> y(size());
    for (Index k = 0; k < size(); ++k) {
      const LeastSquaresParameter& p = parameters_[static_cast<std::size_t>(k)];
      y[k] = coordinate(k, std::clamp(p.initial, p.lower, p.upper));
    }
    return y;
  }
  Vector<double> values(const Vector<double>& y) const {
    Vector<double> v(size());
    for (Index k = 0; k < size(); ++k) v[k] = value(k, y[k]);
    return v;
  }
  bool residuals(const Vector<double>& y, Vector<double>& r) const { return residuals_(values(y), r) && r.allFinite(); }

  /// -1, +1: at the lower, upper bound; 0: between them.
  int bound(Index k, double y) const {
    const LeastSquaresParameter& p = parameters_[static_cast<std::size_t>(k)];
    const double v = value(k, y);
    return v <= p.lower ? -1 : v >= p.upper ? 1 : 0;
  }

  /// Central differences, one-sided at bounds and where there is no value.
  bool jacobian(const Vector<double>& y, const Vector<double>& r, Eigen::MatrixXd& J) const {
    J.resize(r.size(), size());
    Vector<double> up, down;
    for (Index k = 0; k < size(); ++k) {
      const double h = 1e-5 * std::max(1.0, parameters_[static_cast<std::size_t>(k)].logarithmic ? 1.0 : std::abs(y[k]));
      Vector<double> moved = y;
      moved[k] = y[k] + h;
      const bool above = bound(k, moved[k]) <= 0 && residuals(moved, up);
      moved[k] = y[k] - h;
      const bool below = bound(k, moved[k]) >= 0 && residuals(moved, down);
      if (!above && !below) return false;
      J.col(k) = ((above ? up : r) - (below ? down : r)) / (h * (above + below));
    }
    return true;
  }

 private:
  const Residuals& residuals_;
  const Parameters& parameters_;
};

constexpr double infinite = std::numeric_limits<double>::infinity();

struct State {
  Vector<double> y, r;
  double sum = infinite;
};

/// Solves (J^T J + lambda diag) step = -J^T r over the parameters that are free to move.
Vector<double> damped_step(const Search& search, const State& at, const Eigen::MatrixXd& J, double lambda) {
  Vector<double> gradient = J.transpose() * at.r;
  Eigen::MatrixXd normal = J.transpose() * J;
  const double floor = 1e-12 * std::max(normal.diagonal().maxCoeff(), std::numeric_limits<double>::min());
  for (Index k = 0; k < search.size(); ++k) {
    const bool held = search.bound(k, at.y[k]) * gradient[k] < 0.0;  // downhill leads across the bound
    if (held) normal.row(k).setZero(), normal.col(k).setZero(), gradient[k] = 0.0;
    normal(k, k) = held ? 1.0 : normal(k, k) + lambda * std::max(normal(k, k), floor);
  }
  return -normal.ldlt().solve(gradient);
}

/// One successful step from `at`, or false where no damping helps.
bool advance(const Search& search, State& at, const Eigen::MatrixXd& J, double& lambda, bool& converged) {
  for (int attempt = 0; attempt < 30; ++attempt, lambda *= 4.0) {
    const Vector<double> step = damped_step(search, at, J, lambda).cwiseMax(-3.0).cwiseMin(3.0);  // at most a factor of e^3
    State next{at.y + step, {}, infinite};
    for (Index k = 0; k < search.size(); ++k) next.y[k] = search.coordinate(k, search.value(k, next.y[k]));
    if (!search.residuals(next.y, next.r)) continue;
    next.sum = next.r.squaredNorm();
    const bool small = (next.y - at.y).cwiseAbs().maxCoeff() < 1e-9;
    if (next.sum <= at.sum) {
      converged = small || at.sum - next.sum <= 1e-12 * at.sum;
      at = std::move(next);
      lambda = std::max(lambda / 8.0, 1e-12);
      return true;
    }
    if (small) break;
  }
  converged = true;  // nothing near is better, up to the rounding of the model
  return false;
}

/// s^2 (J^T J)^-1 without the directions that the data do not see.
Vector<double> standard_errors(const Search& search, const State& at, const Eigen::MatrixXd& J) {
  const Index n = search.size(), m = at.r.size();
  std::vector<Index> moving;
  for (Index k = 0; k < n; ++k)
    if (search.bound(k, at.y[k]) == 0) moving.push_back(k);
  Vector<double> errors = Vector<double>::Constant(n, std::numeric_limits<double>::quiet_NaN());
  if (moving.empty() || m <= static_cast<Index>(moving.size())) return errors;
  const Eigen::MatrixXd free = J(Eigen::all, moving);
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(free, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const auto& s = svd.singularValues();
  const double variance = at.sum / static_cast<double>(m - static_cast<Index>(moving.size())), least = 1e-9 * s[0];
  for (std::size_t k = 0; k < moving.size(); ++k) {
    double square = 0.0;
    for (Index j = 0; j < s.size(); ++j) {
      const double part = svd.matrixV()(static_cast<Index>(k), j);
      square += s[j] > least ? part * part / (s[j] * s[j]) : std::abs(part) > 1e-6 ? infinite : 0.0;
    }
    if (std::isfinite(square)) errors[moving[k]] = std::sqrt(variance * square) * search.slope(moving[k], at.y[moving[k]]);
  }
  return errors;
}

}  // namespace

LeastSquaresResult least_squares(const Residuals& residuals, const Parameters& parameters, int most_iterations) {
  const Search search(residuals, parameters);
  State at{search.start(), {}, infinite};
  LeastSquaresResult result{search.values(at.y), Vector<double>::Constant(search.size(), std::numeric_limits<double>::quiet_NaN()),
                            std::vector<bool>(parameters.size(), false), infinite, 0, false};
  if (!search.residuals(at.y, at.r)) return result;
  at.sum = at.r.squaredNorm();
  Eigen::MatrixXd J;
  double lambda = 1e-3;
  while (result.iterations < most_iterations && !result.converged && search.size() > 0) {
    ++result.iterations;
    if (!search.jacobian(at.y, at.r, J) || !advance(search, at, J, lambda, result.converged)) break;
  }
  result.values = search.values(at.y);
  result.sum = at.sum;
  if (search.size() > 0 && search.jacobian(at.y, at.r, J)) result.errors = standard_errors(search, at, J);
  for (Index k = 0; k < search.size(); ++k) result.at_bound[static_cast<std::size_t>(k)] = search.bound(k, at.y[k]) != 0;
  return result;
}

Eigen::MatrixXd sensitivities(const Residuals& residuals, const Parameters& parameters) {
  const Search search(residuals, parameters);
  const Vector<double> y = search.start();
  Vector<double> r;
  Eigen::MatrixXd J;
  return search.residuals(y, r) && search.jacobian(y, r, J) ? J : Eigen::MatrixXd(0, search.size());
}

}  // namespace settle
