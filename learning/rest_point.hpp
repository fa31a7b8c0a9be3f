// RestPoint: a circuit at rest with its memory states frozen, and what is exactly true of small nudges about it.
#pragma once

#include "circuits/analysis.hpp"
#include "circuits/nudged_circuit.hpp"
#include "circuits/small_solution.hpp"

namespace settle {

class RestPoint {
 public:
  /// Throws Error (netlist) for a deck without `.teach`, and what an operating point throws.
  RestPoint(const Job& job, const Recorder& recorder, std::string analysis);

  const Block<double>& x() const { return x_; }
  /// What beta multiplies, at rest: -beta g flows into the unknowns' rows.
  const Vector<double>& g() const { return g_; }
  /// dx/dbeta exp(i w t): (J - i w M) q = g.
  Vector<Complex> response(double omega) const;
  /// The slowest time constant, s. Throws Error if the circuit is unstable there.
  double slowest() const;
  /// What each probe shows at rest, and for a small deviation of the unknowns.
  std::vector<double> rest_values() const;
  std::vector<Complex> small_values(const Vector<Complex>& deviation, double omega) const;

 private:
  const Job& job_;
  std::string analysis_;
  Dynamics<double> dynamics_;
  Block<double> x_;
  Vector<double> g_, jacobian_;  // over pattern and border
};

/// The deck's teaching, or an error that says what to write.
const Teaching& require_teaching(const Job& job, const std::string& analysis);

/// The real rest state made exact to rounding: Newton on the circuit itself until nothing moves any more.
void polish(const LimitedSystem<double>& system, Block<double>& x);

}  // namespace settle
