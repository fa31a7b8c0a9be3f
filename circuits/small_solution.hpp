// SmallSolution: the complex deviation of a circuit from a rest state, as probes see it.
#pragma once

#include <numbers>

#include "circuits/snapshot.hpp"

namespace settle {

/// The deviation of all rows at one frequency, s = 2 pi i f; `jacobian` (pattern and border) and the circuit must outlive it.
class SmallSolution final : public Solution<Complex> {
 public:
  SmallSolution(const Circuit& circuit, const Vector<double>& jacobian, Complex s, Block<Complex> x)
      : circuit_(circuit), jacobian_(jacobian), x_(std::move(x)), slope_(s * x_) {
    now_.t = s.imag() / (2.0 * std::numbers::pi);
  }
  const Moment& moment() const override { return now_; }
  const Block<Complex>& x() const override { return x_; }
  const Block<Complex>& slope() const override { return slope_; }
  const Block<Complex>& balance() const override {
    if (balance_.size() == 0) {
      balance_ = Block<Complex>::Zero(x_.rows(), 1);
      add_product(circuit_, jacobian_, x_, balance_);
      const Vector<double> minus_mass = -circuit_.mass();
      add_product(circuit_, minus_mass, slope_, balance_);
    }
    return balance_;
  }

 private:
  const Circuit& circuit_;
  const Vector<double>& jacobian_;
  Moment now_;
  Block<Complex> x_, slope_;
  mutable Block<Complex> balance_;
};

}  // namespace settle
