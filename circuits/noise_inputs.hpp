// Noise inputs: every white noise current of a circuit as a column b over its unknowns, b = sqrt(S/2) (in e_to - out e_from), S one-sided.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "circuits/linear_model.hpp"

namespace settle {

struct NoiseInput {
  std::string device, what;      // "r1", "thermal"
  Index from = -1, to = -1;      // unknowns; -1: held by a source or ground
  double out = 1.0, in = 1.0;
  double density = 0.0;          // A^2/Hz, one-sided
  std::string name() const { return what == "thermal" || what == "injected" ? device : device + " (" + what + ")"; }
};

struct NoiseChoice {
  bool thermal = true;  // the devices' own noise; false leaves what is injected
  double inject = 0.0;  // W: current noise of one-sided density 4 T_e C into every node with a capacitance C
  bool silent = true;   // those without a density too, so that their order is the same at every point
};

/// All of them at x.
std::vector<NoiseInput> noise_inputs(const Dynamics<double>& dynamics, const Block<double>& x, double t, const Environment& environment, const NoiseChoice& choice);
/// The devices' densities anew, at another point; what was injected stays.
void update_densities(const Dynamics<double>& dynamics, const Block<double>& x, double t, const Environment& environment, std::vector<NoiseInput>& inputs);

/// dQ/dv between nodes, by (row, column) of unknowns: M with charges that are states eliminated.
std::map<std::pair<Index, Index>, double> capacitances(const Dynamics<double>& dynamics, const Block<double>& x, double t);

/// Columns B b of inputs first .. first + count: how they drive the states.
Eigen::MatrixXd into_states(const LinearModel& model, const std::vector<NoiseInput>& inputs, std::size_t first, std::size_t count);
/// B <b b^T> B^T of all inputs together.
Eigen::MatrixXd intensity(const LinearModel& model, const std::vector<NoiseInput>& inputs);

}  // namespace settle
