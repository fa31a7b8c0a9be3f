// What `.settle` says: times per node, the rest state, whether Newton's iteration agrees, and why a circuit never came to rest.
#pragma once

#include "circuits/analysis.hpp"
#include "circuits/dynamics.hpp"
#include "circuits/relaxation.hpp"
#include "circuits/settle_options.hpp"
#include "sim/newton.hpp"

namespace settle {

/// What Newton's iteration found by itself.
struct NewtonCheck {
  bool found = false;
  double apart = 0.0;  // V, from the relaxation's rest at the node farthest from it
  Index at = -1;
  double value = 0.0;  // V, there
  long iterations = 0;
};

struct SettleReport {
  const Job& job;
  const SettleOptions& options;
  SettleOptions::From from;
  double edge = 0.0;   // s, of the last source; settling counts from there
  Block<double> start, rest;
  NewtonCheck newton;
  double still = 0.0;         // s
  std::vector<double> time = {};  // s, per unknown

  AnalysisStats stats(const Dynamics<double>& dynamics, const Relaxed& relaxed) const;
};

/// Which node still moves at the time limit, and how.
std::string never_still(const SettleReport& report, const Dynamics<double>& dynamics, const Relaxed& relaxed, double limit);
/// The rest state by Newton's iteration alone.
AnalysisStats rest_only(const Dynamics<double>& dynamics, const Block<double>& x, const NewtonReport& report);

}  // namespace settle
