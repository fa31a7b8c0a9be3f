// The report of `.langevin`: measured means and deviations beside those of the linearized circuit.
#pragma once

#include "circuits/noisy_rest.hpp"
#include "sim/blocking.hpp"

namespace settle {

class LangevinWalk;

/// What linear theory expects of the probes; empty, with the reason, where it expects nothing finite.
struct LangevinTheory {
  Eigen::VectorXd deviation;  // of the circuit
  Eigen::VectorXd of_step;    // of the method with its step
  std::string why_not;
};
LangevinTheory theory_of(const NoisyRest& rest, const LangevinWalk& walk, bool sources_move);

void report_langevin(const Probes& probes, const std::vector<Blocking>& measured, const LangevinTheory& theory, AnalysisStats& stats);

}  // namespace settle
