// Activation: r = phi(u) of one neuron over many samples, with vectors of numbers where phi is a logistic function however it is written
// (1/(1+exp(-4*v+2)), 0.3*tanh(v/0.1), ...), r = low + span s(gain u + offset).
#pragma once

#include <optional>

#include "sim/expression.hpp"

namespace settle {

class Activation {
 public:
  /// r = u.
  Activation() = default;
  explicit Activation(const Expression& phi);

  template <class Real>
  void at(const Real* u, Real* r, Index count) const;
  /// Of complex numbers as two planes.
  template <class Real>
  void at(const Real* u_real, const Real* u_imag, Real* r_real, Real* r_imag, Index count) const;
  /// dphi/du of real numbers whose activities are r.
  template <class Real>
  void slope(const Real* u, const Real* r, Real* slope, Index count) const;

  bool is_logistic() const { return logistic_.has_value(); }

 private:
  struct Logistic {
    double low, span, gain, offset;
  };
  static std::optional<Logistic> recognized(const Expression& phi);
  static bool agrees(const Expression& phi, const Logistic& l);

  std::optional<Expression> phi_;
  std::optional<Logistic> logistic_;
};

}  // namespace settle
