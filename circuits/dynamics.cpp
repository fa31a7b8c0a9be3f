// Dynamics: rates, Jacobians and slopes of a driven circuit, gathered from its elements.
#include "circuits/dynamics.hpp"

#include <algorithm>

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
void Dynamics<S>::extend(const Eigen::Ref<const Block<S>>& x, const Moment& now, Block<S>& all) const {
  const Index fixed = circuit_.rows().fixed_count();
  driven_.setZero(fixed, x.cols());
  for (const auto& element : circuit_.elements()) element->drive(now, 0, driven_);
  all.resize(fixed + x.rows(), x.cols());
  // Plain copies: as blocks of a matrix with one column Eigen would walk them row by row.
  std::copy_n(driven_.data(), driven_.size(), all.data());
  if (x.outerStride() == x.cols())
    std::copy_n(x.data(), x.size(), all.data() + driven_.size());
  else  // one sample of several
    all.bottomRows(x.rows()) = x;
}

/// The unknowns' rows of `all`.
template <Scalar S>
void Dynamics<S>::keep_unknowns(const Block<S>& all, Block<S>& f) const {
  f.resize(size(), all.cols());
  std::copy_n(all.data() + circuit_.rows().fixed_count() * all.cols(), f.size(), f.data());
}

template <Scalar S>
Block<S> Dynamics<S>::extended(const Block<S>& x, const Moment& now) const {
  Block<S> all;
  extend(x, now, all);
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
  extend(x, now, all_);
  rates_.setZero(all_.rows(), all_.cols());
  for (const auto& element : circuit_.elements()) element->add_rate(all_, now, rates_);
  keep_unknowns(rates_, f);
}

template <Scalar S>
void Dynamics<S>::fill_jacobian(const Block<S>& all, const Moment& now) const {
  values_ = linear_part_;
  if (!circuit_.linear()) circuit_.add_jacobian(all, now, false, values_);
}

template <Scalar S>
Vector<S> Dynamics<S>::full_jacobian(const Block<S>& all, const Moment& now) const {
  fill_jacobian(all, now);
  return values_;
}

template <Scalar S>
void Dynamics<S>::jacobian(const Block<S>& x, double t, Index sample, Vector<S>& J) const {
  const Moment now = moment(t, sample);
  extend(x.col(sample), now, all_);
  fill_jacobian(all_, now);
  const Index inner = circuit_.pattern().entries();
  J = values_.head(inner);
  border_at_.resize(static_cast<std::size_t>(samples_));
  BorderAt& known = border_at_[static_cast<std::size_t>(sample)];
  known.t = t;
  known.x = x.col(sample);
  known.values = values_.segment(inner, static_cast<Index>(circuit_.border().size()));
}

/// df/dx over the border at a point, most often the one `jacobian` has just been asked about.
template <Scalar S>
const Vector<S>& Dynamics<S>::border(const Block<S>& x, double t, Index sample) const {
  const auto k = static_cast<std::size_t>(sample);
  const bool filled = k < border_at_.size() && border_at_[k].x.size() == x.rows();
  const bool known = filled && (circuit_.linear() || (border_at_[k].t == t && border_at_[k].x == x.col(sample)));
  if (!known) {
    Vector<S> unused;
    jacobian(x, t, sample, unused);
  }
  return border_at_[k].values;
}

template <Scalar S>
void Dynamics<S>::time_slope(const Block<S>& x, double t, Block<S>& ft) const {
  const Moment now = moment(t);
  const Index fixed = circuit_.rows().fixed_count(), inner = circuit_.pattern().entries();
  extend(x, now, all_);
  rates_.setZero(all_.rows(), all_.cols());
  for (const auto& element : circuit_.elements()) element->add_time_slope(all_, now, rates_);
  const Block<double> driven = drive_slope(now);
  if ((driven.array() != 0.0).any())
    for (Index s = 0; s < x.cols(); ++s) {
      const Vector<S>& values = border(x, t, s);
      for (const Border& entry : circuit_.border())
        if (entry.place.row >= fixed && entry.place.column < fixed)
          rates_(entry.place.row, s) += values[entry.slot - inner] * driven(entry.place.column, s);
    }
  keep_unknowns(rates_, ft);
}

template <Scalar S>
bool Dynamics<S>::limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>& memory, Vector<S>& f, Vector<S>& J) const {
  const Rows& rows = circuit_.rows();
  Moment now = moment(t, sample);
  now.sources = ease.sources;
  Block<S>& all = all_;
  extend(x.col(sample), now, all);
  Block<S>& rates = rates_;
  rates.setZero(all.rows(), 1);
  Vector<S>& values = values_;
  values = linear_part_;
  if (memory.size() == 0) {
    Index size = 0;
    for (const auto& element : circuit_.elements()) size += element->memory();
    memory = Vector<S>::Constant(size + 1, S(not_given));
  }
  bool any = false;
  S* place = memory.data();
  for (std::size_t k = 0; k < circuit_.elements().size(); ++k) {
    const Element& element = *circuit_.elements()[k];
    if (element.linear()) {
      element.add_rate(all, now, rates);  // its slopes are in values
    } else {
      Stamps<S> stamps = circuit_.stamps<S>(k, values);
      any = element.add_limited(all, now, place, rates, stamps) || any;
    }
    place += element.memory();
  }
  f = Eigen::Map<const Vector<S>>(rates.data() + rows.fixed_count(), x.rows());
  J = values.head(circuit_.pattern().entries());
  if (ease.gmin > 0.0)
    for (Index k = 0; k < size(); ++k) {
      if (!rows.kind_of(rows.fixed_count() + k).is_node) continue;
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
