// Nudged: a system pushed from outside, M x' = f(x, t) - beta(t) g(x), with beta and x real or complex.
#pragma once

#include <functional>
#include <vector>

#include "sim/expression.hpp"
#include "sim/signal.hpp"
#include "sim/widened.hpp"
#include "sim/wrapped.hpp"

namespace settle {

/// g of one row, an expression of differences of unknowns and of given values.
struct NudgeTerm {
  static constexpr Index zero = -1;
  /// An input that is no unknown: the k-th given value.
  static constexpr Index given(Index k) { return -2 - k; }

  Index row = 0;
  Expression g;
  std::vector<Index> plus, minus;  // unknowns, one pair per input; zero; or a given value
};

/// Given values by samples; a sample's targets.
using Given = Block<double>;

/// g at one sample of x.
template <Scalar S>
S value_of(const NudgeTerm& term, const Block<S>& x, const Given& given, Index sample);
/// Adds dg/dx at one sample of x.
template <Scalar S>
void add_slopes_of(const NudgeTerm& term, const Block<S>& x, const Given& given, Index sample, Vector<S>& slopes);

/// How strongly each sample is nudged at a time: by one signal, at a strength of its own, or as a function says.
template <Scalar S>
class Strength {
 public:
  using Function = std::function<S(double t, Index sample)>;

  Strength(const Signal& signal)  // NOLINT: a signal is a strength
      : value_([signal](double t, Index) { return part(signal.at(t)); }), slope_([signal](double t, Index) { return part(signal.slope(t)); }) {}
  Strength(const Vector<S>& of_samples) : Strength([of_samples](double, Index sample) { return of_samples[sample]; }) {}  // NOLINT
  /// Without a slope in time.
  explicit Strength(Function still) : value_(std::move(still)), slope_([](double, Index) { return S(0.0); }) {}

  S at(double t, Index sample) const { return value_(t, sample); }
  S slope(double t) const { return slope_(t, 0); }

 private:
  static S part(const Complex& beta) {
    if constexpr (std::same_as<S, double>) return beta.real();
    else return beta;
  }
  Function value_, slope_;
};

template <Scalar S>
class Nudged final : public Wrapped<S> {
 public:
  /// `given` belongs to the caller, who may change its numbers; null if no term asks for any.
  Nudged(const LimitedSystem<S>& system, std::vector<NudgeTerm> terms, Strength<S> strength, const Given* given = nullptr);

  const Pattern& pattern() const override { return wide_.pattern(); }
  const Vector<double>& mass() const override { return wide_.mass(); }
  bool linear() const override { return terms_.empty() && this->system_.linear(); }
  void rate(const Block<S>& x, double t, Block<S>& f) const override;
  void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const override;
  void time_slope(const Block<S>& x, double t, Block<S>& ft) const override;
  bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const override;

  /// g of every term, at one sample of x.
  Vector<S> currents(const Block<S>& x, Index sample) const;

 private:
  struct Slots {
    std::vector<int> plus, minus;  // entries of the pattern, one pair per input; -1: none
  };
  void widen_pattern();
  const std::vector<S>& inputs(const NudgeTerm& term, const Block<S>& x, Index sample) const;
  void add_slopes(const Block<S>& x, double t, Index sample, double scale, Vector<S>& J) const;

  std::vector<NudgeTerm> terms_;
  Strength<S> strength_;
  const Given* given_;
  Widened wide_;
  std::vector<Slots> slots_;  // per term
  mutable Vector<S> inner_;
  mutable std::vector<S> inputs_, slopes_;
};

extern template class Nudged<double>;
extern template class Nudged<Complex>;

}  // namespace settle
