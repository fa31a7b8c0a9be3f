// The report of `.gradient`: each rule against the exact gradient, all devices together, by array, device by device; and what would help.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuits/analysis.hpp"
#include "learning/symmetrizer.hpp"
#include "learning/weights.hpp"

namespace settle {

struct GradientFindings {
  const Weights& weights;
  std::vector<std::string> names;          // of rules; the first is exact
  std::vector<Vector<double>> gradients;   // mean over samples
  std::vector<Vector<double>> variances;   // squares of their standard errors; zero where nothing is drawn at random
  double cost = 0.0;                       // mean
  double symmetry = 0.0, asymmetry = 0.0;  // sums of |S|/(|S|+|A|), and of |A|/|S| off the diagonal, over `looks` samples without a saturated neuron
  double looks = 0.0;
  Index skipped = -1;                      // samples left out; -1: none may be
  std::optional<Symmetrizer> symmetrizer = {};
};

/// How a measured gradient stands to the exact one.
struct Agreement {
  double cosine = 0.0;
  double ratio = 0.0;   // of magnitudes
  double error = 0.0;   // |measured - exact| / |exact|
  Index signs = 0;      // devices that would move the wrong way
};
Agreement agreement(const Eigen::Ref<const Vector<double>>& measured, const Eigen::Ref<const Vector<double>>& exact);

/// With a table of all devices or without.
void report_gradients(const GradientFindings& findings, bool devices, AnalysisStats& stats);

}  // namespace settle
