// Behavioural current source: i = expression, from p through the device to n.
#include "devices/behavioural.hpp"

namespace settle {
namespace {

class BehaviouralCurrents final : public Behavioural<BehaviouralCurrents> {
 public:
  BehaviouralCurrents(const Kind& kind, std::span<const Instance> instances, const Environment& environment)
      : Behavioural(kind, instances, environment) {}

  template <Scalar S>
  void rate(const Block<S>& x, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k)
      for (Index s = 0; s < x.cols(); ++s) add(k, bound().value(k, x, now, s), f, s);
  }
  template <Scalar S>
  void jacobian(const Block<S>& x, const Moment& now, Stamps<S>& J) const {
    for (Index k = 0; k < count(); ++k) {
      bound().add_slopes(k, plus(k), -1.0, x, now, J);
      bound().add_slopes(k, minus(k), 1.0, x, now, J);
    }
  }
  template <Scalar S>
  void time_slope(const Block<S>& x, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k)
      for (Index s = 0; s < x.cols(); ++s) add(k, bound().time_slope(k, x, now, s), f, s);
  }

  template <Scalar S>
  S current(Index k, const Solution<S>& at, Index sample) const {
    const S i = bound().value(k, at.x(), at.moment(), sample);
    require_defined(k, i, at, sample);
    return i;
  }
  Complex small_current(Index k, const Solution<double>& rest, const Solution<Complex>& small) const {
    return bound().small(k, rest.x(), rest.moment(), small.x());
  }

 private:
  template <Scalar S>
  void add(Index k, const S& i, Block<S>& f, Index sample) const {
    f(plus(k), sample) -= i;
    f(minus(k), sample) += i;
  }
};

class BehaviouralCurrentKind final : public BehaviouralKind {
 public:
  BehaviouralCurrentKind()
      : BehaviouralKind("behavioural_current", "current source whose current is an expression", Branch::Tie::current, true) {
    letter = 'b';
    stage = 3;
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows&, const Environment& environment) const override {
    return std::make_unique<BehaviouralCurrents>(*this, instances, environment);
  }
};

const Registered<Kind, BehaviouralCurrentKind> registered("behavioural_current");

}  // namespace
}  // namespace settle
