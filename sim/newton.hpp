// Newton's iteration with the devices' own limiting, and the ladder of easier problems climbed when it fails.
#pragma once

#include <functional>
#include <string>

#include "sim/error.hpp"
#include "sim/system.hpp"

namespace settle {

struct NewtonOptions {
  double reltol = 1e-3;
  int iterations = 100;             // per attempt
  bool ladder = true;               // gmin stepping, source stepping, pseudo-transient after a plain failure
  std::function<bool()> interrupted = {};  // asked at every iteration
};

struct NewtonReport {
  long iterations = 0;
  long factorizations = 0;
  std::string strategy = "newton";  // the last rung of the ladder any sample needed
  double last_update = 0.0;         // largest |dx_i| / (reltol |x_i| + tolerance_i) of the final, polishing iteration
};

/// No solution found; says where the iteration stood. `unknown` is the one farthest from its tolerance.
class NoEquilibrium : public Error {
 public:
  NoEquilibrium(Index unknown, Index sample, const std::string& text)
      : Error(Fault::simulation, text), unknown_(unknown), sample_(sample) {}
  Index unknown() const { return unknown_; }
  Index sample() const { return sample_; }

 private:
  Index unknown_;
  Index sample_;
};

/// Solves f(x, t) = 0 from the guess x, for every sample. Throws NoEquilibrium; x then holds the guess.
template <Scalar S>
NewtonReport equilibrium(const LimitedSystem<S>& system, Block<S>& x, double t, const NewtonOptions& options = {});

/// Makes x consistent after a discontinuity: M (x1 - x0) = h f(x1, t) with h tiny, so charges are kept and algebraic unknowns solved
/// anew. Limits devices if the system can. Throws NoEquilibrium.
template <Scalar S>
NewtonReport restart(const System<S>& system, Block<S>& x, double t, double h, const NewtonOptions& options = {});

}  // namespace settle
