// Walking over the pairs of a matrix: d_i J_ij = d_j J_ji fixes one factor by another; what closes a loop must agree.
#include "learning/symmetrizer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace settle {
namespace {

constexpr double agree = 1e-9;

}  // namespace

std::optional<Symmetrizer> symmetrizer_of(const SparseMatrix& J, const ActivityModel& model) {
  const SparseMatrix T = J.transpose();
  const double small = 1e-13 * std::max(J.norm(), std::numeric_limits<double>::min());
  Eigen::VectorXd d = Eigen::VectorXd::Zero(J.cols());
  for (Index start = 0; start < J.cols(); ++start) {
    if (d[start] > 0.0) continue;
    d[start] = 1.0;
    std::vector<Index> open{start};
    while (!open.empty()) {
      const Index j = open.back();
      open.pop_back();
      // Column j of J holds J_ij, of the transpose J_ji; either may have an entry the other lacks.
      for (const SparseMatrix* side : {&J, &T})
        for (SparseMatrix::InnerIterator it(*side, j); it; ++it) {
          const Index i = it.row();
          if (i == j) continue;
          const double ij = J.coeff(i, j), ji = J.coeff(j, i);
          if (std::abs(ij) <= small && std::abs(ji) <= small) continue;
          if (!(ij * ji > 0.0)) return {};
          const double wanted = d[j] * ji / ij;
          if (d[i] == 0.0) d[i] = wanted, open.push_back(i);
          else if (std::abs(d[i] - wanted) > agree * wanted) return {};
        }
    }
  }
  Symmetrizer factors;
  for (Index i = 0; i < d.size(); ++i) factors.emplace_back(model.name(i), d[i]);
  return factors;
}

bool same_symmetrizer(const Symmetrizer& a, const std::optional<Symmetrizer>& b) {
  return b && std::equal(a.begin(), a.end(), b->begin(), b->end(), [](const auto& x, const auto& y) { return std::abs(x.second - y.second) <= agree * std::abs(x.second); });
}

bool trivial(const Symmetrizer& factors) {
  return std::all_of(factors.begin(), factors.end(), [](const auto& factor) { return std::abs(factor.second - 1.0) <= agree; });
}

}  // namespace settle
