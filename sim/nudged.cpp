// Rates and derivatives of a nudged system; its pattern is wider by the places where g depends on x.
#include "sim/nudged.hpp"

#include <algorithm>
#include <set>

namespace settle {

template <Scalar S>
Nudged<S>::Nudged(const LimitedSystem<S>& system, std::vector<NudgeTerm> terms, Strength<S> strength)
    : Wrapped<S>(system), terms_(std::move(terms)), strength_(std::move(strength)) {
  widen_pattern();
}

template <Scalar S>
void Nudged<S>::widen_pattern() {
  const Pattern& inner = this->system_.pattern();
  std::vector<std::set<int>> rows(static_cast<std::size_t>(inner.size));
  for (const NudgeTerm& term : terms_)
    for (const std::vector<Index>* side : {&term.plus, &term.minus})
      for (const Index unknown : *side)
        if (unknown >= 0) rows[static_cast<std::size_t>(unknown)].insert(static_cast<int>(term.row));
  pattern_.size = inner.size;
  pattern_.lines = inner.lines;
  place_.reserve(inner.row.size());
  for (std::size_t j = 0; j < rows.size(); ++j) {
    const auto begin = inner.row.begin() + inner.start[j], end = inner.row.begin() + inner.start[j + 1];
    rows[j].insert(begin, end);
    const auto first = static_cast<std::ptrdiff_t>(pattern_.row.size());
    pattern_.row.insert(pattern_.row.end(), rows[j].begin(), rows[j].end());
    pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
    for (auto row = begin; row != end; ++row)
      place_.push_back(static_cast<int>(std::lower_bound(pattern_.row.begin() + first, pattern_.row.end(), *row) - pattern_.row.begin()));
  }
  mass_ = Vector<double>::Zero(pattern_.entries());
  for (std::size_t k = 0; k < place_.size(); ++k) mass_[place_[k]] = this->system_.mass()[static_cast<Index>(k)];
  const auto entry = [&](Index row, Index column) {
    if (column < 0) return -1;
    const auto begin = pattern_.row.begin() + pattern_.start[static_cast<std::size_t>(column)];
    const auto end = pattern_.row.begin() + pattern_.start[static_cast<std::size_t>(column) + 1];
    return static_cast<int>(std::lower_bound(begin, end, static_cast<int>(row)) - pattern_.row.begin());
  };
  for (const NudgeTerm& term : terms_) {
    Slots slots;
    for (std::size_t k = 0; k < term.plus.size(); ++k) slots.plus.push_back(entry(term.row, term.plus[k])), slots.minus.push_back(entry(term.row, term.minus[k]));
    slots_.push_back(std::move(slots));
  }
}

template <Scalar S>
const std::vector<S>& Nudged<S>::inputs(const NudgeTerm& term, const Block<S>& x, Index sample) const {
  const auto value = [&](Index unknown) { return unknown < 0 ? S(0.0) : x(unknown, sample); };
  inputs_.resize(term.plus.size());
  for (std::size_t k = 0; k < term.plus.size(); ++k) inputs_[k] = value(term.plus[k]) - value(term.minus[k]);
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
void Nudged<S>::spread(const Vector<S>& inner, Vector<S>& J) const {
  J.setZero(pattern_.entries());
  for (std::size_t k = 0; k < place_.size(); ++k) J[place_[k]] = inner[static_cast<Index>(k)];
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
  spread(inner_, J);
  add_slopes(x, t, sample, 1.0, J);
}

/// The nudge is eased with the sources: it is one.
template <Scalar S>
bool Nudged<S>::limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const {
  Vector<S> inner;
  const bool any = this->system_.limited(x, t, sample, ease, memory, f, inner);
  spread(inner, J);
  for (const NudgeTerm& term : terms_) f[term.row] -= ease.sources * strength_.at(t, sample) * term.g.template eval<S>(inputs(term, x, sample));
  add_slopes(x, t, sample, ease.sources, J);
  return any;
}

template class Nudged<double>;
template class Nudged<Complex>;

}  // namespace settle
