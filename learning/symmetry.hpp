// Symmetry of a circuit's response: S = (J + J^T)/2 and A = (J - J^T)/2 in activity coordinates, and what A does to the response.
#pragma once

#include <optional>
#include <vector>

#include "learning/activity.hpp"

namespace settle {

struct AsymmetricPair {
  Index first = 0, second = 0;             // neurons
  double into_first = 0.0, into_second = 0.0;  // S, dI_first/dr_second and dI_second/dr_first
  double asymmetry() const { return 0.5 * std::abs(into_first - into_second); }
};

struct Symmetry {
  double symmetric = 0.0, antisymmetric = 0.0;  // Frobenius norms, S
  double measure = 1.0;                          // |S| / (|S| + |A|): 1 for a reciprocal circuit
  /// The response is the error signal turned, in the metric of -S, by these angles (rad, largest first): 2 arctan(alpha). Empty if -S is
  /// not positive definite. Of a large circuit only the largest.
  std::vector<double> rotations;
  bool definite = false;          // -S is positive definite
  std::vector<AsymmetricPair> pairs;  // the most asymmetric first
};

Symmetry symmetry_of(const SparseMatrix& J, std::size_t most_pairs);

/// Frobenius norms: of S, of A, and of S between different neurons, without its diagonal.
struct SymmetryNorms {
  double symmetric = 0.0, antisymmetric = 0.0, across = 0.0;
  double measure() const { return symmetric > 0.0 ? symmetric / (symmetric + antisymmetric) : 1.0; }
};
SymmetryNorms symmetry_norms(const SparseMatrix& J);

/// 2 |A| / lambda_min(-S), rad: no response is turned further in a circuit whose -S is positive definite, and small angles come near it.
/// Nothing for others and for large circuits.
std::optional<double> turning_bound(const SparseMatrix& J);

/// Names of devices through which the activity of one neuron drives a current into the membrane of another: those with a terminal there that
/// carries current and another that reads the activity, the membrane or a node that is a function of it.
std::vector<std::string> devices_between(const Circuit& circuit, const Netlist& netlist, const Neuron& into, const Neuron& from);

}  // namespace settle
