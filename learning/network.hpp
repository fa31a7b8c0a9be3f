// Network: a circuit whose only nonlinear devices are activities r = phi(u) of single membranes, as the matrices it is made of:
//   0 = b + A u + W r, currents into membranes.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "circuits/neurons.hpp"

namespace settle {

struct GridProduct;

class Network {
 public:
  /// Nothing for a circuit of another form: other nonlinear devices, unknowns that are neither membranes, activities nor the currents of their sources.
  static std::optional<Network> of(const Netlist& netlist, const Neurons& neurons, const Circuit& circuit);

  /// A and W of the devices as they are now.
  void take(const Circuit& circuit);

  Index count() const { return static_cast<Index>(membrane.size()); }
  /// The unknown that carries a neuron's activity.
  Index reading(Index neuron) const {
    const std::size_t n = static_cast<std::size_t>(neuron);
    return activity[n] >= 0 ? activity[n] : membrane[n];
  }
  /// Per unknown the neuron whose membrane it is; -1 for others.
  const std::vector<Index>& neuron_at() const { return neuron_at_; }

  /// True if membranes meet through activities only, each with a leak of its own.
  bool only_leaks() const;
  /// 1 where a neuron's activity reaches another's membrane, whatever the devices' values, 0 elsewhere.
  Eigen::MatrixXd links() const;

  Index unknowns = 0;
  std::vector<Index> membrane, activity, current;  // unknowns, per neuron; -1 where the membrane is its own activity
  std::vector<Expression> phi;                     // per neuron; empty where the membrane is its own activity
  Eigen::MatrixXd A, W;                            // S; W: by activities, of neurons that have one

 private:
  struct Entry {
    Index slot, row, column;
  };
  void find_entries(const Circuit& circuit);
  void add_product(const GridProduct& product, Index fixed);

  std::vector<Index> neuron_at_, neuron_of_activity_;  // by unknown; -1: none
  std::vector<std::size_t> joining_;  // elements whose currents depend on unknowns
  std::vector<std::size_t> products_; // of them, those that are products of activities alone
  std::vector<Entry> in_A_, in_W_;
};

}  // namespace settle
