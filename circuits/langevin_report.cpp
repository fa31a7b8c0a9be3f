// Tables of measured and expected deviations.
#include "circuits/langevin_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/langevin_walk.hpp"
#include "sim/lyapunov.hpp"

namespace settle {
namespace {

Eigen::VectorXd deviations(const NoisyRest& rest, const Eigen::MatrixXd& states) {
  return (rest.seen() * states * rest.seen().transpose()).diagonal().cwiseMax(0.0).cwiseSqrt();
}

std::string common_unit(const Probes& probes) {
  for (const auto& probe : probes)
    if (probe->label().unit != probes.front()->label().unit) return "";
  return probes.empty() ? "" : probes.front()->label().unit;
}

}  // namespace

LangevinTheory theory_of(const NoisyRest& rest, const LangevinWalk& walk, bool sources_move) {
  LangevinTheory theory;
  if (sources_move) return {{}, {}, "the sources move, so there is no rest state to linearize about"};
  try {
    rest.require_finite();
  } catch (const Error& error) {
    return {{}, {}, error.what()};
  }
  const Lyapunov lyapunov(rest.model().A);
  if (std::string why = rest.unstable(lyapunov.eigenvalues()); !why.empty()) return {{}, {}, std::move(why)};
  const Eigen::MatrixXd Q = intensity(rest.model(), rest.inputs());
  return {deviations(rest, lyapunov.solve(Q)), deviations(rest, walk.states_covariance(rest.model(), Q)), ""};
}

void report_langevin(const Probes& probes, const std::vector<Blocking>& measured, const LangevinTheory& theory, AnalysisStats& stats) {
  const std::string unit = common_unit(probes);
  const bool known = theory.why_not.empty();
  FactTable table{.title = "measured, and expected of the linearized circuit and of the method at this step", .of = "output",
                  .columns = {{"mean", unit}, {"its error", unit}, {"rms", unit}, {"error", unit}, {"linear", unit}, {"at this step", unit}, {"off (errors)"}}, .rows = {}};
  double fewest = INFINITY, bias = 0.0;
  for (std::size_t p = 0; p < probes.size(); ++p) {
    const Blocking& m = measured[p];
    const auto k = static_cast<Index>(p);
    const double error = m.error_of_deviation(), linear = known ? theory.deviation[k] : NAN, at_step = known ? theory.of_step[k] : NAN;
    table.rows.push_back({probes[p]->label().name, {m.mean(), m.error_of_mean(), m.deviation(), error, linear, at_step, (m.deviation() - at_step) / error}});
    if (m.deviation() > 0.0) fewest = std::min(fewest, static_cast<double>(m.count()) / m.correlation());
    if (known && linear > 0.0) bias = std::max(bias, std::abs(at_step / linear - 1.0));
  }
  if (std::isfinite(fewest)) stats.facts.push_back({"independent samples, at least", std::floor(fewest)});
  if (!known) stats.facts.push_back({"linearized covariance", 0.0, "", "none: " + theory.why_not});
  if (bias > 1e-9) stats.facts.push_back({"bias of the step", bias, "1", fmt::format("{:.2g} % of an rms value at most; it falls with tstep", 100.0 * bias)});
  stats.tables.push_back(std::move(table));
}

}  // namespace settle
