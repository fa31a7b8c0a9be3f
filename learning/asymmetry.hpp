// Asymmetry of a circuit at rest, 2 A = J - J^T in activity coordinates, as currents into membranes by movements of activities.
#pragma once

#include <Eigen/Sparse>

namespace settle {

class Stage;

struct AsymmetryOptions {
  double factor = 1.0;  // of 2 A
  double error = 0.0;   // standard deviation of every entry, relative: hardware knows A as well as it was measured
};

/// Unknowns by unknowns: row a membrane, column an activity. Throws Error (simulation) where an activity is saturated.
Eigen::SparseMatrix<double> asymmetry_of(const Stage& stage, const AsymmetryOptions& options = {});

}  // namespace settle
