// Jacobian homeostasis: L = |J|^2 - tr J^2 = 2 |A|^2, A = (J - J^T)/2, made small by the devices themselves (Laborieux and Zenke, arXiv:2309.02214).
#pragma once

#include "learning/stage.hpp"

namespace settle {

struct HomeostasisSettings {
  double coefficient = 0.0;  // of L beside the cost: its unit per S^2
  enum class How {
    partial,  // exact at a fixed state
    total,    // with what a device does to the state
    probe,    // by random vectors, with J and J^T
    local     // by random vectors and J alone: nodes clamped at small displacements, their currents measured
  } how = How::partial;
  bool membrane = false;  // in membrane coordinates (J_u) instead of activities (J_r)
  int probes = 5;
};

/// Adds coefficient dL/dw at the sample on stage. `step` numbers the random vectors.
void add_homeostasis(Stage& stage, const HomeostasisSettings& settings, std::uint64_t step, Vector<double>& gradient);

/// L itself, S^2.
double homeostatic_loss(const Stage& stage, bool membrane);

}  // namespace settle
