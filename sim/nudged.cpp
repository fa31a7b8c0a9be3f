// Rates and derivatives of a nudged system; its pattern is wider by the places where g depends on x.
#include "sim/nudged.hpp"

namespace settle {

namespace {

template <Scalar S>
void gather(const NudgeTerm& term, const Block<S>& x, const Given* given, Index sample, std::vector<S>& inputs) {
  const auto value = [&](Index which) {
    if (which >= 0) return x(which, sample);
    return which == NudgeTerm::zero ? S(0.0) : S((*given)(NudgeTerm::given(which), sample));  // given() is its own inverse
  };
  inputs.resize(term.plus.size());
  for (std::size_t k = 0; k < term.plus.size(); ++k) inputs[k] = value(term.plus[k]) - value(term.minus[k]);
}

}  // namespace

template <Scalar S>
S value_of(const NudgeTerm& term, const Block<S>& x, const Given& given, Index sample) {
  std::vector<S> inputs;
  gather(term, x, &given, sample, inputs);
  return term.g.template eval<S>(inputs);
}

template <Scalar S>
void add_slopes_of(const NudgeTerm& term, const Block<S>& x, const Given& given, Index sample, Vector<S>& slopes) {
  std::vector<S> inputs, derivatives(term.plus.size());
  gather(term, x, &given, sample, inputs);
  term.g.template gradient<S>(inputs, derivatives);
  for (std::size_t k = 0; k < derivatives.size(); ++k) {
    if (term.plus[k] >= 0) slopes[term.plus[k]] += derivatives[k];
    if (term.minus[k] >= 0) slopes[term.minus[k]] -= derivatives[k];
  }
}

template <Scalar S>
Nudged<S>::Nudged(const LimitedSystem<S>& system, std::vector<NudgeTerm> terms, Strength<S> strength, const Given* given)
    : Wrapped<S>(system), terms_(std::move(terms)), strength_(std::move(strength)), given_(given) {
  widen_pattern();
}

template <Scalar S>
void Nudged<S>::widen_pattern() {
  std::vector<Widened::Place> places;
  for (const NudgeTerm& term : terms_)
    for (const std::vector<Index>* side : {&term.plus, &term.minus})
      for (const Index unknown : *side)
        if (unknown >= 0) places.emplace_back(term.row, unknown);
  wide_ = Widened(this->system_.pattern(), this->system_.mass(), places);
  const auto entry = [&](Index row, Index column) { return column < 0 ? -1 : wide_.entry(row, column); };
  for (const NudgeTerm& term : terms_) {
    Slots slots;
    for (std::size_t k = 0; k < term.plus.size(); ++k) slots.plus.push_back(entry(term.row, term.plus[k])), slots.minus.push_back(entry(term.row, term.minus[k]));
    slots_.push_back(std::move(slots));
  }
}

template <Scalar S>
const std::vector<S>& Nudged<S>::inputs(const NudgeTerm& term, const Block<S>& x, Index sample) const {
  gather(term, x, given_, sample, inputs_);
  return inputs_;
}

template <Scalar S>
Vector<S> Nudged<S>::currents(const Block<S>& x, Index sample) const {
  Vector<S> g(static_cast<Index>(terms_.size()));
  for (std::size_t k = 0; k < terms_.size(); ++k) g[static_cast<Index>(k)] = terms_[k].g.template eval<S>(inputs(terms_[k], x, sample));
  return g;
}

template <Scalar S>
void Nudged<S>::rate(const Block<S>& x, double t, Block<S>& f) const {
  this->system_.rate(x, t, f);
  for (const NudgeTerm& term : terms_)
    for (Index s = 0; s < x.cols(); ++s) f(term.row, s) -= strength_.at(t, s) * term.g.template eval<S>(inputs(term, x, s));
}

template <Scalar S>
void Nudged<S>::time_slope(const Block<S>& x, double t, Block<S>& ft) const {
  this->system_.time_slope(x, t, ft);
  const S slope = strength_.slope(t);
  if (slope == S(0.0)) return;
  for (const NudgeTerm& term : terms_)
    for (Index s = 0; s < x.cols(); ++s) ft(term.row, s) -= slope * term.g.template eval<S>(inputs(term, x, s));
}

template <Scalar S>
void Nudged<S>::add_slopes(const Block<S>& x, double t, Index sample, double scale, Vector<S>& J) const {
  const S beta = scale * strength_.at(t, sample);
  for (std::size_t k = 0; k < terms_.size(); ++k) {
    slopes_.resize(terms_[k].plus.size());
    terms_[k].g.template gradient<S>(inputs(terms_[k], x, sample), slopes_);
    for (std::size_t j = 0; j < slopes_.size(); ++j) {
      if (slots_[k].plus[j] >= 0) J[slots_[k].plus[j]] -= beta * slopes_[j];
      if (slots_[k].minus[j] >= 0) J[slots_[k].minus[j]] += beta * slopes_[j];
    }
  }
}

template <Scalar S>
void Nudged<S>::jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const {
  this->system_.jacobian(x, t, sample, inner_);
  wide_.spread(inner_, J);
  add_slopes(x, t, sample, 1.0, J);
}

/// The nudge is eased with the sources: it is one.
template <Scalar S>
bool Nudged<S>::limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const {
  Vector<S> inner;
  const bool any = this->system_.limited(x, t, sample, ease, memory, f, inner);
  wide_.spread(inner, J);
  for (const NudgeTerm& term : terms_) f[term.row] -= ease.sources * strength_.at(t, sample) * term.g.template eval<S>(inputs(term, x, sample));
  add_slopes(x, t, sample, ease.sources, J);
  return any;
}

template double value_of(const NudgeTerm&, const Block<double>&, const Given&, Index);
template Complex value_of(const NudgeTerm&, const Block<Complex>&, const Given&, Index);
template void add_slopes_of(const NudgeTerm&, const Block<double>&, const Given&, Index, Vector<double>&);
template void add_slopes_of(const NudgeTerm&, const Block<Complex>&, const Given&, Index, Vector<Complex>&);

template class Nudged<double>;
template class Nudged<Complex>;

}  // namespace settle
