// Snapshot: a solved circuit at one moment, with slopes and balances worked out only when a probe asks for them.
#pragma once

#include <functional>
#include <optional>

#include "circuits/dynamics.hpp"

namespace settle {

/// `slope` gives dx/dt of the unknowns when asked; at an operating point it is absent and slopes are zero.
template <Scalar S>
class Snapshot final : public Solution<S> {
 public:
  using Slope = std::function<Block<S>()>;
  Snapshot(const Dynamics<S>& dynamics, const Block<S>& x, double t, Slope slope = {})
      : dynamics_(dynamics), now_(dynamics.moment(t)), x_(dynamics.extended(x, now_)), unknown_slope_(std::move(slope)) {}

  const Moment& moment() const override { return now_; }
  const Block<S>& x() const override { return x_; }
  const Block<S>& slope() const override;
  const Block<S>& balance() const override;

 private:
  const Dynamics<S>& dynamics_;
  Moment now_;
  Block<S> x_;
  Slope unknown_slope_;
  mutable std::optional<Block<S>> slope_, balance_;
};

extern template class Snapshot<double>;
extern template class Snapshot<Complex>;

/// y += (matrix over pattern and border) x, all rows; ground is left out.
template <Scalar T, Scalar S>
void add_product(const Circuit& circuit, const Vector<T>& values, const Block<S>& x, Block<S>& y) {
  const Pattern& pattern = circuit.pattern();
  const Index fixed = circuit.rows().fixed_count();
  for (Index j = 0; j < pattern.size; ++j)
    for (int k = pattern.start[static_cast<std::size_t>(j)]; k < pattern.start[static_cast<std::size_t>(j) + 1]; ++k)
      y.row(fixed + pattern.row[static_cast<std::size_t>(k)]) += values[k] * x.row(fixed + j);
  for (const Border& entry : circuit.border()) y.row(entry.place.row) += values[entry.slot] * x.row(entry.place.column);
}

}  // namespace settle
