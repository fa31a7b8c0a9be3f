// Held: a system in which some unknowns are held at given values (`.ic` and `.nodeset` during an operating point).
#pragma once

#include <map>

#include "sim/system.hpp"

namespace settle {

/// The held unknowns' rows become 0 = value - x.
template <Scalar S>
class Held final : public LimitedSystem<S> {
 public:
  Held(const LimitedSystem<S>& system, std::map<Index, double> values) : system_(system), values_(std::move(values)) {}

  Index size() const override { return system_.size(); }
  Index samples() const override { return system_.samples(); }
  const Pattern& pattern() const override { return system_.pattern(); }
  const Vector<double>& mass() const override { return system_.mass(); }
  bool linear() const override { return system_.linear(); }
  std::string name(Index unknown) const override { return system_.name(unknown); }
  double tolerance(Index unknown) const override { return system_.tolerance(unknown); }
  bool in_error(Index unknown) const override { return system_.in_error(unknown); }

  void rate(const Block<S>& x, double t, Block<S>& f) const override {
    system_.rate(x, t, f);
    for (const auto& [k, value] : values_) f.row(k) = S(value) - x.row(k).array();
  }
  void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const override {
    system_.jacobian(x, t, sample, J);
    hold_rows(J);
  }
  void time_slope(const Block<S>& x, double t, Block<S>& ft) const override {
    system_.time_slope(x, t, ft);
    for (const auto& [k, value] : values_) ft.row(k).setZero();
  }
  bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const override {
    const bool any = system_.limited(x, t, sample, ease, memory, f, J);
    for (const auto& [k, value] : values_) f[k] = S(value) - x(k, sample);
    hold_rows(J);
    return any;
  }

 private:
  void hold_rows(Vector<S>& J) const {
    const Pattern& p = system_.pattern();
    for (Index j = 0; j < p.size; ++j)
      for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) {
        const Index i = p.row[static_cast<std::size_t>(k)];
        if (values_.count(i)) J[k] = i == j ? S(-1.0) : S(0.0);
      }
  }

  const LimitedSystem<S>& system_;
  std::map<Index, double> values_;
};

}  // namespace settle
