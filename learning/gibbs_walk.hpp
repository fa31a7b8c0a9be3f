// GibbsWalk: a system shaken by white noise currents, M dx = f dt + sum of b dW, moved by steps whose stationary law errs by the square of the step and
// is exact for a linear system that relaxes to the minimum of a co-content.
//   explicit  x1 = x0 + h M^-1 (f(x0) + (g0 + g1)/2), g1 the noise currents of this step, g0 of the one before (Leimkuhler and Matthews, 10.1093/amrx/abs010)
//   implicit  M (x1 - x0)/h = (f(x0) + f(x1))/2 + g1, rows without mass holding at x1
#pragma once

#include <string>
#include <vector>

#include "circuits/noise_inputs.hpp"
#include "sim/newton_iteration.hpp"
#include "sim/random.hpp"

namespace settle {

/// Of small deviations from a point, s.
struct TimeConstants {
  double slowest = 0.0, fastest = 0.0;
  bool all_move = true;  // false: some unknowns follow the others at once
};
/// Throws Error (simulation) where small deviations neither decay nor grow.
TimeConstants time_constants(const System<double>& system, const Block<double>& x);

struct GibbsSteps {
  double h = 0.0;
  bool implicit = false;
};

class GibbsWalk {
 public:
  /// `system` must outlive it.
  GibbsWalk(const LimitedSystem<double>& system, std::vector<NoiseInput> inputs, const GibbsSteps& steps);

  /// Random numbers from here on are those of this seed, phase and drawing, noise source by noise source.
  void start(std::uint64_t seed, const std::string& phase, std::uint64_t drawing);
  void step(Block<double>& x) { steps_.implicit ? step_implicitly(x) : step_explicitly(x); }

 private:
  void draw(Index rows);
  void step_explicitly(Block<double>& x);
  void step_implicitly(Block<double>& x);

  const LimitedSystem<double>& system_;
  std::vector<NoiseInput> inputs_;
  GibbsSteps steps_;
  std::vector<Stream> stream_;
  Factorization<double> mass_;
  NewtonOptions options_{.reltol = 1e-9};
  NewtonIteration<double> newton_;
  std::vector<char> massless_;    // per row
  Block<double> f_, g_, before_, x0_;
};

/// Rows of M that are empty.
std::vector<char> massless_rows(const System<double>& system);

}  // namespace settle
