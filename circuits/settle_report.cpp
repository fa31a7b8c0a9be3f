// The report of `.settle`.
#include "circuits/settle_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/number.hpp"

namespace settle {
namespace {

/// Unknown numbers of nodes.
std::vector<Index> nodes_of(const Circuit& circuit) {
  std::vector<Index> nodes;
  const Rows& rows = circuit.rows();
  for (Index row = rows.fixed_count(); row < rows.count(); ++row)
    if (rows.kind_of(row).is_node) nodes.push_back(row - rows.fixed_count());
  return nodes;
}

std::string node_name(const Circuit& circuit, Index unknown) { return circuit.rows()[circuit.rows().fixed_count() + unknown].name; }
std::string volts(double v) { return format_engineering(std::abs(v) < 1e-15 ? 0.0 : v, "V", 6); }
std::string seconds(double t) { return format_engineering(t, "s", 6); }

std::string from_text(SettleOptions::From from) {
  switch (from) {
    case SettleOptions::From::ic: return "initial conditions";
    case SettleOptions::From::op: return "the operating point, from the last edge of a source on";
    case SettleOptions::From::zero: break;
  }
  return "zero, sources switched on at t = 0";
}

/// How far beyond its rest a node went, as a share of the step from start to rest.
double overshoot(const Travel& travel, Index k, double start, double rest) {
  const double step = rest - start, beyond = step > 0.0 ? travel.highest(k) - rest : rest - travel.lowest(k);
  return std::abs(step) > 0.0 && beyond > 1e-6 * std::abs(step) ? beyond / std::abs(step) : 0.0;
}

Fact agreement(const SettleReport& report, const Circuit& circuit) {
  const NewtonCheck& newton = report.newton;
  if (!newton.found) return {"Newton alone", 0.0, "", "finds no rest state"};
  const double same = newton.at < 0 ? 0.0 : 1e-6 + 10.0 * report.job.options.reltol * std::abs(newton.value);
  if (newton.apart <= same) return {"Newton alone", 0.0, "", fmt::format("finds the same rest state, within {}", format_engineering(newton.apart, "V", 2))};
  return {"Newton alone", 0.0, "", fmt::format("finds ANOTHER rest state: v({}) = {} there, {} here", node_name(circuit, newton.at), volts(newton.value), volts(report.rest(newton.at, 0)))};
}

}  // namespace

AnalysisStats SettleReport::stats(const Dynamics<double>& dynamics, const Relaxed& relaxed) const {
  const Circuit& circuit = dynamics.circuit();
  FactTable table{.title = fmt::format("settled to within {:g} of its way", options.tolerance), .of = "node", .columns = {{"time", "s"}, {"start", "V"}, {"rest", "V"}, {"overshoot"}}, .rows = {}};
  std::vector<Index> nodes = nodes_of(circuit);
  std::stable_sort(nodes.begin(), nodes.end(), [&](Index a, Index b) { return time[static_cast<std::size_t>(a)] > time[static_cast<std::size_t>(b)]; });
  for (Index k : nodes)
    table.rows.push_back({node_name(circuit, k), {std::max(time[static_cast<std::size_t>(k)] - edge, 0.0), start(k, 0), rest(k, 0), overshoot(relaxed.travel, k, start(k, 0), rest(k, 0))}});
  AnalysisStats stats{.steps = relaxed.counts.steps, .rejected = relaxed.counts.rejected, .factorizations = relaxed.counts.factorizations,
                      .iterations = relaxed.counts.iterations + newton.iterations, .method = "relaxation"};
  stats.facts = {{"let go from", 0.0, "", from_text(from)}};
  if (relaxed.counts.steps == 0) {
    stats.facts.push_back({"nothing moved", 0.0, "", "it rests where it was let go, with the sources' DC values; from=op follows their waveforms"});
  } else if (!table.rows.empty()) {
    const FactTable::Row& slowest = table.rows.front();
    stats.facts.push_back({"slowest node", 0.0, "", slowest.name});
    stats.facts.push_back({"settling time", slowest.values[0], "s"});
  }
  stats.facts.push_back({"still after", still - edge, "s"});
  stats.facts.push_back(agreement(*this, circuit));
  stats.tables.push_back(std::move(table));
  return stats;
}

std::string never_still(const SettleReport& report, const Dynamics<double>& dynamics, const Relaxed& relaxed, double limit) {
  const Circuit& circuit = dynamics.circuit();
  const Travel& travel = relaxed.travel;
  Index worst = 0;
  double largest = -1.0;
  for (Index k : nodes_of(circuit))
    if (const double swing = travel.late_highest(k) - travel.late_lowest(k); swing > largest) largest = swing, worst = k;
  const std::string node = node_name(circuit, worst), range = fmt::format("{} and {}", volts(travel.late_lowest(worst)), volts(travel.late_highest(worst)));
  const std::string given = fmt::format("not still after {} ({})", seconds(limit), report.options.limit > 0.0 ? "tmax" : "200 of its slowest time constants");
  const int turns = travel.late_turns(worst);
  if (turns >= 6) {
    const double period = 2.0 * (limit - relaxed.half) / turns;
    return fmt::format("{}: node '{}' oscillates between {}, with a period of about {}; the circuit has no stable rest state in reach. Look at its trace; less gain or delay "
                       "round its loop would damp it", given, node, range, seconds(period));
  }
  return fmt::format("{}: node '{}' still moves, between {} during the last half of it; try a larger tmax=, a coarser tol=, or look for a node without a DC path that only leaks "
                     "away", given, node, range);
}

AnalysisStats rest_only(const Dynamics<double>& dynamics, const Block<double>& x, const NewtonReport& report) {
  const Circuit& circuit = dynamics.circuit();
  AnalysisStats stats{.points = 1, .steps = 1, .factorizations = report.factorizations, .iterations = report.iterations, .method = report.strategy};
  Block<double> f;
  dynamics.rate(x, 0.0, f);
  double left = 0.0;
  FactTable table{.title = "rest state", .of = "node", .columns = {{"rest", "V"}}, .rows = {}};
  for (Index k : nodes_of(circuit)) {
    left = std::max(left, std::abs(f(k, 0)));
    table.rows.push_back({node_name(circuit, k), {x(k, 0)}});
  }
  stats.facts = {{"iterations", static_cast<double>(report.iterations)}, {"largest current left at a node", left, "A"}};
  stats.tables.push_back(std::move(table));
  return stats;
}

}  // namespace settle
