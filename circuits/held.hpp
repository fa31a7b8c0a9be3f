// Held: a system in which some unknowns are held at given values: nodes of `.ic` and `.nodeset`, and memory states, at an operating point.
#pragma once

#include <vector>

#include "sim/wrapped.hpp"

namespace settle {

/// Unknowns with the values they are held at; the first value given to an unknown counts.
class Holds {
 public:
  explicit Holds(Index size) : held_(static_cast<std::size_t>(size), 0) {}

  void hold(Index unknown, double value) {
    char& held = held_[static_cast<std::size_t>(unknown)];
    if (held) return;
    held = 1;
    unknown_.push_back(unknown);
    value_.push_back(value);
  }
  void hold(const Holds& others) { others.each([this](Index k, double value) { hold(k, value); }); }
  bool empty() const { return unknown_.empty(); }
  bool has(Index unknown) const { return held_[static_cast<std::size_t>(unknown)] != 0; }

  /// `act(unknown, value)` for all of them.
  template <class Act>
  void each(const Act& act) const {
    for (std::size_t k = 0; k < unknown_.size(); ++k) act(unknown_[k], value_[k]);
  }

 private:
  std::vector<char> held_;
  std::vector<Index> unknown_;
  std::vector<double> value_;
};

/// The held unknowns' rows become 0 = value - x, without mass: they stay where they are held while the others move.
template <Scalar S>
class Held final : public Wrapped<S> {
 public:
  Held(const LimitedSystem<S>& system, const Holds& holds) : Wrapped<S>(system), holds_(holds), mass_(system.mass()) {
    const Pattern& p = system.pattern();
    for (Index j = 0; j < p.size; ++j)
      for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) {
        const Index i = p.row[static_cast<std::size_t>(k)];
        if (!holds_.has(i)) continue;
        entry_.push_back({k, i == j ? -1.0 : 0.0});
        mass_[k] = 0.0;
      }
  }

  const Vector<double>& mass() const override { return mass_; }
  void rate(const Block<S>& x, double t, Block<S>& f) const override {
    this->system_.rate(x, t, f);
    holds_.each([&](Index k, double value) { f.row(k) = S(value) - x.row(k).array(); });
  }
  void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const override {
    this->system_.jacobian(x, t, sample, J);
    hold_rows(J);
  }
  void time_slope(const Block<S>& x, double t, Block<S>& ft) const override {
    this->system_.time_slope(x, t, ft);
    holds_.each([&](Index k, double) { ft.row(k).setZero(); });
  }
  bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const override {
    const bool any = this->system_.limited(x, t, sample, ease, memory, f, J);
    holds_.each([&](Index k, double value) { f[k] = S(value) - x(k, sample); });
    hold_rows(J);
    return any;
  }

 private:
  struct Entry {
    int place;     // in the pattern
    double value;
  };
  void hold_rows(Vector<S>& J) const {
    for (const Entry& entry : entry_) J[entry.place] = S(entry.value);
  }

  Holds holds_;
  Vector<double> mass_;
  std::vector<Entry> entry_;  // of held rows
};

}  // namespace settle
