// Snapshot: dx/dt of all rows and what each row's equation leaves over.
#include "circuits/snapshot.hpp"

namespace settle {

template <Scalar S>
const Block<S>& Snapshot<S>::slope() const {
  if (!slope_) {
    slope_ = Block<S>::Zero(x_.rows(), x_.cols());
    if (unknown_slope_) {
      const Index fixed = dynamics_.circuit().rows().fixed_count();
      slope_->topRows(fixed) = dynamics_.drive_slope(now_).template cast<S>();
      slope_->bottomRows(x_.rows() - fixed) = unknown_slope_();
    }
  }
  return *slope_;
}

template <Scalar S>
const Block<S>& Snapshot<S>::balance() const {
  if (!balance_) {
    const Circuit& circuit = dynamics_.circuit();
    balance_ = Block<S>::Zero(x_.rows(), x_.cols());
    for (const auto& element : circuit.elements()) element->add_rate(x_, now_, *balance_);
    const Vector<double> minus_mass = -circuit.mass();
    add_product(circuit, minus_mass, slope(), *balance_);
  }
  return *balance_;
}

template class Snapshot<double>;
template class Snapshot<Complex>;

}  // namespace settle
