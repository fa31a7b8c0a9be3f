// Dynamics: rates, Jacobians and slopes of a driven circuit, gathered from its elements.
#include "circuits/dynamics.hpp"

namespace settle {

template <Scalar S>
Dynamics<S>::Dynamics(const Circuit& circuit, Index samples, bool transient)
    : circuit_(circuit), samples_(samples), transient_(transient), modes_(circuit.rows().modes(), samples) {
  mass_ = circuit.mass().head(circuit.pattern().entries());
  linear_part_ = Vector<S>::Zero(circuit.slots());
  const Block<S> rest = Block<S>::Zero(circuit.rows().count(), 1);
  circuit.add_jacobian(rest, moment(0.0), true, linear_part_);
}

template <Scalar S>
Moment Dynamics<S>::moment(double t, Index sample) const {
  return {.t = t, .transient = transient_, .modes = &modes_, .first_sample = sample};
}

template <Scalar S>
Block<S> Dynamics<S>::extended(const Block<S>& x, const Moment& now) const {
  const Index fixed = circuit_.rows().fixed_count();
  Block<double> driven = Block<double>::Zero(fixed, x.cols());
  for (const auto& element : circuit_.elements()) element->drive(now, 0, driven);
  Block<S> all(fixed + x.rows(), x.cols());
  all.topRows(fixed) = driven.template cast<S>();
  all.bottomRows(x.rows()) = x;
  return all;
}

template <Scalar S>
Block<double> Dynamics<S>::drive_slope(const Moment& now) const {
  Block<double> slope = Block<double>::Zero(circuit_.rows().fixed_count(), samples_);
  for (const auto& element : circuit_.elements()) element->drive(now, 1, slope);
  return slope;
}

template <Scalar S>
void Dynamics<S>::rate(const Block<S>& x, double t, Block<S>& f) const {
  const Moment now = moment(t);
  const Block<S> all = extended(x, now);
  Block<S> rates = Block<S>::Zero(all.rows(), all.cols());
  for (const auto& element : circuit_.elements()) element->add_rate(all, now, rates);
  f = rates.bottomRows(x.rows());
}

template <Scalar S>
Vector<S> Dynamics<S>::full_jacobian(const Block<S>& all, const Moment& now) const {
  Vector<S> values = linear_part_;
  if (!circuit_.linear()) circuit_.add_jacobian(all, now, false, values);
  return values;
}

template <Scalar S>
void Dynamics<S>::jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const {
  const Moment now = moment(t, sample);
  J = full_jacobian(extended(x.col(sample), now), now).head(circuit_.pattern().entries());
}

template <Scalar S>
void Dynamics<S>::time_slope(const Block<S>& x, double t, Block<S>& ft) const {
  const Moment now = moment(t);
  const Index fixed = circuit_.rows().fixed_count();
  const Block<S> all = extended(x, now);
  Block<S> slopes = Block<S>::Zero(all.rows(), all.cols());
  for (const auto& element : circuit_.elements()) element->add_time_slope(all, now, slopes);
  const Block<double> driven = drive_slope(now);
  if ((driven.array() != 0.0).any())
    for (Index s = 0; s < x.cols(); ++s) {
      const Vector<S> values = full_jacobian(all.col(s), moment(t, s));
      for (const Border& entry : circuit_.border())
        if (entry.place.row >= fixed) slopes(entry.place.row, s) += values[entry.slot] * driven(entry.place.column, s);
    }
  ft = slopes.bottomRows(x.rows());
}

template <Scalar S>
bool Dynamics<S>::limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const {
  const Rows& rows = circuit_.rows();
  Moment now = moment(t, sample);
  now.sources = ease.sources;
  const Block<S> all = extended(x.col(sample), now);
  Block<S> rates = Block<S>::Zero(all.rows(), 1);
  Vector<S> values = Vector<S>::Zero(circuit_.slots());
  if (memory.size() == 0) {
    Index size = 0;
    for (const auto& element : circuit_.elements()) size += element->memory();
    memory = Vector<S>::Constant(size + 1, S(not_given));
  }
  bool any = false;
  S* place = memory.data();
  for (std::size_t k = 0; k < circuit_.elements().size(); ++k) {
    const Element& element = *circuit_.elements()[k];
    Stamps<S> stamps = circuit_.stamps<S>(k, values);
    any = element.add_limited(all, now, place, rates, stamps) || any;
    place += element.memory();
  }
  f = rates.col(0).tail(x.rows());
  J = values.head(circuit_.pattern().entries());
  if (ease.gmin > 0.0)
    for (Index k = 0; k < size(); ++k) {
      if (!rows[rows.fixed_count() + k].is_node) continue;
      f[k] -= ease.gmin * x(k, sample);
      const auto begin = pattern().row.begin() + pattern().start[static_cast<std::size_t>(k)];
      const auto end = pattern().row.begin() + pattern().start[static_cast<std::size_t>(k) + 1];
      J[std::lower_bound(begin, end, static_cast<int>(k)) - pattern().row.begin()] -= ease.gmin;
    }
  return any;
}

template class Dynamics<double>;
template class Dynamics<Complex>;

}  // namespace settle
