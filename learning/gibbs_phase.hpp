// GibbsPhases: the sample on stage held at a nudge and shaken by noise for a while, and what mean-square detectors read meanwhile: dP/dw of every device,
// dv^2/2 of a two-terminal conductance, and the cost.
#pragma once

#include <Eigen/Dense>

#include "learning/gibbs_walk.hpp"
#include "learning/stage.hpp"

namespace settle {

struct GibbsSettings {
  double temperature = 0.0;  // T_e in W; of thermal noise K
  bool thermal = false;      // the devices' own noise instead of currents in proportion to capacitances
  long samples = 1000;       // steps that count
  double burn = 10.0;        // time constants before them
  double step = 0.0;         // s; 0: a fifth of the fastest time constant
};

/// Means over consecutive pieces of a walk, a column each. Energies and costs are those above the rest state's.
struct PhaseMeans {
  Eigen::MatrixXd energy;   // dP/dw
  Eigen::RowVectorXd cost;
  Eigen::MatrixXd product;  // (cost) (dP/dw), where asked for
};

class GibbsPhases {
 public:
  /// Phases at nudges from 0 to `beta` of the sample on stage, which must outlive it; in many pieces if their `scatter` matters.
  GibbsPhases(const Stage& stage, const GibbsSettings& settings, double beta, bool scatter);

  /// Lets the circuit settle at beta from x on and measures; x is then where it ended. Phases of one name and drawing have the same noise.
  PhaseMeans run(double beta, const std::string& name, std::uint64_t drawing, bool products, Block<double>& x) const;

 private:
  std::vector<NoiseInput> noise() const;
  void measure(GibbsWalk& walk, bool products, Block<double>& x, PhaseMeans& means) const;
  Nudged<double> at(double beta) const { return Nudged<double>(stage_.system(), stage_.terms(), Strength<double>(Vector<double>::Constant(1, beta)), &stage_.given()); }

  const Stage& stage_;
  GibbsSettings settings_;
  GibbsSteps steps_;
  std::vector<NoiseInput> inputs_;
  long burn_ = 0, piece_ = 1, pieces_ = 1;
};

}  // namespace settle
