// Rosenbrock methods for M x' = f(x, t): one Jacobian, one factorization and a fixed number of linear solves per step, no iteration.
#pragma once

#include <vector>

#include "sim/controlled_stepper.hpp"

namespace settle {

/// Coefficients in the form that needs no product with the Jacobian (Hairer & Wanner II, IV.7): stage i solves
///   (M / (h gamma) - J) k_i = f(x + sum_j a_ij k_j, t + c_i h) + M / h sum_j C_ij k_j + h d_i df/dt,
/// the step is x + sum a_sj k_j + k_s with the error k_s, and between the ends (0 <= u <= 1, K_m = sum_j H_mj k_j)
///   x(t + u h) = (1 - u) x0 + u (x1 + (1 - u) (K_1 + u (K_2 + ...))).
struct RosenbrockTableau {
  double gamma;
  std::vector<std::vector<double>> a, C;  // lower triangles without the diagonal; the last row of `a` is the step's
  std::vector<double> c, d;
  std::vector<std::vector<double>> H;
  int error_order;
};

template <Scalar S>
class Rosenbrock : public ControlledStepper<S> {
 public:
  void interpolate(double t, Block<S>& x) const override;

 protected:
  /// The tableau must outlive the stepper.
  Rosenbrock(const System<S>& system, const StepOptions& options, const RosenbrockTableau& tableau);

 private:
  void advance(const Block<S>& x, double t, double h, bool again) override;
  void accepted() override;
  void stage(const Block<S>& x, double t, double h, std::size_t i);

  const RosenbrockTableau& tableau_;
  std::vector<Block<S>> k_;
  std::vector<Block<S>> dense_;  // K_m of the last accepted step
  Block<S> rate_;                // f(x, t) at the start
  Block<S> slope_;               // df/dt there
  Block<S> point_, sum_, right_;
  Block<S> end_;                 // of the last accepted step
};

}  // namespace settle
