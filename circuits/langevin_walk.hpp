// Langevin steps: a noisy circuit moved by one time step, M dx = f dt + sum of b dW, in one of three ways.
#pragma once

#include <memory>

#include "circuits/noisy_rest.hpp"
#include "sim/stepper.hpp"

namespace settle {

enum class LangevinMethod { exact, implicit, euler_maruyama };

/// What a walk needs to know besides the circuit.
struct LangevinSteps {
  double h = 0.0;
  std::uint64_t seed = 1;
};

/// One trial after another, each from the point the walk was made at. Random streams are keyed by seed, device and trial.
class LangevinWalk {
 public:
  virtual ~LangevinWalk() = default;
  virtual void start(std::uint64_t trial) = 0;
  /// From t to t + h.
  virtual void step(double t, Block<double>& x) = 0;
  /// The covariance of the states this method has for ever small noise in a stationary circuit: that of the step, not of the circuit.
  virtual Eigen::MatrixXd states_covariance(const LinearModel& model, const Eigen::MatrixXd& Q) const = 0;
  virtual StepCounts counts() const { return {}; }
};

/// Throws Error if the method cannot move this circuit, or not with this step.
std::unique_ptr<LangevinWalk> langevin_walk(LangevinMethod method, NoisyRest& rest, Dynamics<double>& moving, const LangevinSteps& steps);

/// The longest step of Euler and Maruyama's method: |1 + h lambda| <= 1 for every eigenvalue.
double longest_explicit_step(const Eigen::VectorXcd& eigenvalues);

}  // namespace settle
