// Activity coordinates: the Schur complement of everything that is no membrane.
#include "learning/activity.hpp"

#include <cmath>

#include "circuits/operating_point.hpp"

namespace settle {
namespace {

using Triplets = std::vector<Eigen::Triplet<double>>;

/// Where each unknown went: to the neurons (>= 0) or to the others (~place).
std::vector<Index> places(Index size, Index fixed, const std::vector<Neuron>& neurons, Index& others) {
  std::vector<Index> place(static_cast<std::size_t>(size), -1);
  for (std::size_t k = 0; k < neurons.size(); ++k) place[static_cast<std::size_t>(neurons[k].membrane - fixed)] = static_cast<Index>(k);
  others = 0;
  for (Index& p : place)
    if (p < 0) p = ~others++;
  return place;
}

/// The entries of a pattern among the others.
struct Inner {
  Pattern pattern;
  Vector<double> values;
};

Inner inner_of(const Pattern& pattern, const Vector<double>& values, const std::vector<Index>& place, Index others) {
  Inner inner;
  inner.pattern.size = others;
  std::vector<double> kept;
  for (Index j = 0; j < pattern.size; ++j) {
    if (place[static_cast<std::size_t>(j)] >= 0) continue;
    for (int k = pattern.start[static_cast<std::size_t>(j)]; k < pattern.start[static_cast<std::size_t>(j) + 1]; ++k) {
      const Index row = place[static_cast<std::size_t>(pattern.row[static_cast<std::size_t>(k)])];
      if (row >= 0) continue;
      inner.pattern.row.push_back(static_cast<int>(~row));
      kept.push_back(values[k]);
    }
    inner.pattern.start.push_back(static_cast<int>(inner.pattern.row.size()));
  }
  inner.values = Eigen::Map<const Vector<double>>(kept.data(), static_cast<Index>(kept.size()));
  return inner;
}

SparseMatrix matrix_of(Index rows, Index columns, const Triplets& entries) {
  SparseMatrix matrix(rows, columns);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

/// `act(row, column, value)` for every entry that is not zero, at its places.
template <class Act>
void each_entry(const Pattern& pattern, const Vector<double>& values, const std::vector<Index>& place, const Act& act) {
  for (Index j = 0; j < pattern.size; ++j)
    for (int k = pattern.start[static_cast<std::size_t>(j)]; k < pattern.start[static_cast<std::size_t>(j) + 1]; ++k)
      if (values[k] != 0.0) act(place[static_cast<std::size_t>(pattern.row[static_cast<std::size_t>(k)])], place[static_cast<std::size_t>(j)], values[k]);
}

/// What the others do when one membrane moves, a column per neuron.
template <class Solve>
SparseMatrix followers(const SparseMatrix& J_on, const Solve& solve) {
  Triplets entries;
  Vector<double> right(J_on.rows());
  for (Index column = 0; column < J_on.cols(); ++column) {
    right.setZero();
    for (SparseMatrix::InnerIterator it(J_on, column); it; ++it) right[it.row()] = -it.value();
    if (right.isZero(0.0)) continue;
    solve(right);
    for (Index i = 0; i < right.size(); ++i)
      if (right[i] != 0.0) entries.emplace_back(i, column, right[i]);
  }
  return matrix_of(J_on.rows(), J_on.cols(), entries);
}

}  // namespace

ActivityModel::ActivityModel(const Netlist& netlist, const Dynamics<double>& dynamics, const Block<double>& x, double t)
    : neurons_(netlist, dynamics.circuit()), fixed_(dynamics.circuit().rows().fixed_count()), held_(dynamics, memories(dynamics.circuit())), whole_(held_, 1) {
  whole_.at(x, t);
  Vector<double> values(held_.pattern().entries());
  held_.jacobian(x, t, 0, values);
  reduce(dynamics, values);
}

void ActivityModel::reduce(const Dynamics<double>& dynamics, const Vector<double>& values) {
  const Pattern& pattern = held_.pattern();
  Index others = 0;
  const std::vector<Index> place = places(pattern.size, fixed_, neurons_.all(), others);
  Inner inner = inner_of(pattern, values, place, others);
  Factorization<double> factors(inner.pattern);
  std::vector<Index> original(static_cast<std::size_t>(others));
  for (std::size_t k = 0; k < place.size(); ++k)
    if (place[k] < 0) original[static_cast<std::size_t>(~place[k])] = static_cast<Index>(k);
  const auto named = [&](const auto& work) {
    try {
      work();
    } catch (const SingularMatrix& error) {
      throw Error(Fault::simulation, "with the voltages of all nodes that have a capacitance held the rest of the circuit is not determined: " + dynamics.name(original[static_cast<std::size_t>(error.unknown())]) +
                                         " may be anything (an inductor or a source between two of them, a node without a path to ground)");
    }
  };
  if (others > 0) named([&] { factors.factor(inner.values); });

  Triplets nn, no, on;
  each_entry(pattern, values, place, [&](Index row, Index column, double value) {
    if (row >= 0 && column >= 0) nn.emplace_back(row, column, value);
    else if (row >= 0) no.emplace_back(row, ~column, value);
    else if (column >= 0) on.emplace_back(~row, column, value);
  });
  const Index n = count();
  J_u_ = matrix_of(n, n, nn);
  const SparseMatrix X = followers(matrix_of(others, n, on), [&](Vector<double>& right) { named([&] { factors.solve(Eigen::Ref<Vector<double>>(right)); }); });
  if (others > 0) J_u_ += SparseMatrix(matrix_of(n, others, no) * X);
  D_ = Eigen::VectorXd::Ones(n);
  for (Index i = 0; i < n; ++i) {
    const Index activity = place[static_cast<std::size_t>(activity_unknown(i))];
    if (activity < 0) D_[i] = X.coeff(~activity, i);
  }
}

Index ActivityModel::saturated() const {
  for (Index i = 0; i < D_.size(); ++i)
    if (!(std::abs(D_[i]) > 1e-12)) return i;
  return -1;
}

SparseMatrix ActivityModel::activity() const { return J_u_ * D_.cwiseInverse().asDiagonal(); }

Eigen::VectorXd ActivityModel::response(const Eigen::VectorXd& g) {
  Block<double> y = -g;  // (0 M - J) y = b
  whole_.solve(y);
  return y.col(0);
}

Eigen::VectorXd ActivityModel::error_signal(const Eigen::VectorXd& c) {
  Block<double> y = -c;
  whole_.solve_transposed(y);
  return y.col(0);
}

}  // namespace settle
