// Symmetric and antisymmetric parts, the rotation they make, and the pairs of neurons behind them.
#include "learning/symmetry.hpp"

#include <Eigen/Dense>
#include <Eigen/SparseCholesky>
#include <algorithm>
#include <cmath>
#include <set>

#include "sim/arnoldi.hpp"

namespace settle {
namespace {

constexpr Index dense_most = 600;

/// alpha of i alpha in the spectrum of P^-1 A, each once, largest first: singular values of the antisymmetric L^-1 A L^-T come in pairs.
std::vector<double> all_alphas(const Eigen::MatrixXd& P, const Eigen::MatrixXd& A) {
  const Eigen::LLT<Eigen::MatrixXd> factors(P);
  const Eigen::MatrixXd half = factors.matrixL().solve(A), K = factors.matrixL().solve(half.transpose());
  const Eigen::VectorXd values = Eigen::BDCSVD<Eigen::MatrixXd>(K).singularValues();
  std::vector<double> alphas;
  for (Index k = 0; k + 1 < values.size(); k += 2) alphas.push_back(values[k]);
  return alphas;
}

double largest_alpha(const Eigen::SimplicialLDLT<SparseMatrix>& P, const SparseMatrix& A) {
  const auto turned = [&](const Eigen::VectorXd& x, Eigen::VectorXd& y) { y = P.solve(A * x); };
  const std::vector<EigenPair> pairs = largest_eigenpairs(A.rows(), turned, 2, 1e-6);
  return pairs.empty() ? 0.0 : std::abs(pairs.front().value.imag());
}

void rotate(const SparseMatrix& S, const SparseMatrix& A, Symmetry& symmetry) {
  const SparseMatrix P = -S;
  const Eigen::SimplicialLDLT<SparseMatrix> factors(P);
  symmetry.definite = factors.info() == Eigen::Success && (factors.vectorD().array() > 0.0).all();
  if (!symmetry.definite) return;
  std::vector<double> alphas;
  if (P.rows() <= dense_most) alphas = all_alphas(Eigen::MatrixXd(P), Eigen::MatrixXd(A));
  else if (symmetry.antisymmetric > 0.0) alphas = {largest_alpha(factors, A)};
  for (double alpha : alphas) symmetry.rotations.push_back(2.0 * std::atan(alpha));
}

/// Terminals of a device that carry current.
std::set<std::size_t> conducting(const Kind& kind) {
  std::set<std::size_t> terminals;
  for (const Branch& branch : kind.branches) terminals.insert({static_cast<std::size_t>(branch.from), static_cast<std::size_t>(branch.to)});
  if (terminals.empty())
    for (std::size_t k = 0; k < kind.terminals.size(); ++k) terminals.insert(k);
  return terminals;
}

/// Rows that are functions of the neuron alone: its nodes, and what sources make of them.
std::set<Index> readings(const Circuit& circuit, const Netlist& netlist, const Neuron& neuron) {
  std::set<Index> rows{neuron.membrane, neuron.activity};
  for (bool grown = true; grown;) {
    grown = false;
    for (const FlatDevice& device : netlist.devices) {
      const bool sets = std::any_of(device.kind->branches.begin(), device.kind->branches.end(), [](const Branch& b) { return b.tie == Branch::Tie::voltage; });
      if (!sets || device.kind->drives) continue;
      const Index p = circuit.find_row(device.nodes[0]), n = circuit.find_row(device.nodes[1]);
      const Index output = circuit.rows().is_fixed(n) ? p : n;
      const DeviceRef found = circuit.find_device(device.name);
      const std::vector<Index> all = found.element->rows(found.index);
      const bool reads = std::any_of(all.begin() + 2, all.end(), [&](Index row) { return rows.count(row) > 0; });
      if (reads && output != neuron.membrane) grown = rows.insert(output).second || grown;
    }
  }
  return rows;
}

}  // namespace

Symmetry symmetry_of(const SparseMatrix& J, std::size_t most_pairs) {
  const SparseMatrix transposed = J.transpose();
  const SparseMatrix S = 0.5 * (J + transposed), A = 0.5 * (J - transposed);
  Symmetry symmetry{.symmetric = S.norm(), .antisymmetric = A.norm(), .measure = 1.0, .rotations = {}, .definite = false, .pairs = {}};
  if (symmetry.symmetric + symmetry.antisymmetric > 0.0) symmetry.measure = symmetry.symmetric / (symmetry.symmetric + symmetry.antisymmetric);
  if (symmetry.antisymmetric < 1e-15 * symmetry.symmetric) symmetry.antisymmetric = 0.0;
  rotate(S, A, symmetry);
  for (Index j = 0; j < A.outerSize(); ++j)
    for (SparseMatrix::InnerIterator it(A, j); it; ++it)
      if (it.row() < j && std::abs(it.value()) > 1e-12 * symmetry.symmetric) symmetry.pairs.push_back({it.row(), j, S.coeff(it.row(), j) + it.value(), S.coeff(it.row(), j) - it.value()});
  const auto end = symmetry.pairs.begin() + static_cast<std::ptrdiff_t>(std::min(most_pairs, symmetry.pairs.size()));
  std::partial_sort(symmetry.pairs.begin(), end, symmetry.pairs.end(), [](const AsymmetricPair& a, const AsymmetricPair& b) { return a.asymmetry() > b.asymmetry(); });
  symmetry.pairs.erase(end, symmetry.pairs.end());
  return symmetry;
}

SymmetryNorms symmetry_norms(const SparseMatrix& J) {
  const SparseMatrix transposed = J.transpose();
  const SparseMatrix S = 0.5 * (J + transposed), A = 0.5 * (J - transposed);
  double across = 0.0;
  for (Index j = 0; j < S.outerSize(); ++j)
    for (SparseMatrix::InnerIterator it(S, j); it; ++it)
      if (it.row() != j) across += it.value() * it.value();
  return {S.norm(), A.norm(), std::sqrt(across)};
}

std::optional<double> turning_bound(const SparseMatrix& J) {
  if (J.rows() == 0 || J.rows() > dense_most) return {};
  const Eigen::MatrixXd dense(J), S = 0.5 * (dense + dense.transpose()), A = 0.5 * (dense - dense.transpose());
  const double stiffness = -Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(S, Eigen::EigenvaluesOnly).eigenvalues().maxCoeff();
  if (!(stiffness > 0.0)) return {};
  return 2.0 * Eigen::BDCSVD<Eigen::MatrixXd>(A).singularValues()[0] / stiffness;
}

std::vector<std::string> devices_between(const Circuit& circuit, const Netlist& netlist, const Neuron& into, const Neuron& from) {
  const std::set<Index> read = readings(circuit, netlist, from);
  std::vector<std::string> names;
  for (const auto& element : circuit.elements()) {
    const std::set<std::size_t> terminals = conducting(element->kind());
    for (Index k = 0; k < element->count(); ++k) {
      const std::vector<Index> rows = element->rows(k);
      const bool enters = std::any_of(terminals.begin(), terminals.end(), [&](std::size_t t) { return t < rows.size() && rows[t] == into.membrane; });
      if (enters && std::any_of(rows.begin(), rows.end(), [&](Index row) { return read.count(row) > 0; })) names.push_back(element->name(k));
    }
  }
  return names;
}

}  // namespace settle
