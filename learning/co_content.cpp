// Symmetry of the Jacobian of the nodes with capacitances, all others eliminated; inertia; the nudge against the slope of the cost.
#include "learning/co_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "learning/symmetry.hpp"

namespace settle {
namespace {

constexpr double rounding = 1e-9;  // of sums of conductances that cancel

/// How the current into a row follows the voltage of another, S, of one element: a difference, for messages.
double slope(const Stage& stage, const Element& element, Index into, Index of) {
  const Moment now = stage.dynamics().moment(0.0);
  const auto current = [&](double by) {
    Block<double> all = stage.dynamics().extended(stage.rest(), now), f = Block<double>::Zero(all.rows(), 1);
    all(of, 0) += by;
    element.add_rate(all, now, f);
    return f(into, 0);
  };
  constexpr double small = 1e-4;  // V
  return (current(small) - current(-small)) / (2.0 * small);
}

bool one_sided(const Stage& stage, const std::string& device, const Neuron& a, const Neuron& b) {
  const Element* element = stage.job().circuit.find_device(device).element;
  if (!element) return false;
  const double there = slope(stage, *element, b.membrane, a.activity), back = slope(stage, *element, a.membrane, b.activity);
  constexpr double noticed = 1e-6;
  return std::abs(there - back) > noticed * std::max(std::abs(there), std::abs(back));
}

/// Devices between two neurons; of those the ones that conduct one way better than the other, if any does by itself.
std::vector<std::string> guilty(const Stage& stage, const Neuron& a, const Neuron& b) {
  const Job& job = stage.job();
  std::vector<std::string> names = devices_between(job.circuit, job.netlist, a, b), guilty;
  for (const std::string& name : devices_between(job.circuit, job.netlist, b, a))
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  std::copy_if(names.begin(), names.end(), std::back_inserter(guilty), [&](const std::string& name) { return one_sided(stage, name, a, b); });
  return guilty.empty() ? names : guilty;
}

std::string quoted(const std::vector<std::string>& names) {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t k = 0; k < std::min(most, names.size()); ++k) text += fmt::format("{}'{}'", k > 0 ? ", " : "", names[k]);
  return names.size() > most ? fmt::format("{} and {} more", text, names.size() - most) : text;
}

[[noreturn]] void refuse_pair(const Stage& stage, const ActivityModel& model, const AsymmetricPair& pair) {
  const Neuron &a = model.neurons().all()[static_cast<std::size_t>(pair.first)], &b = model.neurons().all()[static_cast<std::size_t>(pair.second)];
  const std::vector<std::string> names = guilty(stage, a, b);
  throw Error(Fault::netlist, fmt::format("rule=thermo: noise samples exp(-P/T) only in a reciprocal circuit, which descends a co-content P, and this one is not reciprocal: because of {} the current into {} follows "
                                          "{} by {:.4g} S, but the current into {} follows {} by {:.4g} S. Take a rule that needs no distribution (aep, dyadic), or couple nodes by two-terminal conductances",
                                          names.empty() ? "what is between them" : quoted(names), model.name(pair.second), model.name(pair.first), pair.into_second, model.name(pair.first),
                                          model.name(pair.second), pair.into_first));
}

void require_voltages_only(const Dynamics<double>& dynamics) {
  const Rows& rows = dynamics.circuit().rows();
  const Pattern& pattern = dynamics.pattern();
  for (std::size_t k = 0; k < pattern.row.size(); ++k) {
    const Row& row = rows.kind_of(rows.fixed_count() + pattern.row[k]);
    if (dynamics.mass()[static_cast<Index>(k)] == 0.0 || row.is_node || row.memory) continue;
    throw Error(Fault::netlist, fmt::format("rule=thermo: noise samples exp(-P/T) only where capacitances alone store energy: {} has inertia of its own; leave it out, or take a rule that compares rest states",
                                            dynamics.name(pattern.row[k])));
  }
}

/// Both drive the same error signal into every node with a capacitance if -push is the cost's own force.
void require_force(const Stage& stage, const ActivityModel& model) {
  const Vector<double> wanted = stage.solve_transposed(stage.cost_slope()), has = stage.solve_transposed(stage.push());
  for (Index k = 0; k < model.count(); ++k) {
    const Index unknown = model.membrane_unknown(k);
    if (std::abs(wanted[unknown] - has[unknown]) > rounding * wanted.norm())
      throw Error(Fault::netlist, fmt::format("rule=thermo: noise samples exp(-(P + beta C)/T) only if the nudge is the slope of the cost: it is not at {}, because an output is a source's function of a membrane; "
                                              "teach the membranes themselves", model.name(k)));
  }
}

}  // namespace

void require_co_content(const Stage& stage, const Block<double>& x) {
  require_voltages_only(stage.dynamics());
  const ActivityModel model(stage.job().netlist, stage.dynamics(), x, 0.0);
  if (model.count() == 0) throw Error(Fault::netlist, "rule=thermo: no node of this circuit has a capacitance, so none has a distribution of voltages; give nodes capacitors to ground");
  const Symmetry symmetry = symmetry_of(model.membrane(), 1);
  if (symmetry.antisymmetric > rounding * symmetry.symmetric && !symmetry.pairs.empty()) refuse_pair(stage, model, symmetry.pairs.front());
  require_force(stage, model);
}

}  // namespace settle
