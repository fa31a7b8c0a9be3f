// Voltage source: v+ - v- = V(t). It drives one of its nodes outright, or carries its current as a state with the row 0 = v+ - v- - V(t).
#include "devices/independent.hpp"
#include "devices/two_terminal.hpp"

namespace settle {
namespace {

class VoltageSources final : public TwoTerminal<VoltageSources> {
 public:
  VoltageSources(const Kind& kind, std::span<const Instance> instances, Rows& rows, const Environment& environment)
      : TwoTerminal(kind, instances, environment), source_(instances.begin(), instances.end()), hanging_(instances.size()) {
    for (Index k = 0; k < count(); ++k) {
      dc_.push_back(value(k, "dc"));
      row_.push_back(drives);
      driven_.push_back(instances[index(k)].driven);
      if (driven_.back() >= 0) continue;
      row_.back() = rows.add({name(k) + "#current", "A", rows.tolerances().current, false, false});
      rows.publish_current(name(k), {row_.back(), this, k});
      own(k, row_.back());
    }
    find_hanging();
  }
  bool linear() const override { return true; }

  template <Scalar S>
  void rate(const Block<S>& x, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k) {
      const Index i = row_[index(k)];
      if (i == drives) continue;
      f.row(plus(k)) -= x.row(i);
      f.row(minus(k)) += x.row(i);
      f.row(i).array() += x.row(plus(k)).array() - x.row(minus(k)).array() - S(volts(k, now));
    }
  }
  template <Scalar S>
  void jacobian(const Block<S>&, const Moment&, Stamps<S>& J) const {
    for (Index k = 0; k < count(); ++k) {
      const Index i = row_[index(k)];
      if (i == drives) continue;
      J.add(plus(k), i, S(-1.0));
      J.add(minus(k), i, S(1.0));
      J.add(i, plus(k), S(1.0));
      J.add(i, minus(k), S(-1.0));
    }
  }
  template <Scalar S>
  void time_slope(const Block<S>&, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k)
      if (row_[index(k)] != drives) f.row(row_[index(k)]).array() -= S(source_[index(k)].slope(now));
  }

  void drive(const Moment& now, int order, Block<double>& fixed) const override {
    for (Index k = 0; k < count(); ++k)
      if (row_[index(k)] == drives) fixed.row(node(k)) = fixed.row(base(k)).array() + sign(k) * (order == 0 ? volts(k, now) : source_[index(k)].slope(now));
  }
  void add_small_signal(Block<Complex>& fixed, Block<Complex>& rates) const override {
    for (Index k = 0; k < count(); ++k) {
      const Complex v = source_[index(k)].amplitude();
      if (row_[index(k)] == drives)
        fixed.row(node(k)) = fixed.row(base(k)).array() + sign(k) * v;
      else
        rates.row(row_[index(k)]).array() -= v;
    }
  }
  double next_breakpoint(double t) const override { return settle::next_breakpoint(source_, t); }
  double shortest_period() const override { return settle::shortest_period(source_); }

  /// Of a driving source: what arrives at its node, from devices and from the sources that stand on it.
  template <Scalar S>
  S current(Index k, const Solution<S>& at, Index sample) const {
    if (row_[index(k)] != drives) return at.x()(row_[index(k)], sample);
    S arriving = at.balance()(node(k), sample);
    for (Index above : hanging_[index(k)]) arriving += sign(above) * current<S>(above, at, sample);
    return sign(k) * arriving;
  }
  Complex small_current(Index k, const Solution<double>&, const Solution<Complex>& small) const { return current<Complex>(k, small, 0); }

 private:
  static constexpr Index drives = -1;
  static std::size_t index(Index k) { return static_cast<std::size_t>(k); }
  Index node(Index k) const { return driven_[index(k)] == 0 ? plus(k) : minus(k); }  // the driven one
  Index base(Index k) const { return driven_[index(k)] == 0 ? minus(k) : plus(k); }
  double sign(Index k) const { return driven_[index(k)] == 0 ? 1.0 : -1.0; }
  double volts(Index k, const Moment& now) const { return source_[index(k)].value(dc_[index(k)], now); }
  void derive(Index k) override { dc_[index(k)] = value(k, "dc"); }

  void find_hanging() {
    std::map<Index, Index> driver;  // of a node
    for (Index k = 0; k < count(); ++k)
      if (row_[index(k)] == drives) driver[node(k)] = k;
    for (Index k = 0; k < count(); ++k) {
      if (row_[index(k)] != drives) continue;
      const auto below = driver.find(base(k));
      if (below != driver.end()) hanging_[index(below->second)].push_back(k);
    }
  }

  std::vector<Independent> source_;
  std::vector<double> dc_;
  std::vector<Index> row_;                    // of the current, or `drives`
  std::vector<int> driven_;                   // terminal of the driven node
  std::vector<std::vector<Index>> hanging_;   // driving sources that stand on the node this one drives
};

class VoltageKind final : public Kind {
 public:
  VoltageKind() {
    name = "voltage";
    help = "independent voltage source; its current flows from p through the source to n";
    letter = 'v';
    terminals = {"p", "n"};
    branches = {{Branch::Tie::voltage, 0, 1}};
    principal = "dc";
    fields = {{"dc", "V", "value at rest; by default the waveform's at time 0"}};
    drives = true;
    stage = 0;
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    return std::make_unique<VoltageSources>(*this, instances, rows, environment);
  }
};

const Registered<Kind, VoltageKind> registered("voltage");

}  // namespace
}  // namespace settle
