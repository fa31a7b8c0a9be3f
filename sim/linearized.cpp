// One matrix per slot, factored when a solve needs it and only if it changed.
#include "sim/linearized.hpp"

namespace settle {

template <Scalar S>
Linearized<S>::Linearized(const System<S>& system, Index slots)
    : system_(&system), algebraic_(static_cast<std::size_t>(system.size()), true) {
  Factorization<S> first(system.pattern());
  for (Index k = 0; k < slots; ++k) slots_.push_back({.jacobian = Vector<S>(system.pattern().entries()), .factors = first.another()});
  const Pattern& pattern = system.pattern();
  for (Index j = 0; j < pattern.size; ++j)
    for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e) {
      if (system.mass()[e] == 0.0) continue;
      mass_.push_back({pattern.row[e], j, system.mass()[e]});
      algebraic_[static_cast<std::size_t>(pattern.row[e])] = false;
    }
}

template <Scalar S>
void Linearized<S>::at(const Block<S>& x, double t) {
  if (system_->linear() && known_) return;
  for (std::size_t k = 0; k < slots_.size(); ++k) {
    system_->jacobian(x, t, static_cast<Index>(k), slots_[k].jacobian);
    slots_[k].touched = true;
  }
  jacobians_ += static_cast<long>(slots_.size());
  known_ = true;
}

template <Scalar S>
Vector<S>& Linearized<S>::jacobian(Index slot) {
  ++jacobians_;
  slots_[static_cast<std::size_t>(slot)].touched = true;
  return slots_[static_cast<std::size_t>(slot)].jacobian;
}

template <Scalar S>
Factorization<S>& Linearized<S>::factors(Index index) {
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  if (!slot.touched && slot.shift == shift_) return slot.factors;
  values_ = -slot.jacobian;
  if (shift_ != 0.0) values_ += shift_ * system_->mass();
  slot.touched = false;
  slot.shift = shift_;
  const Vector<S>& before = slot.factors.values();
  if (before.size() > 0 && before == values_) return slot.factors;
  named(slot, [&] { slot.factors.factor(std::move(values_)); });
  ++factorizations_;
  return slot.factors;
}

/// Names the unknown at which a matrix is singular; its slot is factored anew next time.
template <Scalar S>
template <class Work>
void Linearized<S>::named(Slot& slot, Work work) {
  try {
    work();
  } catch (const SingularMatrix& e) {
    slot.touched = true;
    throw SingularMatrix(e.unknown(), std::string(e.what()) + " at " + system_->name(e.unknown()));
  }
}

template <Scalar S>
void Linearized<S>::solve(Index slot, Eigen::Ref<Vector<S>> b) {
  Factorization<S>& f = factors(slot);
  named(slots_[static_cast<std::size_t>(slot)], [&] { f.solve(b); });
}

template <Scalar S>
template <class Solve>
void Linearized<S>::each_sample(Block<S>& b, Solve solve_with) {
  if (slots_.size() == 1) {
    Factorization<S>& f = factors(0);
    named(slots_[0], [&] { solve_with(f, b); });
    return;
  }
  Vector<S> column;
  for (Index k = 0; k < b.cols(); ++k) {
    column = b.col(k);
    Eigen::Ref<Vector<S>> view(column);
    Factorization<S>& f = factors(k);
    named(slots_[static_cast<std::size_t>(k)], [&] { solve_with(f, view); });
    b.col(k) = column;
  }
}

template <Scalar S>
void Linearized<S>::solve(Block<S>& b) {
  each_sample(b, [](Factorization<S>& f, auto& right) { f.solve(right); });
}

template <Scalar S>
void Linearized<S>::solve_transposed(Block<S>& b) {
  each_sample(b, [](Factorization<S>& f, auto& right) { f.solve_transposed(right); });
}

template <Scalar S>
void Linearized<S>::mass_times(const Block<S>& x, Block<S>& y) const {
  y.setZero(x.rows(), x.cols());
  const Index samples = x.cols();
  for (const MassEntry& m : mass_) {
    const S* from = x.data() + m.column * samples;
    S* to = y.data() + m.row * samples;
    for (Index k = 0; k < samples; ++k) to[k] += m.value * from[k];
  }
}

template class Linearized<double>;
template class Linearized<Complex>;

}  // namespace settle
