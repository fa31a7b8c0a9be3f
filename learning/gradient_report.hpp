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
  double cost = 0.0, symmetry = 0.0;       // means
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

void report_gradients(const GradientFindings& findings, AnalysisStats& stats);

}  // namespace settle
