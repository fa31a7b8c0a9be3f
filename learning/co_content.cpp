// Symmetry of the Jacobian of the nodes with capacitances, all others eliminated; inertia; the nudge against the slope of the cost.
#include "learning/co_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "learning/symmetry.hpp"

namespace settle {
namespace {

constexpr double rounding = 1e-9;  // of sums of conductances that cancel

/// Rows a device reads or drives, each once.
std::size_t terminals(const Circuit& circuit, const std::string& name) {
  const DeviceRef device = circuit.find_device(name);
  if (!device.element) return 0;
  const std::vector<Index> rows = device.element->rows(device.index);
  return std::set<Index>(rows.begin(), rows.end()).size();
}

/// Devices between two neurons; of those the ones with more than two terminals, if there are any: two terminals are reciprocal.
std::vector<std::string> guilty(const Stage& stage, const Neuron& a, const Neuron& b) {
  const Circuit& circuit = stage.job().circuit;
  std::vector<std::string> names = devices_between(circuit, stage.job().netlist, a, b), controlled;
  for (const std::string& name : devices_between(circuit, stage.job().netlist, b, a))
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  for (const std::string& name : names)
    if (terminals(circuit, name) > 2) controlled.push_back(name);
  return controlled.empty() ? names : controlled;
}

std::string quoted(const std::vector<std::string>& names) {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t k = 0; k < std::min(most, names.size()); ++k) text += fmt::format("{}'{}'", k > 0 ? ", " : "", names[k]);
  return names.size() > most ? fmt::format("{} and {} more", text, names.size() - most) : text;
}

[[noreturn]] void refuse_pair(const Stage& stage, const ActivityModel& model, const AsymmetricPair& pair) {
  const std::vector<std::string> names = guilty(stage, model.neurons().all()[static_cast<std::size_t>(pair.first)], model.neurons().all()[static_cast<std::size_t>(pair.second)]);
  throw Error(Fault::netlist, fmt::format("noise samples exp(-P/T) only in a reciprocal circuit, which descends a co-content P, and this one is not: {} sends {:.4g} S from {} to {} and {:.4g} S back. "
                                          "Take a rule that needs no distribution (aep, dyadic), or couple nodes by two-terminal conductances",
                                          names.empty() ? "something between them" : quoted(names), pair.into_second, model.name(pair.first), model.name(pair.second), pair.into_first));
}

void require_voltages_only(const Dynamics<double>& dynamics) {
  const Rows& rows = dynamics.circuit().rows();
  const Pattern& pattern = dynamics.pattern();
  for (std::size_t k = 0; k < pattern.row.size(); ++k) {
    const Row& row = rows.kind_of(rows.fixed_count() + pattern.row[k]);
    if (dynamics.mass()[static_cast<Index>(k)] == 0.0 || row.is_node || row.memory) continue;
    throw Error(Fault::netlist, fmt::format("noise samples exp(-P/T) only where capacitances alone store energy: {} has inertia of its own; leave it out, or take a rule that compares rest states",
                                            dynamics.name(pattern.row[k])));
  }
}

/// Both drive the same error signal into every node with a capacitance if -push is the cost's own force.
void require_force(const Stage& stage, const ActivityModel& model) {
  const Vector<double> wanted = stage.solve_transposed(stage.cost_slope()), has = stage.solve_transposed(stage.push());
  for (Index k = 0; k < model.count(); ++k) {
    const Index unknown = model.membrane_unknown(k);
    if (std::abs(wanted[unknown] - has[unknown]) > rounding * wanted.norm())
      throw Error(Fault::netlist, fmt::format("noise samples exp(-(P + beta C)/T) only if the nudge is the slope of the cost: it is not at {}, because an output is a source's function of a membrane; "
                                              "teach the membranes themselves", model.name(k)));
  }
}

}  // namespace

void require_co_content(const Stage& stage, const Block<double>& x) {
  require_voltages_only(stage.dynamics());
  const ActivityModel model(stage.job().netlist, stage.dynamics(), x, 0.0);
  if (model.count() == 0) throw Error(Fault::netlist, "no node of this circuit has a capacitance, so none has a distribution of voltages; give nodes capacitors to ground");
  const Symmetry symmetry = symmetry_of(model.membrane(), 1);
  if (symmetry.antisymmetric > rounding * symmetry.symmetric && !symmetry.pairs.empty()) refuse_pair(stage, model, symmetry.pairs.front());
  require_force(stage, model);
}

}  // namespace settle
