// Bank: devices of one type scattered over a circuit. The loop over devices, the Jacobian from duals, charges and probes: written once.
#pragma once

#include <algorithm>
#include <limits>

#include "devices/device.hpp"
#include "sim/error.hpp"

namespace settle {

template <Device D>
class Bank final : public Element {
 public:
  using Shape = typename D::Shape;
  static constexpr std::size_t P = Shape::ports, N = Shape::states, Q = Shape::charges, L = P + N;

  Bank(const Kind& kind, std::span<const Instance> instances, Rows& rows, const Environment& environment)
      : kind_(kind), description_(D::describe()), environment_(environment) {
    for (const Instance& instance : instances) add(instance, rows);
  }

  const Kind& kind() const override { return kind_; }
  Index count() const override { return static_cast<Index>(device_.size()); }
  const std::string& name(Index k) const override { return at(k).name; }
  Location where(Index k) const override { return at(k).where; }
  std::vector<Index> rows(Index k) const override {
    const Place_& p = at(k);
    std::vector<Index> all(p.row.begin(), p.row.end());
    for (Index q : p.charge_row)
      if (q >= 0) all.push_back(q);
    return all;
  }
  bool linear() const override { return description_.linear; }

  void add_rate(const Block<double>& x, const Moment& now, Block<double>& f) const override { rate(x, now, f); }
  void add_rate(const Block<Complex>& x, const Moment& now, Block<Complex>& f) const override { rate(x, now, f); }
  void add_jacobian(const Block<double>& x, const Moment& now, Stamps<double>& J) const override { jacobian(x, now, J); }
  void add_jacobian(const Block<Complex>& x, const Moment& now, Stamps<Complex>& J) const override { jacobian(x, now, J); }

  void add_mass(Stamps<double>& M) const override {
    for (std::size_t k = 0; k < device_.size(); ++k) {
      const Place_& p = place_[k];
      for (std::size_t n = 0; n < N; ++n) M.add(p.row[P + n], p.row[P + n], device_[k].mass(n));
      for (std::size_t q = 0; q < Q; ++q) add_charge_mass(k, q, M);
    }
  }

  Index memory() const override { return D::limits ? count() * static_cast<Index>(P) : 0; }
  bool add_limited(const Block<double>& x, const Moment& now, double* memory, Block<double>& f, Stamps<double>& J) const override {
    return limited(x, now, memory, f, J);
  }
  bool add_limited(const Block<Complex>& x, const Moment& now, Complex* memory, Block<Complex>& f, Stamps<Complex>& J) const override {
    return limited(x, now, memory, f, J);
  }

  std::vector<Quantity> quantities(Index) const override {
    std::vector<Quantity> all{{"i", "A", "current into '" + description_.terminals[0] + "'"}, {"p", "W", "power taken up"}};
    for (const auto& terminal : description_.terminals) all.push_back({"i" + terminal, "A", "current into '" + terminal + "'"});
    for (const auto& state : description_.states) all.push_back({state.name, state.unit, "internal state"});
    for (const auto& charge : description_.charges) all.push_back({charge.name, "C", "charge"});
    return all;
  }
  double observe(Index k, std::size_t quantity, const Solution<double>& at, Index sample) const override {
    return look(k, quantity, at, sample);
  }
  Complex observe(Index k, std::size_t quantity, const Solution<Complex>& at, Index sample) const override {
    return look(k, quantity, at, sample);
  }
  Complex observe_small(Index k, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const override;

  double field(Index k, std::size_t field) const override { return device_[index(k)].*description_.fields[field].member; }
  void set_field(Index k, std::size_t field, double value) override {
    device_[index(k)].*description_.fields[field].member = value;
    device_[index(k)].prepare(environment_);
  }
  void prepare(const Environment& environment) override {
    environment_ = environment;
    for (D& device : device_) device.prepare(environment);
  }

 private:
  /// Where a device sits. A charge is a state of its own (row >= 0), a constant capacitance in M (direct), or absent.
  static constexpr Index absent = -1, direct = -2;
  struct Place_ {
    std::string name;
    Location where;
    std::array<Index, L> row;
    std::array<Index, Q> charge_row;
  };

  static std::size_t index(Index k) { return static_cast<std::size_t>(k); }
  const Place_& at(Index k) const { return place_[index(k)]; }

  void add(const Instance& instance, Rows& rows) {
    D device;
    for (const auto& [name, value] : instance.values) {
      const auto field = std::find_if(description_.fields.begin(), description_.fields.end(), [&](const auto& f) { return f.field.name == name; });
      if (field == description_.fields.end()) throw std::logic_error(kind_.name + " has no field " + name);
      device.*(field->member) = value;
    }
    device.adopt(instance.model_type);
    device.prepare(environment_);

    Place_ place{instance.name, instance.where, {}, {}};
    const std::size_t terminals = description_.terminals.size();
    for (std::size_t p = 0; p < P; ++p) {
      const int joined = p < terminals ? -1 : device.joined(p);
      if (p < terminals)
        place.row[p] = instance.rows[p];
      else
        place.row[p] = joined >= 0 ? place.row[static_cast<std::size_t>(joined)]
                                   : rows.add_node(instance.name + "#" + description_.internal_nodes[p - terminals]);
    }
    for (std::size_t n = 0; n < N; ++n) {
      const StateName& state = description_.states[n];
      place.row[P + n] = rows.add({instance.name + "#" + state.name, state.unit, state.tolerance});
    }
    for (std::size_t q = 0; q < Q; ++q) place.charge_row[q] = charge_row(device, place, q, rows);
    if (N > 0 && description_.states[0].unit == std::string("A")) rows.publish_current(instance.name, place.row[P]);
    device_.push_back(device);
    place_.push_back(std::move(place));
  }

  /// A linear charge between nodes that are solved for is a constant in M; one that touches a driven node, or is nonlinear, becomes a
  /// state q with the row 0 = Q(v) - q, so charge is conserved whatever the driven node does.
  Index charge_row(const D& device, const Place_& place, std::size_t q, Rows& rows) const {
    if (!device.charged(q)) return absent;
    const ChargePorts& ports = description_.charges[q];
    const auto solved = [&](int port) {
      const Index row = place.row[static_cast<std::size_t>(port)];
      return row == Rows::ground || !rows.is_fixed(row);
    };
    if (description_.linear && solved(ports.from) && solved(ports.to)) return direct;
    return rows.add({place.name + "#" + ports.name, "C", rows.tolerances().charge, false, false});
  }

  template <class T, class S>
  Port<T, Shape> gather(const Place_& p, const Block<S>& x, Index sample, double t) const {
    Port<T, Shape> port;
    for (std::size_t k = 0; k < P; ++k) port.v[k] = T(x(p.row[k], sample));
    for (std::size_t n = 0; n < N; ++n) port.state[n] = T(x(p.row[P + n], sample));
    port.t = t;
    return port;
  }

  /// The port with every local unknown an independent variable.
  template <Scalar S>
  static Port<Dual<S, static_cast<int>(L)>, Shape> seed(const Port<S, Shape>& at) {
    using T = Dual<S, static_cast<int>(L)>;
    Port<T, Shape> port;
    for (std::size_t k = 0; k < P; ++k) port.v[k] = T::variable(at.v[k], static_cast<int>(k));
    for (std::size_t n = 0; n < N; ++n) port.state[n] = T::variable(at.state[n], static_cast<int>(P + n));
    port.t = at.t;
    return port;
  }

  template <Scalar S>
  void require_holomorphic(Index k) const {
    if (std::same_as<S, Complex> && kind_.holomorphy == Holomorphy::nowhere)
      throw Error(Fault::simulation, "device '" + name(k) + "' (" + kind_.name + ") is not complex-differentiable: it compares or clips "
                  "its voltages; freeze it or replace it by a smooth device for runs with complex voltages");
  }

  template <Scalar S>
  void rate(const Block<S>& x, const Moment& now, Block<S>& f) const {
    if (!device_.empty()) require_holomorphic<S>(0);
    for (std::size_t k = 0; k < device_.size(); ++k) {
      const D& device = device_[k];
      const Place_& p = place_[k];
      for (Index s = 0; s < x.cols(); ++s) {
        const Flow<S, Shape> flow = device.flow(gather<S>(p, x, s, now.t));
        for (std::size_t i = 0; i < P; ++i) f(p.row[i], s) -= device.m * flow.current[i];
        for (std::size_t n = 0; n < N; ++n) f(p.row[P + n], s) += flow.drift[n];
        for (std::size_t q = 0; q < Q; ++q)
          if (p.charge_row[q] >= 0) f(p.charge_row[q], s) += device.m * flow.charge[q] - x(p.charge_row[q], s);
      }
    }
  }

  template <Scalar S>
  using DualFlow = Flow<Dual<S, static_cast<int>(L)>, Shape>;

  template <Scalar S>
  void stamp(std::size_t k, const DualFlow<S>& flow, Stamps<S>& J) const {
    const D& device = device_[k];
    const Place_& p = place_[k];
    for (std::size_t j = 0; j < L; ++j) {
      for (std::size_t i = 0; i < P; ++i) J.add(p.row[i], p.row[j], -device.m * flow.current[i].slope[j]);
      for (std::size_t n = 0; n < N; ++n) J.add(p.row[P + n], p.row[j], flow.drift[n].slope[j]);
      for (std::size_t q = 0; q < Q; ++q)
        if (p.charge_row[q] >= 0) J.add(p.charge_row[q], p.row[j], device.m * flow.charge[q].slope[j]);
    }
    for (std::size_t q = 0; q < Q; ++q)
      if (p.charge_row[q] >= 0) J.add(p.charge_row[q], p.charge_row[q], S(-1.0));
  }

  template <Scalar S>
  void jacobian(const Block<S>& x, const Moment& now, Stamps<S>& J) const {
    for (std::size_t k = 0; k < device_.size(); ++k) {
      const DualFlow<S> flow = device_[k].flow(seed<S>(gather<S>(place_[k], x, 0, now.t)));
      stamp<S>(k, flow, J);
    }
  }

  /// i(v) ~ i(u) + di/du (v - u) with u the limited voltages; the same for drifts and charges.
  template <Scalar S>
  bool limited(const Block<S>& x, const Moment& now, S* memory, Block<S>& f, Stamps<S>& J) const {
    if (!device_.empty()) require_holomorphic<S>(0);
    bool any = false;
    for (std::size_t k = 0; k < device_.size(); ++k) {
      const Place_& p = place_[k];
      Port<S, Shape> port = gather<S>(p, x, 0, now.t);
      const std::array<S, P> v = port.v;
      if constexpr (D::limits) any = limit(device_[k], port.v, memory + k * P) || any;
      const DualFlow<S> flow = device_[k].flow(seed<S>(port));
      stamp<S>(k, flow, J);
      const auto linearized = [&](const Dual<S, static_cast<int>(L)>& y) {
        S value = y.value;
        for (std::size_t i = 0; i < P; ++i) value += y.slope[i] * (v[i] - port.v[i]);
        return value;
      };
      const double m = device_[k].m;
      for (std::size_t i = 0; i < P; ++i) f(p.row[i], 0) -= m * linearized(flow.current[i]);
      for (std::size_t n = 0; n < N; ++n) f(p.row[P + n], 0) += linearized(flow.drift[n]);
      for (std::size_t q = 0; q < Q; ++q)
        if (p.charge_row[q] >= 0) f(p.charge_row[q], 0) += m * linearized(flow.charge[q]) - x(p.charge_row[q], 0);
    }
    return any;
  }

  /// Limits the real parts of `v` in view of the previous ones in `memory`, and remembers them. True if something moved.
  template <Scalar S>
  static bool limit(const D& device, std::array<S, P>& v, S* memory) {
    if constexpr (!D::limits) {
      return false;
    } else {
      std::array<double, P> wanted, previous;
      for (std::size_t i = 0; i < P; ++i) wanted[i] = re(v[i]), previous[i] = re(memory[i]);
      const bool first = std::any_of(previous.begin(), previous.end(), [](double u) { return !(u == u); });
      const std::array<double, P> now = device.limit(wanted, first ? device.start(wanted) : previous);
      bool moved = false;
      for (std::size_t i = 0; i < P; ++i) {
        moved = moved || std::abs(now[i] - wanted[i]) > 1e-9 + 1e-6 * std::abs(wanted[i]);
        v[i] += now[i] - wanted[i];
        memory[i] = v[i];
      }
      return moved;
    }
  }

  void add_charge_mass(std::size_t k, std::size_t q, Stamps<double>& M) const {
    const Place_& p = place_[k];
    if (p.charge_row[q] == absent) return;
    const Index from = p.row[static_cast<std::size_t>(description_.charges[q].from)];
    const Index to = p.row[static_cast<std::size_t>(description_.charges[q].to)];
    if (p.charge_row[q] >= 0) {
      M.add(from, p.charge_row[q], 1.0);
      M.add(to, p.charge_row[q], -1.0);
      return;
    }
    const DualFlow<double> flow = device_[k].flow(seed<double>(Port<double, Shape>{}));
    for (std::size_t j = 0; j < P; ++j) {
      M.add(from, p.row[j], device_[k].m * flow.charge[q].slope[j]);
      M.add(to, p.row[j], -device_[k].m * flow.charge[q].slope[j]);
    }
  }

  /// dq/dt of a charge: its own state's slope, or capacitance times the slopes of the voltages.
  template <Scalar S>
  S charge_current(std::size_t k, std::size_t q, const DualFlow<S>& flow, const Block<S>& slope, Index sample) const {
    const Place_& p = place_[k];
    if (p.charge_row[q] == absent) return S{};
    if (p.charge_row[q] >= 0) return slope(p.charge_row[q], sample);
    S current{};
    for (std::size_t j = 0; j < L; ++j) current += device_[k].m * flow.charge[q].slope[j] * slope(p.row[j], sample);
    return current;
  }

  /// All currents into the ports, displacement currents included; slopes are only asked for where there is a charge.
  template <Scalar S>
  std::array<S, P> port_currents(std::size_t k, const Solution<S>& solution, Index sample) const {
    const DualFlow<S> flow = device_[k].flow(seed<S>(gather<S>(place_[k], solution.x(), sample, solution.moment().t)));
    std::array<S, P> current;
    for (std::size_t i = 0; i < P; ++i) current[i] = device_[k].m * flow.current[i].value;
    for (std::size_t q = 0; q < Q; ++q) {
      if (place_[k].charge_row[q] == absent) continue;
      const S dq = charge_current<S>(k, q, flow, solution.slope(), sample);
      current[static_cast<std::size_t>(description_.charges[q].from)] += dq;
      current[static_cast<std::size_t>(description_.charges[q].to)] -= dq;
    }
    return current;
  }

  /// A terminal's current includes that of an internal port joined to it.
  template <Scalar S>
  S terminal_current(std::size_t k, std::size_t terminal, const std::array<S, P>& current) const {
    S total = current[terminal];
    for (std::size_t p = description_.terminals.size(); p < P; ++p)
      if (device_[k].joined(p) == static_cast<int>(terminal)) total += current[p];
    return total;
  }

  /// Quantities in the order of quantities(): i, p, i<terminal>..., states..., charges...
  template <Scalar S>
  S look(Index device, std::size_t quantity, const Solution<S>& solution, Index sample) const {
    const std::size_t k = index(device), terminals = description_.terminals.size();
    const Place_& p = place_[k];
    if (quantity >= 2 + terminals + N) return charge(k, quantity - 2 - terminals - N, solution.x(), sample);
    if (quantity >= 2 + terminals) return solution.x()(p.row[P + quantity - 2 - terminals], sample);
    const std::array<S, P> current = port_currents<S>(k, solution, sample);
    if (quantity != 1) return terminal_current<S>(k, quantity == 0 ? 0 : quantity - 2, current);
    S power{};
    for (std::size_t i = 0; i < P; ++i) power += current[i] * solution.x()(p.row[i], sample);
    return power;
  }

  template <Scalar S>
  S charge(std::size_t k, std::size_t q, const Block<S>& x, Index sample) const {
    if (place_[k].charge_row[q] == absent) return S{};
    return device_[k].m * device_[k].flow(gather<S>(place_[k], x, sample, 0.0)).charge[q];
  }

  const Kind& kind_;
  Description<D> description_;
  Environment environment_;
  std::vector<D> device_;
  std::vector<Place_> place_;
};

template <Device D>
Complex Bank<D>::observe_small(Index device, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const {
  const std::size_t k = index(device), terminals = description_.terminals.size();
  const Place_& p = place_[k];
  if (quantity >= 2 + terminals && quantity < 2 + terminals + N) return small.x()(p.row[P + quantity - 2 - terminals], 0);
  const DualFlow<double> flow = device_[k].flow(seed<double>(gather<double>(p, rest.x(), 0, rest.moment().t)));
  const auto contracted = [&](const Dual<double, static_cast<int>(L)>& y, const Block<Complex>& with) {
    Complex sum{};
    for (std::size_t j = 0; j < L; ++j) sum += y.slope[j] * with(p.row[j], 0);
    return device_[k].m * sum;
  };
  if (quantity >= 2 + terminals + N) return contracted(flow.charge[quantity - 2 - terminals - N], small.x());
  std::array<Complex, P> current;
  for (std::size_t i = 0; i < P; ++i) current[i] = contracted(flow.current[i], small.x());
  for (std::size_t q = 0; q < Q; ++q) {
    if (p.charge_row[q] == absent) continue;
    const Complex dq = contracted(flow.charge[q], small.slope());
    current[static_cast<std::size_t>(description_.charges[q].from)] += dq;
    current[static_cast<std::size_t>(description_.charges[q].to)] -= dq;
  }
  if (quantity != 1) return terminal_current<Complex>(k, quantity == 0 ? 0 : quantity - 2, current);
  Complex power{};  // first order: i0 dv + v0 di
  for (std::size_t i = 0; i < P; ++i)
    power += device_[k].m * flow.current[i].value * small.x()(p.row[i], 0) + rest.x()(p.row[i], 0) * current[i];
  return power;
}

/// The kind of a device that lives in a Bank: everything is in its description.
template <Device D>
class BankKind final : public Kind {
 public:
  explicit BankKind(std::string kind_name) {
    const Description<D> d = D::describe();
    name = std::move(kind_name);
    help = d.help;
    letter = d.letter;
    terminals = d.terminals;
    model_types = d.model_types;
    levels = d.levels;
    branches = d.branches;
    principal = d.principal;
    for (const auto& f : d.fields) fields.push_back(f.field);
    holomorphy = d.holomorphy;
    for (const auto& state : d.states)
      if (state.unit == std::string("A")) stage = 0;
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    return std::make_unique<Bank<D>>(*this, instances, rows, environment);
  }
};

/// The registration every banked device ends with.
template <Device D>
struct RegisteredDevice {
  explicit RegisteredDevice(const std::string& name) { Registry<Kind>::add(name, std::make_unique<BankKind<D>>(name)); }
};

}  // namespace settle
