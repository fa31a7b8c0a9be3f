// Taylor coefficients on a circle, the singularity they point to, and Newton's iteration onto a fold.
#include "learning/radius.hpp"

#include <Eigen/LU>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace settle {
namespace {

constexpr int points = 64;             // on the circle
constexpr double noise = 1e-11;        // of a coefficient times r^m, relative to the first
constexpr Index most_unknowns = 800;   // of the dense iteration onto a fold

/// a_m r^m of the series of one combination of the unknowns.
using Series = std::vector<Complex>;

/// Goes round once; nothing if the branch is lost or does not come back to where it began: the circle holds a singularity.
std::optional<Series> taylor(RestBranch<Complex>& branch, const RestPoint& rest, const Vector<Complex>& look, double r) {
  Block<Complex> x = branch.start();
  if (!branch.follow(x, 0.0, r)) return {};
  const Block<Complex> first = x;
  std::vector<Complex> y;
  Complex beta = r;
  for (int k = 0; k < points; ++k) {
    y.push_back(look.dot(x.col(0) - rest.x().col(0).cast<Complex>()));
    const Complex next = std::polar(r, 2.0 * std::numbers::pi * (k + 1) / points);
    if (!branch.follow(x, beta, next)) return {};
    beta = next;
  }
  if ((x - first).norm() > 1e-6 * (first - branch.start()).norm()) return {};
  Series a(points / 2);
  for (int m = 0; m < points / 2; ++m) {
    for (int k = 0; k < points; ++k) a[static_cast<std::size_t>(m)] += y[static_cast<std::size_t>(k)] * std::polar(1.0 / points, -2.0 * std::numbers::pi * m * k / points);
  }
  return a;
}

/// The nearest singularity that fits the last coefficients, in units of r. With b_m = m^power a_m r^m (power 0 for a pole, 3/2 for a fold) one
/// singularity makes b_{m+1} = p b_m, a pair b_{m+1} = p b_m + q b_{m-1}.
struct Fit {
  Complex at{};
  double residual = 1.0;
};

Fit fit(const Series& a, std::size_t last, double power, Index terms) {
  const std::size_t count = std::min<std::size_t>(8, last - 2), begin = last - count;
  Eigen::MatrixXcd A(static_cast<Index>(count), terms);
  Eigen::VectorXcd b(static_cast<Index>(count));
  const auto term = [&](std::size_t m) { return a[m] * std::pow(static_cast<double>(m), power); };
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t m = begin + k;
    const double weight = 1.0 / std::max(std::abs(term(m)), 1e-300);
    for (Index j = 0; j < terms; ++j) A(static_cast<Index>(k), j) = term(m - static_cast<std::size_t>(j)) * weight;
    b[static_cast<Index>(k)] = term(m + 1) * weight;
  }
  const Eigen::VectorXcd p = A.completeOrthogonalDecomposition().solve(b);
  Complex z = p[0];
  if (terms == 2) {
    const Complex root = std::sqrt(p[0] * p[0] / 4.0 + p[1]), one = p[0] / 2.0 + root, other = p[0] / 2.0 - root;
    z = std::abs(one) > std::abs(other) ? one : other;
  }
  if (z == Complex(0.0)) return {};
  return {1.0 / z, (A * p - b).norm() / b.norm()};
}

/// A pair only where a single singularity does not do: its equations would leave one root open.
Fit fit(const Series& a, std::size_t last, double power) {
  const Fit single = fit(a, last, power, 1);
  return single.residual < 0.05 ? single : fit(a, last, power, 2);
}

std::size_t usable(const Series& a) {
  std::size_t last = 2;
  while (last + 1 < a.size() && std::abs(a[last + 1]) > noise * std::abs(a[1])) ++last;
  return last - 1;
}

/// Newton on F(x, beta) = 0 and h(x, beta) = 0, where [J b; c^T 0] [v; h] = [0; 1]: h vanishes where J is singular.
class Fold {
 public:
  explicit Fold(RestBranch<Complex>& branch) : branch_(branch) {
    const Index n = branch.size();
    b_ = Vector<Complex>(n), c_ = Vector<Complex>(n);
    for (Index k = 0; k < n; ++k) {  // any directions, but not the same for all unknowns
      b_[k] = std::polar(1.0, 0.7 + 2.4 * static_cast<double>(k));
      c_[k] = std::polar(1.0, 1.9 + 1.7 * static_cast<double>(k));
    }
  }

  bool find(Block<Complex>& x, Complex& beta) {
    const Complex from = beta;
    double moved = 0.0;
    for (int k = 0; k < 40; ++k) {
      moved = step(x, beta);
      if (!std::isfinite(moved) || std::abs(beta - from) > 0.5 * std::abs(from)) return false;
      if (moved < 1e-12) return true;
    }
    return moved < 1e-9;
  }

 private:
  /// The relative change of beta.
  double step(Block<Complex>& x, Complex& beta) {
    const Index n = branch_.size();
    Eigen::MatrixXcd bordered = Eigen::MatrixXcd::Zero(n + 1, n + 1);
    const Eigen::MatrixXcd J = branch_.dense_jacobian(x, beta);
    const double size = J.cwiseAbs().maxCoeff();
    bordered.topLeftCorner(n, n) = J;
    bordered.topRightCorner(n, 1) = size * b_;
    bordered.bottomLeftCorner(1, n) = size * c_.transpose();
    Eigen::VectorXcd one = Eigen::VectorXcd::Zero(n + 1);
    one[n] = size;
    const Eigen::VectorXcd right = bordered.partialPivLu().solve(one), left = bordered.transpose().partialPivLu().solve(one);
    const Eigen::VectorXcd v = right.head(n), w = left.head(n);
    // dh = -w^T dJ v / size; the directional derivative of J by differences, exact enough for the iteration to converge.
    const double e = 1e-5 * std::max(x.cwiseAbs().maxCoeff(), 1e-6) / std::max(v.cwiseAbs().maxCoeff(), 1e-300);
    const Complex d = 1e-5 * beta;
    const Block<Complex> ahead = x + e * v, behind = x - e * v;
    const Eigen::RowVectorXcd hx = -w.transpose() * (branch_.dense_jacobian(ahead, beta) - branch_.dense_jacobian(behind, beta)) / (2.0 * e * size);
    const Complex hb = -(w.transpose() * (branch_.dense_jacobian(x, beta + d) - branch_.dense_jacobian(x, beta - d)) * v)(0, 0) / (2.0 * d * size);
    Block<Complex> f;
    branch_.rate(x, beta, f);
    Eigen::MatrixXcd system(n + 1, n + 1);
    system.topLeftCorner(n, n) = J;
    system.topRightCorner(n, 1) = -branch_.g(x);
    system.bottomLeftCorner(1, n) = hx;
    system(n, n) = hb;
    Eigen::VectorXcd rest(n + 1);
    rest.head(n) = -f.col(0);
    rest[n] = -right[n];
    const Eigen::VectorXcd change = system.fullPivLu().solve(rest);
    x.col(0) += change.head(n);
    beta += change[n];
    return std::abs(change[n]) / std::abs(beta);
  }

  RestBranch<Complex>& branch_;
  Vector<Complex> b_, c_;
};

/// From a guess of the singularity: as far towards it as the branch goes, then onto the fold.
std::optional<Complex> fold_near(RestBranch<Complex>& branch, Complex guess) {
  if (branch.size() > most_unknowns) return {};
  for (const double share : {0.999, 0.99, 0.95, 0.9}) {
    Block<Complex> x = branch.start();
    Complex beta = 0.0;
    if (!branch.follow(x, 0.0, share * guess, &beta) && std::abs(beta) < 0.5 * std::abs(guess)) continue;
    beta = guess;
    if (Fold(branch).find(x, beta)) return beta;
  }
  return {};
}

}  // namespace

const char* text_of(Radius::Kind kind) {
  switch (kind) {
    case Radius::Kind::fold: return "a fold, where two rest states meet (det J = 0)";
    case Radius::Kind::pole: return "a pole, where the response grows without bound";
    case Radius::Kind::estimate: return "estimated from the Taylor series";
    case Radius::Kind::none: return "none found";
  }
  return "";
}

Radius radius_of_convergence(RestBranch<Complex>& branch, const RestPoint& rest, double first) {
  Vector<Complex> look = rest.response(0.0);
  const double length = look.norm();
  if (length == 0.0) return {.singularity = {}, .radius = INFINITY};
  look /= length;
  double r = first;
  std::optional<Series> series;
  Radius found;
  for (int round = 0; round < 60; ++round) {
    series = taylor(branch, rest, look, r);
    if (!series) {
      r *= 0.5;
      continue;
    }
    const std::size_t last = usable(*series);
    if (last < 8) {  // too far inside to see anything
      r *= 2.0;
      if (r > 1e9 * first) return {.singularity = {}, .radius = INFINITY};
      continue;
    }
    const Fit pole = fit(*series, last, 0.0), root = fit(*series, last, 1.5), best = pole.residual < root.residual ? pole : root;
    const double radius = r * std::abs(best.at);
    found = {.singularity = r * best.at, .radius = radius, .kind = Radius::Kind::estimate, .uncertainty = std::max(best.residual, 1e-12) * radius};
    if (pole.residual < 1e-6 && pole.residual < 0.1 * root.residual) found.kind = Radius::Kind::pole;
    const double share = r / radius;
    if (share > 0.35 && share < 0.9) break;
    r = 0.6 * radius;
  }
  if (found.kind == Radius::Kind::none) return {.singularity = {}, .radius = INFINITY};
  if (found.singularity.imag() < 0.0) found.singularity = std::conj(found.singularity);
  if (found.kind == Radius::Kind::estimate)
    if (const auto fold = fold_near(branch, found.singularity)) {
      const double near = std::abs(std::abs(*fold) - found.radius);
      if (near < 0.15 * found.radius) found = {.singularity = *fold, .radius = std::abs(*fold), .kind = Radius::Kind::fold, .uncertainty = 0.0};
    }
  if (found.singularity.imag() < 0.0) found.singularity = std::conj(found.singularity);
  return found;
}

}  // namespace settle
