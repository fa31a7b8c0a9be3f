// Alignment of response and error signal at rest.
#include "learning/alignment.hpp"

#include <algorithm>
#include <cmath>

#include "circuits/nudged_circuit.hpp"

namespace settle {
namespace {

/// What the teaching's currents are per beta, summed over the rows they enter.
Eigen::VectorXd per_beta(const Circuit& circuit, const Teaching& teaching, const Block<double>& x) {
  const NudgedCircuit<double> nudged(circuit, teaching, Strength<double>(Signal{}), {.frozen = true});
  const Vector<double> currents = nudged.nudged().currents(x, 0);
  const std::vector<NudgeTerm> terms = nudge_terms(teaching, circuit);
  Eigen::VectorXd g = Eigen::VectorXd::Zero(x.rows());
  for (std::size_t k = 0; k < terms.size(); ++k) g[terms[k].row] += currents[static_cast<Index>(k)];
  return g;
}

/// dC/dx.
Eigen::VectorXd cost_slope(const Circuit& circuit, const Teaching& teaching, const Block<double>& x) {
  Teaching slopes = teaching;
  slopes.currents.clear();
  for (std::size_t k = 0; k < teaching.outputs.size(); ++k) slopes.currents.push_back({teaching.outputs[k], teaching.slopes.at(k)});
  return per_beta(circuit, slopes, x);
}

}  // namespace

double cosine(const Eigen::VectorXd& a, const Eigen::VectorXd& b) { return a.dot(b) / (a.norm() * b.norm()); }

Alignment alignment_of(const Teaching& teaching, ActivityModel& model, const Circuit& circuit, const Block<double>& x) {
  const Eigen::VectorXd g = per_beta(circuit, teaching, x), c = cost_slope(circuit, teaching, x);
  if (!(g.norm() > 0.0 && c.norm() > 0.0))
    throw Error(Fault::simulation, "the teaching currents are all zero at rest, so there is no response to compare with: the outputs are at their targets; give .teach other targets");
  const Eigen::VectorXd moved = model.response(g), error = model.error_signal(c);
  Alignment alignment{.response = Eigen::VectorXd(model.count()), .error_signal = Eigen::VectorXd(model.count())};
  for (Index k = 0; k < model.count(); ++k) {
    alignment.response[k] = moved[model.activity_unknown(k)];
    alignment.error_signal[k] = error[model.membrane_unknown(k)];
  }
  alignment.cosine = cosine(alignment.response, alignment.error_signal);
  return alignment;
}

}  // namespace settle
