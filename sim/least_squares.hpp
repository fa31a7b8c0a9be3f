// Least squares: parameters within bounds that make a sum of squared residuals smallest (Levenberg 1944, Marquardt 1963, doi:10.1137/0111030).
#pragma once

#include <functional>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

struct LeastSquaresParameter {
  double initial = 0.0, lower, upper;  // bounds may be infinite
  double scale = 0.0;                  // usual size of a change; 0: of the initial value
  bool logarithmic = false;            // searched by its logarithm: positive, of unknown size
};

/// Fills `r` (always the same length) at `p`; false where the model has no value there.
using Residuals = std::function<bool(const Vector<double>& p, Vector<double>& r)>;

struct LeastSquaresResult {
  Vector<double> values;
  Vector<double> errors;        // standard errors, if residuals are independent and of equal spread; NaN: not determined by the data
  std::vector<bool> at_bound;
  double sum = 0.0;             // of squares; infinity where no start had a value
  int iterations = 0;
  bool converged = false;
};

LeastSquaresResult least_squares(const Residuals& residuals, const std::vector<LeastSquaresParameter>& parameters, int most_iterations = 200);

/// The derivatives of all residuals at the initial values, each times the parameter's scale: how strongly the data depend on it.
Eigen::MatrixXd sensitivities(const Residuals& residuals, const std::vector<LeastSquaresParameter>& parameters);

}  // namespace settle
