// Reduced: one sample on a Network, 0 = b + A u + W phi(u) - beta g(u, r), by small dense solves in place of the whole circuit's. What it answers is
// what the circuit answers.
#pragma once

#include <Eigen/LU>
#include <Eigen/Sparse>
#include <optional>
#include <vector>

#include "circuits/dynamics.hpp"
#include "learning/network.hpp"
#include "sim/nudged.hpp"

namespace settle {

class Reduced {
 public:
  /// Nothing for a circuit that is no Network.
  static std::optional<Reduced> of(const Netlist& netlist, const Neurons& neurons, const Dynamics<double>& dynamics);

  /// With the sources as they are now, Newton from the membranes of x (empty: zero); x becomes all unknowns at rest. Its iterations, or -1 if it
  /// did not settle.
  int rest(const Dynamics<double>& dynamics, Block<double>& x);
  /// A correction -K (r - r0) of the balance, with the factors of J - K D.
  struct Correction {
    Eigen::MatrixXd K;
    Eigen::PartialPivLU<Eigen::MatrixXd> factors;
  };
  /// K: rows membranes, columns activities, among unknowns. At the rest state found last.
  Correction correction(const Eigen::SparseMatrix<double>& K) const;

  /// All unknowns at rest under a nudge (but for currents of sources), found from the rest state with its own factors; false if that does not settle nearby.
  template <Scalar S>
  bool nudged(const Block<double>& rest, const std::vector<NudgeTerm>& terms, const Given& given, S beta, Block<S>& x, const Correction* correction = nullptr) const;
  /// J^-1 b for currents b into membranes, and J^-T b; at the rest state found last.
  Vector<double> solve(const Vector<double>& b) const;
  Vector<double> solve_transposed(const Vector<double>& b) const;

 private:
  explicit Reduced(Network network) : net_(std::move(network)) {}
  Index count() const { return net_.count(); }
  template <Scalar S>
  void spread(const Vector<S>& u, Block<S>& x) const;
  template <Scalar S>
  Vector<S> balance(const Vector<S>& u, const Block<S>& x) const;
  void take_drive(const Dynamics<double>& dynamics);
  void fill_currents(const Dynamics<double>& dynamics, Block<double>& x) const;
  void factor(const Vector<double>& u) const;
  void factor_here() const;
  Vector<double> gains(const Vector<double>& u) const;

  Network net_;
  Vector<double> b_, u_;                       // constant currents; membranes at rest
  mutable Vector<double> D_;                   // dphi/du where factors_ were taken
  mutable Eigen::PartialPivLU<Eigen::MatrixXd> factors_;
  mutable bool here_ = false;                  // factors_ are those of u_; otherwise of a place nearby
};

}  // namespace settle
