// Behavioural voltage source: v(p,n) = expression; its current is an algebraic state.
#include "devices/behavioural.hpp"

namespace settle {
namespace {

class BehaviouralVoltages final : public Behavioural<BehaviouralVoltages> {
 public:
  BehaviouralVoltages(const Kind& kind, std::span<const Instance> instances, Rows& rows, const Environment& environment)
      : Behavioural(kind, instances, environment) {
    for (Index k = 0; k < count(); ++k) {
      row_.push_back(rows.add({name(k) + "#current", "A", rows.tolerances().current, false, false}));
      rows.publish_current(name(k), {row_.back(), this, k});
      own(k, row_.back());
    }
  }

  template <Scalar S>
  void rate(const Block<S>& x, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k)
      for (Index s = 0; s < x.cols(); ++s) {
        const S i = x(row(k), s);
        f(plus(k), s) -= i;
        f(minus(k), s) += i;
        f(row(k), s) += across(k, x, s) - bound().value(k, x, now, s);
      }
  }
  template <Scalar S>
  void jacobian(const Block<S>& x, const Moment& now, Stamps<S>& J) const {
    for (Index k = 0; k < count(); ++k) {
      J.add(plus(k), row(k), S(-1.0));
      J.add(minus(k), row(k), S(1.0));
      J.add(row(k), plus(k), S(1.0));
      J.add(row(k), minus(k), S(-1.0));
      bound().add_slopes(k, row(k), -1.0, x, now, J);
    }
  }
  template <Scalar S>
  void time_slope(const Block<S>& x, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k)
      for (Index s = 0; s < x.cols(); ++s) f(row(k), s) -= bound().time_slope(k, x, now, s);
  }

  template <Scalar S>
  S current(Index k, const Solution<S>& at, Index sample) const {
    require_defined(k, bound().value(k, at.x(), at.moment(), sample), at, sample);
    return at.x()(row(k), sample);
  }
  Complex small_current(Index k, const Solution<double>&, const Solution<Complex>& small) const { return small.x()(row(k), 0); }

 private:
  Index row(Index k) const { return row_[static_cast<std::size_t>(k)]; }
  std::vector<Index> row_;
};

class BehaviouralVoltageKind final : public BehaviouralKind {
 public:
  BehaviouralVoltageKind()
      : BehaviouralKind("behavioural_voltage", "voltage source whose voltage is an expression", Branch::Tie::voltage, false) {
    letter = 'b';
    stage = 2;
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    return std::make_unique<BehaviouralVoltages>(*this, instances, rows, environment);
  }
};

const Registered<Kind, BehaviouralVoltageKind> registered("behavioural_voltage");

}  // namespace
}  // namespace settle
