// Operating point: Newton about the devices' own limits, nodes held by .ic, switches flipped until they agree with their voltages.
#include "circuits/operating_point.hpp"

#include <fmt/format.h>

#include <set>

#include "circuits/held.hpp"
namespace settle {
namespace {

/// The last value given to a node counts.
Holds unknowns_of(const Job& job, const std::vector<std::pair<std::string, Word>>& assignments) {
  const Rows& rows = job.circuit.rows();
  std::map<Index, double> values;
  for (const auto& [node, word] : assignments) {
    const Index row = job.circuit.find_row(node);
    if (row < 0 || !word.value)
      job.diagnostics.warning(word.where, fmt::format("no node '{}' to set to a voltage", node));
    else if (rows.is_fixed(row))
      job.diagnostics.warning(word.where, fmt::format("node '{}' is driven by a source; its initial voltage is ignored", node));
    else
      values[row - rows.fixed_count()] = *word.value;
  }
  Holds holds(rows.unknowns());
  for (const auto& [k, value] : values) holds.hold(k, value);
  return holds;
}

/// Flips every switch whose voltage contradicts its position; true if one was flipped.
bool flip_switches(Dynamics<double>& dynamics, const Block<double>& x, double t) {
  bool flipped = false;
  const Moment now = dynamics.moment(t);
  const Block<double> all = dynamics.extended(x, now);
  for (const auto& element : dynamics.circuit().elements()) {
    std::vector<double> g(static_cast<std::size_t>(element->events()));
    if (g.empty()) continue;
    element->event_values(all, now, g.data());
    for (std::size_t k = 0; k < g.size(); ++k)
      if (g[k] > 0.0) {
        element->fire(static_cast<Index>(k), 0, dynamics.modes());
        flipped = true;
      }
  }
  return flipped;
}

/// Currents of inductors, at their values in x.
Holds inductor_currents(const Dynamics<double>& dynamics, const Block<double>& x) {
  const Circuit& circuit = dynamics.circuit();
  const Index fixed = circuit.rows().fixed_count();
  Holds currents(circuit.rows().unknowns());
  for (const DeviceRef& device : circuit.devices()) {
    const Index row = circuit.rows().current_of(device.name());
    if (row >= fixed && device.element->mass(device.index) != 0.0) currents.hold(row - fixed, x(row - fixed, 0));
  }
  return currents;
}

void set_guess(const Holds& holds, Block<double>& x) {
  holds.each([&](Index k, double value) { x.row(k).setConstant(value); });
}

}  // namespace

Holds memories(const Circuit& circuit) {
  const Rows& rows = circuit.rows();
  Holds holds(rows.unknowns());
  Block<double> all = Block<double>::Zero(rows.count(), 1);
  for (const auto& element : circuit.elements()) element->put_initial(all);
  for (Index row = rows.fixed_count(); row < rows.count(); ++row)
    if (rows.kind_of(row).memory) holds.hold(row - rows.fixed_count(), all(row, 0));
  return holds;
}

std::string undefined_device(const Dynamics<double>& dynamics, const Block<double>& x, double t) {
  const Moment now = dynamics.moment(t);
  const Block<double> all = dynamics.extended(x, now);
  for (const auto& element : dynamics.circuit().elements())
    if (std::string why = element->undefined(all, now); !why.empty()) return why;
  return "";
}

void rethrow_with_devices(const NoEquilibrium& error, const Dynamics<double>& dynamics, const Block<double>& x, double t) {
  const Circuit& circuit = dynamics.circuit();
  const Index row = error.unknown() + circuit.rows().fixed_count();
  std::string devices;
  int count = 0;
  for (const auto& element : circuit.elements())
    for (Index k = 0; k < element->count(); ++k) {
      const std::vector<Index> rows = element->rows(k);
      if (std::find(rows.begin(), rows.end(), row) == rows.end()) continue;
      if (++count <= 8) devices += fmt::format("{}'{}' ({})", count > 1 ? ", " : "", element->name(k), element->kind().name);
    }
  if (count > 8) devices += fmt::format(" and {} more", count - 8);
  const std::string why = undefined_device(dynamics, x, t);
  throw NoEquilibrium(error.unknown(), error.sample(),
                      std::string(error.what()) + (count ? "\n  devices there: " + devices : "") + (why.empty() ? "" : "\n  " + why));
}

NewtonReport operating_point(const Job& job, Dynamics<double>& dynamics, Block<double>& x, double t, bool hold, const Recorder& recorder, int iterations) {
  NewtonOptions options{.reltol = job.options.reltol, .iterations = iterations > 0 ? iterations : job.options.itl1, .interrupted = [&] { return recorder.interrupted(); }};
  if (x.size() == 0) x = Block<double>::Zero(dynamics.size(), dynamics.samples());
  NewtonReport total;
  const auto solve = [&](const LimitedSystem<double>& system, const NewtonOptions& how) {
    const NewtonReport report = equilibrium(system, x, t, how);
    total = {total.iterations + report.iterations, total.factorizations + report.factorizations, report.strategy, report.last_update};
  };
  const auto solve_with = [&](const Holds& holds) { holds.empty() ? solve(dynamics, options) : solve(Held<double>(dynamics, holds), options); };
  // An inductor ties a held node to another one at DC; it then keeps the current it has without the hold, so .ic can kick an oscillator.
  const Holds memory = memories(job.circuit);
  Holds held = hold ? unknowns_of(job, job.netlist.initial) : Holds(dynamics.size());
  const bool nodes_held = !held.empty();
  held.hold(memory);
  const auto solve_held = [&] {
    try {
      solve_with(held);
    } catch (const NoEquilibrium&) {
      if (!nodes_held) throw;
      solve_with(memory);
      const Holds currents = inductor_currents(dynamics, x);
      if (currents.empty()) throw;
      held.hold(currents);
      solve_with(held);
    }
  };
  Holds guesses = unknowns_of(job, job.netlist.guesses);
  set_guess(guesses, x);
  set_guess(held, x);
  try {
    if (!guesses.empty()) {
      guesses.hold(held);
      solve_with(guesses);
    }
    for (int attempt = 0; attempt < 100; ++attempt) {
      solve_held();
      if (!flip_switches(dynamics, x, t)) return total;
    }
  } catch (const NoEquilibrium& error) {
    rethrow_with_devices(error, dynamics, x, t);
  }
  throw Error(Fault::simulation, "no operating point: the switches find no position that agrees with their controlling voltages; give the "
                                 "switch a larger hysteresis (vh=), or start the transient with uic");
}

Block<double> initial_state(const Job& job, const Dynamics<double>& dynamics) {
  const Rows& rows = job.circuit.rows();
  Block<double> all = dynamics.extended(Block<double>::Zero(dynamics.size(), 1), dynamics.moment(0.0));
  std::set<Index> known;
  for (Index row = 0; row < rows.fixed_count(); ++row) known.insert(row);
  unknowns_of(job, job.netlist.initial).each([&](Index k, double value) {
    all(rows.fixed_count() + k, 0) = value;
    known.insert(rows.fixed_count() + k);
  });
  for (const auto& element : job.circuit.elements()) element->put_initial(all);
  struct Given {
    Index plus, minus;
    double v;
  };
  std::vector<Given> given;
  for (const DeviceRef& device : job.circuit.devices()) {
    const std::size_t ic = device.element->kind().field_index("ic");
    if (ic == std::string::npos) continue;
    const double value = device.element->field(device.index, ic);
    if (!(value == value)) continue;
    const Index current = rows.current_of(device.name());
    const std::vector<Index> at = device.element->rows(device.index);
    if (current >= 0)
      all(current, 0) = value;
    else
      given.push_back({at[0], at[1], value});
  }
  for (bool progress = true; progress;) {
    progress = false;
    for (const Given& g : given) {
      const bool plus = known.count(g.plus) > 0, minus = known.count(g.minus) > 0;
      if (plus == minus) continue;
      const Index unknown = plus ? g.minus : g.plus;
      all(unknown, 0) = plus ? all(g.plus, 0) - g.v : all(g.minus, 0) + g.v;
      known.insert(unknown);
      progress = true;
    }
  }
  Block<double> x = all.bottomRows(dynamics.size());
  // A charge that is a state starts at Q(v): its row 0 = Q(v) - q gives it.
  Block<double> f;
  dynamics.rate(x, 0.0, f);
  for (Index k = 0; k < x.rows(); ++k)
    if (rows.kind_of(rows.fixed_count() + k).unit == "C") x(k, 0) += f(k, 0);
  return x;
}

}  // namespace settle
