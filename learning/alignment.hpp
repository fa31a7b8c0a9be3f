// Alignment: how a circuit answers a teaching current, q = dr/dbeta, against the error signal lambda = J^-T dC/dr that an exact gradient needs.
#pragma once

#include <algorithm>
#include <cmath>

#include "circuits/teaching.hpp"
#include "learning/activity.hpp"

namespace settle {

struct Alignment {
  Eigen::VectorXd response, error_signal;  // per neuron: q read at the activity, lambda at the membrane
  double cosine = 1.0;
  double angle() const { return std::acos(std::clamp(cosine, -1.0, 1.0)); }  // rad
};

/// About the unknowns x at rest: -beta g flows into membranes, g as the teaching says. Throws Error where the cost is at its minimum, so that
/// there is nothing to answer.
Alignment alignment_of(const Teaching& teaching, ActivityModel& model, const Circuit& circuit, const Block<double>& x);

/// The cosine of two vectors.
double cosine(const Eigen::VectorXd& a, const Eigen::VectorXd& b);

}  // namespace settle
