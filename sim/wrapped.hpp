// Wrapped: a system that is another one but for what a derived class changes.
#pragma once

#include "sim/system.hpp"

namespace settle {

/// The system inside must outlive this one.
template <Scalar S>
class Wrapped : public LimitedSystem<S> {
 public:
  explicit Wrapped(const LimitedSystem<S>& system) : system_(system) {}

  Index size() const override { return system_.size(); }
  Index samples() const override { return system_.samples(); }
  const Pattern& pattern() const override { return system_.pattern(); }
  const Vector<double>& mass() const override { return system_.mass(); }
  bool linear() const override { return system_.linear(); }
  std::string name(Index unknown) const override { return system_.name(unknown); }
  double tolerance(Index unknown) const override { return system_.tolerance(unknown); }
  bool in_error(Index unknown) const override { return system_.in_error(unknown); }
  void rate(const Block<S>& x, double t, Block<S>& f) const override { system_.rate(x, t, f); }
  void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const override { system_.jacobian(x, t, sample, J); }
  void time_slope(const Block<S>& x, double t, Block<S>& ft) const override { system_.time_slope(x, t, ft); }
  bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const override {
    return system_.limited(x, t, sample, ease, memory, f, J);
  }

 protected:
  const LimitedSystem<S>& system_;
};

}  // namespace settle
