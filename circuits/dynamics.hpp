// Dynamics: a driven circuit as a system M dx/dt = f(x, t), for real or complex voltages and any number of samples.
#pragma once

#include "circuits/circuit.hpp"
#include "sim/system.hpp"

namespace settle {


/// One thread at a time: evaluations share scratch memory.
template <Scalar S>
class Dynamics final : public LimitedSystem<S> {
 public:
  Dynamics(const Circuit& circuit, Index samples, bool transient);

  Index size() const override { return circuit_.rows().unknowns(); }
  Index samples() const override { return samples_; }
  const Pattern& pattern() const override { return circuit_.pattern(); }
  const Vector<double>& mass() const override { return mass_; }
  void rate(const Block<S>& x, double t, Block<S>& f) const override;
  void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const override;
  void time_slope(const Block<S>& x, double t, Block<S>& ft) const override;
  bool linear() const override { return circuit_.linear(); }
  std::string name(Index unknown) const override { return circuit_.rows()[circuit_.rows().fixed_count() + unknown].describe(); }
  double tolerance(Index unknown) const override { return row(unknown).tolerance; }
  bool in_error(Index unknown) const override { return row(unknown).in_error; }
  bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const override;

  const Circuit& circuit() const { return circuit_; }
  Modes& modes() { return modes_; }
  Moment moment(double t, Index sample = 0) const;

  /// All rows: the driven ones at time t, then `x`.
  Block<S> extended(const Block<S>& x, const Moment& now) const;
  /// Time derivatives of the driven rows (the first ones), as many columns as samples.
  Block<double> drive_slope(const Moment& now) const;
  /// df/dx over pattern and border, of one sample.
  Vector<S> full_jacobian(const Block<S>& all, const Moment& now) const;

 private:
  const Row& row(Index unknown) const { return circuit_.rows().kind_of(circuit_.rows().fixed_count() + unknown); }
  void extend(const Eigen::Ref<const Block<S>>& x, const Moment& now, Block<S>& all) const;
  void keep_unknowns(const Block<S>& all, Block<S>& f) const;
  void fill_jacobian(const Block<S>& all, const Moment& now) const;
  const Vector<S>& border(const Block<S>& x, double t, Index sample) const;

  /// Where the border of df/dx was last taken: a step asks for df/dx and for df/dt at the same point.
  struct BorderAt {
    double t = 0.0;
    Vector<S> x, values;
  };

  const Circuit& circuit_;
  Index samples_;
  bool transient_;
  Modes modes_;
  Vector<double> mass_;
  Vector<S> linear_part_;  // df/dx of the linear elements, once
  mutable Block<S> all_, rates_;  // kept between calls: a small circuit would spend its time allocating
  mutable Block<double> driven_;
  mutable Vector<S> values_;
  mutable std::vector<BorderAt> border_at_;
};

extern template class Dynamics<double>;
extern template class Dynamics<Complex>;

}  // namespace settle
