// A rest state and its linear responses.
#include "learning/rest_point.hpp"

#include <fmt/format.h>

#include "circuits/linear_model.hpp"
#include "circuits/operating_point.hpp"
#include "sim/linearized.hpp"
#include "sim/number.hpp"

namespace settle {

const Teaching& require_teaching(const Job& job, const std::string& analysis) {
  if (job.teaching) return *job.teaching;
  throw Error(Fault::netlist, fmt::format(".{} measures the response to a teaching signal, and the deck has none; add for example .teach v(out)=1 beta=1u", analysis));
}

void polish(const LimitedSystem<double>& system, Block<double>& x) {
  constexpr int most = 8;
  Linearized<double> linear(system);
  double before = std::numeric_limits<double>::infinity();
  for (int k = 0; k < most; ++k) {
    Block<double> step;
    system.rate(x, 0.0, step);
    linear.at(x, 0.0);
    linear.shift(0.0);
    linear.solve(step);  // -J dx = f
    const double moved = step.norm();
    if (!(moved < before)) return;
    x += step;
    before = moved;
  }
}

RestPoint::RestPoint(const Job& job, const Recorder& recorder, std::string analysis)
    : job_(job), analysis_(std::move(analysis)), dynamics_(job.circuit, 1, false) {
  const Teaching& teaching = require_teaching(job, analysis_);
  operating_point(job, dynamics_, x_, 0.0, true, recorder);
  NudgedCircuit<double> circuit(job.circuit, teaching, Strength<double>(Signal{}), {.frozen = true});
  polish(circuit.free(), x_);
  g_ = Vector<double>::Zero(x_.rows());
  const Vector<double> currents = circuit.nudged().currents(x_, 0);
  const std::vector<NudgeTerm> terms = nudge_terms(teaching, job.circuit);
  for (std::size_t k = 0; k < terms.size(); ++k) g_[terms[k].row] += currents[static_cast<Index>(k)];
  jacobian_ = dynamics_.full_jacobian(dynamics_.extended(x_, dynamics_.moment(0.0)), dynamics_.moment(0.0));
}

Vector<Complex> RestPoint::response(double omega) const {
  NudgedCircuit<double> circuit(job_.circuit, {.frozen = true});
  Vector<double> J;
  circuit.free().jacobian(x_, 0.0, 0, J);
  Factorization<Complex> factors(circuit.free().pattern());
  factors.factor(J.cast<Complex>() - Complex(0.0, omega) * circuit.free().mass().cast<Complex>());
  Vector<Complex> q = g_.cast<Complex>();
  factors.solve(q);
  return q;
}

double RestPoint::slowest() const {
  const LinearModel model = linear_model(dynamics_, x_, 0.0, {.purpose = "." + analysis_ + " without discard="});
  if (model.states() == 0) return 0.0;
  const Complex slow = model.eigenvalues()[0];
  if (!(slow.real() < 0.0))
    throw Error(Fault::simulation, fmt::format("the circuit does not stay at its rest state: a deviation grows with {} per second there; .stability shows which",
                                               format_engineering(slow.real(), "")));
  return -1.0 / slow.real();
}

std::vector<double> RestPoint::rest_values() const { return probe_values<double>(job_.probes, Snapshot<double>(dynamics_, x_, 0.0)); }

std::vector<Complex> RestPoint::small_values(const Vector<Complex>& deviation, double omega) const {
  const Snapshot<double> rest(dynamics_, x_, 0.0);
  Block<Complex> all = Block<Complex>::Zero(job_.circuit.rows().count(), 1);
  all.bottomRows(deviation.size()) = deviation;
  const SmallSolution small(job_.circuit, jacobian_, Complex(0.0, omega), std::move(all));
  std::vector<Complex> values;
  for (const auto& probe : job_.probes) values.push_back(probe->small(rest, small));
  return values;
}

}  // namespace settle
