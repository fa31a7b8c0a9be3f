// How a Bank takes up a device: parameters, rows for internal nodes, states and charges.
#pragma once

#include "devices/bank.hpp"

namespace settle {

template <Device D>
void give(D& device, const Kind& kind, const Description<D>& description, const std::string& name, double value) {
  const std::size_t field = kind.field_index(name);
  if (field == std::string::npos) throw std::logic_error(kind.name + " has no field " + name);
  device.*(description.fields[field].member) = value;
}

template <Device D>
D made_device(const Kind& kind, const Description<D>& description, const Values& values, const std::string& model_type) {
  D device;
  for (const auto& [name, value] : values) give(device, kind, description, name, value);
  device.adopt(model_type);
  return device;
}

template <Device D>
void Bank<D>::require_no_fault(const D& device, const std::string& name) const {
  if (const std::string fault = device.fault(); !fault.empty()) throw Error(Fault::netlist, "'" + name + "' (" + kind_.name + "): " + fault);
}

template <Device D>
void Bank<D>::add(const Instance& instance, Rows& rows) {
  D device = made_device(kind_, description_, instance.values, instance.model_type);
  device.prepare(environment_);
  require_no_fault(device, instance.name);
  const std::size_t terminals = description_.terminals.size();
  Place place{};
  for (std::size_t p = 0; p < terminals; ++p) place.row[p] = instance.rows[p];
  for (std::size_t p = terminals; p < P; ++p) {
    const int joined = device.joined(p);
    place.row[p] = joined >= 0 ? place.row[static_cast<std::size_t>(joined)]
                               : rows.add_node(instance.name + "#" + description_.internal_nodes[p - terminals]);
  }
  add_states(device, instance, place, rows);
  for (std::size_t c = 0; c < K; ++c) place.row[R + c] = referenced_current(instance, c, rows);
  for (std::size_t q = 0; q < Q; ++q) place.charge[q] = charge_row(device, instance.name, place, q, rows);
  device_.push_back(device);
  place_.push_back(place);
  label_.push_back({instance.name, instance.where});
}

/// States are dealt out state by state, each a lattice of rows.
template <Device D>
Bank<D>::Bank(const Kind& kind, const Crossings& crossings, Rows& rows, const Environment& environment)
    : kind_(kind), description_(D::describe()), environment_(environment), lattice_(crossings.names), where_(crossings.where) {
  const std::size_t terminals = description_.terminals.size(), count = static_cast<std::size_t>(crossings.count());
  D alike = made_device(kind_, description_, crossings.values, crossings.model_type);
  device_.assign(count, alike);
  alike.prepare(environment_);
  place_.resize(count);
  for (const auto& [name, values] : crossings.varied)
    for (std::size_t k = 0; k < count; ++k) give(device_[k], kind_, description_, name, values[k]);
  for (std::size_t n = 0; n < N; ++n) {
    Lattice states = lattice_;
    states.ending = std::string("#") + description_.states[n].name;
    const Index first = rows.add(std::move(states), state_row(alike, "", n, rows.tolerances()));
    for (std::size_t k = 0; k < count; ++k) place_[k].row[P + n] = first + static_cast<Index>(k);
  }
  for (std::size_t k = 0; k < count; ++k) {
    D& device = device_[k];
    Place& place = place_[k];
    device.prepare(environment_);
    if (const std::string fault = device.fault(); !fault.empty()) require_no_fault(device, lattice_.name(static_cast<Index>(k)));
    for (std::size_t p = 0; p < terminals; ++p) place.row[p] = crossings.rows[p][k];
    for (std::size_t p = terminals; p < P; ++p) {
      const int joined = device.joined(p);
      place.row[p] = joined >= 0 ? place.row[static_cast<std::size_t>(joined)]
                                 : rows.add_node(lattice_.name(static_cast<Index>(k)) + "#" + description_.internal_nodes[p - terminals]);
    }
    for (std::size_t q = 0; q < Q; ++q)
      place.charge[q] = device.charged(q) ? charge_row(device, lattice_.name(static_cast<Index>(k)), place, q, rows) : absent;
  }
  add_delivery(crossings);
}

template <Device D>
void Bank<D>::add_delivery(const Crossings& crossings) {
  if (crossings.into.empty() && crossings.gain.empty()) return;
  for (std::size_t k = 0; k < place_.size(); ++k) {
    for (Index q : place_[k].charge)
      if (q != absent)
        throw Error(Fault::netlist, "'" + name(static_cast<Index>(k)) + "' (" + kind_.name + ") has a capacitance, which a buffered crossing cannot have; "
                    "set its capacitances to zero or use coupling=passive");
    Delivery delivery;
    for (std::size_t p = 0; p < P; ++p) {
      const int joined = p < description_.terminals.size() ? -1 : device_[k].joined(p);
      const std::size_t terminal = joined < 0 ? p : static_cast<std::size_t>(joined);
      const bool elsewhere = terminal < crossings.into.size() && !crossings.into[terminal].empty();
      delivery.row[p] = elsewhere ? crossings.into[terminal][k] : place_[k].row[p];
      delivery.gain[p] = elsewhere && !crossings.gain.empty() ? crossings.gain[k] : 1.0;
    }
    delivery_.push_back(delivery);
  }
}

template <Device D>
Row Bank<D>::state_row(const D& device, std::string name, std::size_t n, const RowTolerances& standard) const {
  const StateName& state = description_.states[n];
  const std::string unit = state.unit;
  const double usual = unit == "A" ? standard.current : unit == "V" ? standard.voltage : standard.charge;
  const double own = device.tolerance(n);
  return {std::move(name), unit, own > 0.0 ? own : state.tolerance > 0.0 ? state.tolerance : usual, false, !state.algebraic, state.memory};
}

template <Device D>
void Bank<D>::add_states(const D& device, const Instance& instance, Place& place, Rows& rows) {
  for (std::size_t n = 0; n < N; ++n) {
    const StateName& state = description_.states[n];
    place.row[P + n] = rows.add(state_row(device, instance.name + "#" + state.name, n, rows.tolerances()));
    if (n == 0 && state.unit == std::string("A")) rows.publish_current(instance.name, {place.row[P], this, count()});
  }
}

/// A linear charge between nodes that are solved for is a constant in M; one that touches a driven node, or is nonlinear, becomes a
/// state q with the row 0 = Q(v) - q, so charge is conserved whatever the driven node does.
template <Device D>
Index Bank<D>::charge_row(const D& device, const std::string& name, const Place& place, std::size_t q, Rows& rows) const {
  if (!device.charged(q)) return absent;
  const ChargePorts& ports = description_.charges[q];
  const auto solved = [&](int port) {
    const Index row = place.row[static_cast<std::size_t>(port)];
    return row == Rows::ground || !rows.is_fixed(row);
  };
  if (description_.linear && solved(ports.from) && solved(ports.to)) return direct;
  return rows.add({name + "#" + ports.name, "C", rows.tolerances().charge, false, false});
}

/// Rows are dealt out once, so a value that needs other internal nodes or charges is refused.
template <Device D>
void Bank<D>::set_field(Index k, std::size_t field, double value) {
  D changed = device_[index(k)];
  changed.*description_.fields[field].member = value;
  changed.prepare(environment_);
  if (const std::string fault = changed.fault(); !fault.empty()) throw Error(Fault::usage, "'" + name(k) + "' (" + kind_.name + "): " + fault);
  bool same = true;
  for (std::size_t p = description_.terminals.size(); p < P; ++p) same = same && changed.joined(p) == device_[index(k)].joined(p);
  for (std::size_t q = 0; q < Q; ++q) same = same && (!changed.charged(q) || place_[index(k)].charge[q] != absent);
  if (!same)
    throw Error(Fault::usage, "'" + kind_.fields[field].name + "' of '" + name(k) + "' cannot change between zero and another value in a built "
                "circuit, which has its nodes and charges by now; start from a value other than zero");
  device_[index(k)] = changed;
}

}  // namespace settle
