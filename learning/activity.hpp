// Activity coordinates: a circuit linearized at rest and reduced to its neurons, currents into membranes by membranes' voltages (J_u) and by
// their activities' (J_r = J_u D^-1, D = dr/du). In the latter a network with symmetric weights has a symmetric J.
#pragma once

#include <Eigen/Sparse>
#include <memory>
#include <string>
#include <vector>

#include "circuits/dynamics.hpp"
#include "circuits/held.hpp"
#include "circuits/neurons.hpp"
#include "sim/linearized.hpp"

namespace settle {

using SparseMatrix = Eigen::SparseMatrix<double>;

/// All other unknowns follow at once: they are eliminated (a Schur complement). Memory states are held.
class ActivityModel {
 public:
  /// About the unknowns x at time t. Throws Error where the other unknowns are not determined by the neurons.
  ActivityModel(const Netlist& netlist, const Dynamics<double>& dynamics, const Block<double>& x, double t);

  const Neurons& neurons() const { return neurons_; }
  Index count() const { return static_cast<Index>(neurons_.all().size()); }
  std::string name(Index neuron) const { return neurons_.name(neurons_.all()[static_cast<std::size_t>(neuron)]); }

  const SparseMatrix& membrane() const { return J_u_; }
  /// dr/du per neuron.
  const Eigen::VectorXd& gain() const { return D_; }
  /// The first neuron whose activity does not move with its membrane, so that J_r does not exist; -1 if there is none.
  Index saturated() const;
  SparseMatrix activity() const;

  /// dx/dbeta of all unknowns for currents -beta g into unknowns, J^-1 g; and the error signal J^-T c.
  Eigen::VectorXd response(const Eigen::VectorXd& g);
  Eigen::VectorXd error_signal(const Eigen::VectorXd& c);
  /// Unknown numbers of a neuron's nodes.
  Index membrane_unknown(Index neuron) const { return neurons_.all()[static_cast<std::size_t>(neuron)].membrane - fixed_; }
  Index activity_unknown(Index neuron) const { return neurons_.all()[static_cast<std::size_t>(neuron)].activity - fixed_; }

 private:
  void reduce(const Dynamics<double>& dynamics, const Vector<double>& values);

  Neurons neurons_;
  Index fixed_;
  Held<double> held_;
  Linearized<double> whole_;
  SparseMatrix J_u_;
  Eigen::VectorXd D_;
};

}  // namespace settle
