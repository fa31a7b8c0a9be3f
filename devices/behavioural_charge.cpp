// Behavioural capacitor: q = expression is a state, i = dq/dt flows from p through the device to n; charge is conserved.
#include "devices/behavioural.hpp"

namespace settle {
namespace {

class BehaviouralCharges final : public Behavioural<BehaviouralCharges> {
 public:
  BehaviouralCharges(const Kind& kind, std::span<const Instance> instances, Rows& rows, const Environment& environment)
      : Behavioural(kind, instances, environment) {
    for (Index k = 0; k < count(); ++k) {
      row_.push_back(rows.add({name(k) + "#q", "C", rows.tolerances().charge, false, false}));
      own(k, row_.back());
    }
  }

  void add_mass(Stamps<double>& M) const override {
    for (Index k = 0; k < count(); ++k) {
      M.add(plus(k), row(k), 1.0);
      M.add(minus(k), row(k), -1.0);
    }
  }
  template <Scalar S>
  void rate(const Block<S>& x, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k)
      for (Index s = 0; s < x.cols(); ++s) f(row(k), s) += bound().value(k, x, now, s) - x(row(k), s);
  }
  template <Scalar S>
  void jacobian(const Block<S>& x, const Moment& now, Stamps<S>& J) const {
    for (Index k = 0; k < count(); ++k) {
      bound().add_slopes(k, row(k), 1.0, x, now, J);
      J.add(row(k), row(k), S(-1.0));
    }
  }
  template <Scalar S>
  void time_slope(const Block<S>& x, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k)
      for (Index s = 0; s < x.cols(); ++s) f(row(k), s) += bound().time_slope(k, x, now, s);
  }

  template <Scalar S>
  S current(Index k, const Solution<S>& at, Index sample) const {
    require_defined(k, bound().value(k, at.x(), at.moment(), sample), at, sample);
    return at.slope()(row(k), sample);
  }
  Complex small_current(Index k, const Solution<double>&, const Solution<Complex>& small) const { return small.slope()(row(k), 0); }

 private:
  Index row(Index k) const { return row_[static_cast<std::size_t>(k)]; }
  std::vector<Index> row_;
};

class BehaviouralChargeKind final : public BehaviouralKind {
 public:
  BehaviouralChargeKind() : BehaviouralKind("behavioural_charge", "capacitor whose charge is an expression", Branch::Tie::charge, true) {
    fields.push_back({"ic", "V", "initial voltage of a transient with uic"});
    stage = 3;
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    return std::make_unique<BehaviouralCharges>(*this, instances, rows, environment);
  }
};

const Registered<Kind, BehaviouralChargeKind> registered("behavioural_charge");

}  // namespace
}  // namespace settle
