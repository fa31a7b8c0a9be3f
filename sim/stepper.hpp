// Stepper: one step of M x' = f(x, t) with an error estimate and dense output, in the shape of Odeint's controlled steppers.
#pragma once

#include <limits>
#include <memory>
#include <string>

#include "sim/registry.hpp"
#include "sim/system.hpp"

namespace settle {

struct StepCounts {
  long steps = 0;
  long rejected = 0;
  long coarse = 0;          // of fixed length whose error was beyond what reltol tolerates
  long rates = 0;           // evaluations of f
  long jacobians = 0;       // of one sample
  long factorizations = 0;
  long iterations = 0;      // of Newton
};

/// How the errors of the unknowns become one number (sim/error_norm.hpp).
enum class Norm { wrms, max };

struct StepOptions {
  double reltol = 1e-3;        // not below 1e-10
  Norm norm = Norm::wrms;
  double newton_share = 1e-2;  // what Newton may leave in an implicit step, as a share of what the step may
  double h_min = 0.0;
  double h_max = std::numeric_limits<double>::infinity();
  bool fixed = false;          // every step is taken as long as asked, whatever its error; one that cannot be solved throws
};

enum class StepResult { accepted, rejected };

/// Bound to one system for life, so that no factor or derivative of another system can survive in it.
template <Scalar S>
class Stepper {
 public:
  virtual ~Stepper() = default;

  /// Accepted: x and t are advanced, h is the step to try next. Rejected: x and t are as they were, h is smaller.
  /// Throws Error with the culprit's name when h falls below its minimum.
  virtual StepResult try_step(Block<S>& x, double& t, double& h) = 0;
  /// x(t) inside the last accepted step.
  virtual void interpolate(double t, Block<S>& x) const = 0;
  /// Forgets the past: call it after any change of x, or of what the system depends on.
  virtual void reset() = 0;
  virtual StepCounts counts() const = 0;
};

/// What makes a stepper of one method; each method's own file registers one.
class StepperKind {
 public:
  virtual ~StepperKind() = default;
  virtual int order() const = 0;
  virtual const char* help() const = 0;
  virtual std::unique_ptr<Stepper<double>> make(const System<double>& system, const StepOptions& options) const = 0;
  virtual std::unique_ptr<Stepper<Complex>> make(const System<Complex>& system, const StepOptions& options) const = 0;
};

/// The kind made of a template `Method<S>` that is constructed from a system and options.
template <template <Scalar S> class Method>
class StepperOf : public StepperKind {
 public:
  StepperOf(int order, const char* help) : order_(order), help_(help) {}
  int order() const override { return order_; }
  const char* help() const override { return help_; }
  std::unique_ptr<Stepper<double>> make(const System<double>& system, const StepOptions& options) const override {
    return std::make_unique<Method<double>>(system, options);
  }
  std::unique_ptr<Stepper<Complex>> make(const System<Complex>& system, const StepOptions& options) const override {
    return std::make_unique<Method<Complex>>(system, options);
  }

 private:
  int order_;
  const char* help_;
};

/// The stepper called `method`; throws Error (usage) with the known names if there is none.
template <Scalar S>
std::unique_ptr<Stepper<S>> make_stepper(const std::string& method, const System<S>& system, const StepOptions& options);

}  // namespace settle
