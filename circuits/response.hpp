// Response: a circuit linearized at rest, ready for any frequency, (s M - J) dx = excitation with s = 2 pi i f, and the same transposed.
#pragma once

#include <optional>

#include "circuits/small_solution.hpp"
#include "sim/factorization.hpp"

namespace settle {

class Response {
 public:
  Response(const Circuit& circuit, Vector<double> jacobian);

  /// The rows' deviations at frequency f under the sources' AC values.
  SmallSolution at(double f);
  /// y with (s M - J)^T y = seen: an excitation b is seen as y^T b.
  Vector<Complex> transposed(double f, const Vector<double>& seen);

 private:
  void factor(Complex s);

  const Circuit& circuit_;
  Vector<double> jacobian_;
  Factorization<Complex> factors_;
  std::optional<Complex> factored_;  // s
  Block<Complex> drive_, rate_;
};

}  // namespace settle
