// One factorization per frequency, for both directions.
#include "circuits/response.hpp"

namespace settle {

Response::Response(const Circuit& circuit, Vector<double> jacobian)
    : circuit_(circuit), jacobian_(std::move(jacobian)), factors_(circuit.pattern()), drive_(Block<Complex>::Zero(circuit.rows().fixed_count(), 1)),
      rate_(Block<Complex>::Zero(circuit.rows().count(), 1)) {
  for (const auto& element : circuit.elements()) element->add_small_signal(drive_, rate_);
}

void Response::factor(Complex s) {
  if (factored_ == s) return;
  const Index inner = circuit_.pattern().entries();
  factored_.reset();
  factors_.factor(s * circuit_.mass().head(inner).cast<Complex>() - jacobian_.head(inner).cast<Complex>());
  factored_ = s;
}

SmallSolution Response::at(double f) {
  const Rows& rows = circuit_.rows();
  const Index fixed = rows.fixed_count(), n = rows.unknowns();
  const Complex s(0.0, 2.0 * std::numbers::pi * f);
  factor(s);
  Vector<Complex> b = rate_.col(0).tail(n);
  for (const Border& entry : circuit_.border())
    if (entry.place.row >= fixed && entry.place.column < fixed)
      b[entry.place.row - fixed] += (jacobian_[entry.slot] - s * circuit_.mass()[entry.slot]) * drive_(entry.place.column, 0);
  factors_.solve(b);
  Block<Complex> x(rows.count(), 1);
  x.topRows(fixed) = drive_;
  x.bottomRows(n) = b;
  return SmallSolution(circuit_, jacobian_, s, std::move(x));
}

Vector<Complex> Response::transposed(double f, const Vector<double>& seen) {
  factor(Complex(0.0, 2.0 * std::numbers::pi * f));
  Vector<Complex> y = seen.cast<Complex>();
  factors_.solve_transposed(y);
  return y;
}

}  // namespace settle
