// Bank: devices of one type scattered over a circuit. The loop over devices, the Jacobian from duals, charges and probes: written once.
#pragma once

#include <algorithm>
#include <limits>

#include "devices/device.hpp"
#include "sim/error.hpp"

namespace settle {

/// A device with the values given, not prepared yet.
template <Device D>
D made_device(const Kind& kind, const Description<D>& description, const Values& values, const std::string& model_type);

template <Device D>
class Bank final : public Element {
 public:
  using Shape = typename D::Shape;
  static constexpr std::size_t P = Shape::ports, N = Shape::states, Q = Shape::charges, K = Shape::controls;
  static constexpr std::size_t R = P + N;      // rows of its own
  static constexpr std::size_t L = P + N + K;  // unknowns it looks at: ports, states, controls

  Bank(const Kind& kind, std::span<const Instance> instances, Rows& rows, const Environment& environment)
      : kind_(kind), description_(D::describe()), environment_(environment) {
    for (const Instance& instance : instances) add(instance, rows);
  }
  Bank(const Kind& kind, const Crossings& crossings, Rows& rows, const Environment& environment);

  const Kind& kind() const override { return kind_; }
  Index count() const override { return static_cast<Index>(device_.size()); }
  std::string name(Index k) const override { return label_.empty() ? lattice_.name(k) : label_[index(k)].name; }
  Index find(std::string_view name) const override { return label_.empty() ? lattice_.find(name) : -1; }
  Location where(Index k) const override { return label_.empty() ? where_ : label_[index(k)].where; }
  std::vector<Index> rows(Index k) const override {
    const Place& p = place_[index(k)];
    std::vector<Index> all(p.row.begin(), p.row.end());
    for (Index q : p.charge)
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
      for (std::size_t n = 0; n < N; ++n)
        if (!description_.states[n].algebraic) M.add(place_[k].row[P + n], place_[k].row[P + n], device_[k].mass(n));
      for (std::size_t q = 0; q < Q; ++q) add_charge_mass(k, q, M);
    }
  }
  void put_initial(Block<double>& x) const override {
    for (std::size_t n = 0; n < N; ++n)
      if (description_.states[n].memory)
        for (std::size_t k = 0; k < device_.size(); ++k) x.row(place_[k].row[P + n]).setConstant(device_[k].initial(n));
  }
  void add_noise(const Block<double>& x, const Moment& now, const Environment& environment, std::vector<NoiseSource>& sources) const override;
  double mass(Index k) const override { return N > 0 && !description_.states[0].algebraic ? device_[index(k)].mass(0) : 0.0; }

  Index memory() const override { return D::limits ? count() * static_cast<Index>(P) : 0; }
  bool add_limited(const Block<double>& x, const Moment& now, double* memory, Block<double>& f, Stamps<double>& J) const override {
    return limited(x, now, memory, f, J);
  }
  bool add_limited(const Block<Complex>& x, const Moment& now, Complex* memory, Block<Complex>& f, Stamps<Complex>& J) const override {
    return limited(x, now, memory, f, J);
  }

  bool add_pullback(std::size_t field, const Block<double>& x, const Moment& now, const Block<double>& lambda, double* gradient) const override {
    return pullback(field, x, now, lambda, gradient);
  }
  bool add_pullback(std::size_t field, const Block<Complex>& x, const Moment& now, const Block<Complex>& lambda, Complex* gradient) const override {
    return pullback(field, x, now, lambda, gradient);
  }

  std::vector<Quantity> quantities(Index) const override;
  double observe(Index k, std::size_t quantity, const Solution<double>& at, Index sample) const override { return look(k, quantity, at, sample); }
  Complex observe(Index k, std::size_t quantity, const Solution<Complex>& at, Index sample) const override { return look(k, quantity, at, sample); }
  Complex observe_small(Index k, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const override;

  double field(Index k, std::size_t field) const override { return device_[index(k)].*description_.fields[field].member; }
  void set_field(Index k, std::size_t field, double value) override;
  void prepare(const Environment& environment) override {
    environment_ = environment;
    for (D& device : device_) device.prepare(environment);
  }

 private:
  /// A charge is a state of its own (row >= 0), a constant capacitance in M (direct), or absent.
  static constexpr Index absent = -1, direct = -2;
  struct Place {
    std::array<Index, L> row;
    std::array<Index, Q> charge;
  };
  struct Label {
    std::string name;
    Location where;
  };
  /// Rows other than its own that a port's current goes to, and times what.
  struct Delivery {
    std::array<Index, P> row;
    std::array<double, P> gain;
  };
  template <Scalar S>
  using Number = Dual<S, static_cast<int>(L)>;

  /// True for a device that adds nothing to rates: all of it is in M.
  static bool silent(const Place& p) {
    return !D::conducts && N == 0 && std::all_of(p.charge.begin(), p.charge.end(), [](Index q) { return q < 0; });
  }
  static std::size_t index(Index k) { return static_cast<std::size_t>(k); }

  void add(const Instance& instance, Rows& rows);
  void add_delivery(const Crossings& crossings);
  void add_states(const D& device, const Instance& instance, Place& place, Rows& rows);
  Row state_row(const D& device, std::string name, std::size_t state, const RowTolerances& standard) const;
  void require_no_fault(const D& device, const std::string& name) const;
  Index charge_row(const D& device, const std::string& name, const Place& place, std::size_t q, Rows& rows) const;
  template <Scalar S>
  void require_holomorphic() const;

  /// The row a port's current goes to, and times what.
  Index into(std::size_t k, std::size_t port) const { return delivery_.empty() ? place_[k].row[port] : delivery_[k].row[port]; }
  double gain(std::size_t k, std::size_t port) const { return delivery_.empty() ? 1.0 : delivery_[k].gain[port]; }

  template <class T, class S>
  Port<T, Shape> gather(const Place& p, const Block<S>& x, Index sample, double t) const {
    Port<T, Shape> port;
    for (std::size_t k = 0; k < P; ++k) port.v[k] = T(x(p.row[k], sample));
    for (std::size_t n = 0; n < N; ++n) port.state[n] = T(x(p.row[P + n], sample));
    for (std::size_t c = 0; c < K; ++c) port.control[c] = T(x(p.row[R + c], sample));
    port.t = t;
    return port;
  }

  /// The port with every local unknown an independent variable.
  template <Scalar S>
  static Port<Number<S>, Shape> seed(const Port<S, Shape>& at) {
    Port<Number<S>, Shape> port;
    for (std::size_t k = 0; k < P; ++k) port.v[k] = Number<S>::variable(at.v[k], static_cast<int>(k));
    for (std::size_t n = 0; n < N; ++n) port.state[n] = Number<S>::variable(at.state[n], static_cast<int>(P + n));
    for (std::size_t c = 0; c < K; ++c) port.control[c] = Number<S>::variable(at.control[c], static_cast<int>(R + c));
    port.t = at.t;
    return port;
  }
  template <Scalar S>
  Flow<Number<S>, Shape> slopes(std::size_t k, const Block<S>& x, Index sample, double t) const {
    return device_[k].flow(seed<S>(gather<S>(place_[k], x, sample, t)));
  }

  template <Scalar S>
  void rate(const Block<S>& x, const Moment& now, Block<S>& f) const;
  template <Scalar S>
  void jacobian(const Block<S>& x, const Moment& now, Stamps<S>& J) const;
  template <Scalar S>
  void stamp(std::size_t k, const Flow<Number<S>, Shape>& flow, Stamps<S>& J) const;
  template <Scalar S>
  bool limited(const Block<S>& x, const Moment& now, S* memory, Block<S>& f, Stamps<S>& J) const;
  template <Scalar S>
  static bool limit(const D& device, std::array<S, P>& v, S* memory);
  void add_charge_mass(std::size_t k, std::size_t q, Stamps<double>& M) const;
  template <Scalar S>
  bool pullback(std::size_t field, const Block<S>& x, const Moment& now, const Block<S>& lambda, S* gradient) const;
  template <Scalar S>
  S paired(std::size_t k, const D& device, const Block<S>& x, Index sample, double t, const Block<S>& lambda) const;

  template <Scalar S>
  S look(Index device, std::size_t quantity, const Solution<S>& solution, Index sample) const;
  template <Scalar S>
  std::array<S, P> port_currents(std::size_t k, const Solution<S>& solution, Index sample) const;
  template <Scalar S>
  S terminal_current(std::size_t k, std::size_t terminal, const std::array<S, P>& current) const;

  const Kind& kind_;
  Description<D> description_;
  Environment environment_;
  std::vector<D> device_;
  std::vector<Place> place_;
  std::vector<Delivery> delivery_;  // empty: currents go to the ports' own rows
  std::vector<Label> label_;        // empty: named by the rule
  Lattice lattice_;
  Location where_;
};

/// The kind of a device that lives in a Bank: everything is in its description.
template <Device D>
class BankKind final : public Kind {
 public:
  explicit BankKind(std::string kind_name) : description_(D::describe()) {
    const Description<D>& d = description_;
    name = std::move(kind_name);
    help = d.help;
    letter = d.letter;
    terminals = d.terminals;
    model_types = d.model_types;
    levels = d.levels;
    branches = d.branches;
    principal = d.principal;
    weight = d.weight;
    written = d.written;
    for (const auto& f : d.fields) fields.push_back(f.field);
    holomorphy = d.holomorphy;
    held = d.held;
    pieces = d.pieces;
    references = D::Shape::controls;
    const bool publishes = !d.states.empty() && d.states[0].unit == std::string("A");
    stage = references == 0 ? (publishes ? 0 : 1) : (publishes ? 2 : 3);
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    return std::make_unique<Bank<D>>(*this, instances, rows, environment);
  }
  std::unique_ptr<Element> make(const Crossings& crossings, Rows& rows, const Environment& environment) const override {
    if constexpr (D::Shape::controls > 0) return nullptr;
    return std::make_unique<Bank<D>>(*this, crossings, rows, environment);
  }
  double conductance_of(const Values& values, const Environment& environment) const override;
  double weight_for(const Values& values, double conductance, const Environment& environment) const override;
  std::array<double, 2> weight_range(const Values& values, const Environment& environment) const override;
  std::string fault(const Values& values) const override {
    constexpr bool none = std::same_as<decltype(&D::fault), decltype(&DeviceBase::fault)>;  // most devices cannot contradict themselves
    return none ? std::string() : prepared(values, {}).fault();
  }
  Holomorphy while_held(const Values& values) const override {
    const Holomorphy described = held.value_or(holomorphy);
    return described == Holomorphy::piecewise && prepared(values, {}).seamless() ? Holomorphy::everywhere : described;
  }
  Formula formula(const Values& values, const std::string& type, const Environment& environment) const override {
    return prepared(values, environment, type).formula();
  }

 private:
  D prepared(const Values& values, const Environment& environment, const std::string& type = "") const {
    D device = made_device(*this, description_, values, type);
    device.prepare(environment);
    return device;
  }

  Description<D> description_;
};

/// The registration every banked device ends with.
template <Device D>
struct RegisteredDevice {
  explicit RegisteredDevice(const std::string& name) { Registry<Kind>::add(name, std::make_unique<BankKind<D>>(name)); }
};

}  // namespace settle

#include "devices/bank_build.hpp"
#include "devices/bank_equations.hpp"
#include "devices/bank_noise.hpp"
#include "devices/bank_probes.hpp"
#include "devices/bank_pullback.hpp"
#include "devices/bank_weight.hpp"
