// Operating point: the equilibrium of a driven circuit, with held nodes, guesses, and switches in a consistent position.
#pragma once

#include "circuits/analysis.hpp"
#include "circuits/dynamics.hpp"
#include "circuits/held.hpp"
#include "sim/newton.hpp"

namespace settle {

/// Solves for `x` (guess on entry; empty: zero) at time t. `.ic` nodes are held if `hold`, `.nodeset` helps the first iteration.
NewtonReport operating_point(const Job& job, Dynamics<double>& dynamics, Block<double>& x, double t, bool hold, const Recorder& recorder,
                             int iterations = 0 /* itl1 */);

/// Memory states, where their devices say they begin: operating points and whatever starts there hold them.
Holds memories(const Circuit& circuit);

/// The state `uic` starts from: `.ic` voltages, devices' own ic=, zero elsewhere; not yet consistent.
Block<double> initial_state(const Job& job, const Dynamics<double>& dynamics);

/// The error again, with the devices at the unknown that would not settle, and a device that has no value at x.
[[noreturn]] void rethrow_with_devices(const NoEquilibrium& error, const Dynamics<double>& dynamics, const Block<double>& x, double t);
/// A device whose expression has no value at x, and why ("'b1': log(-0.5) has no real value"); "" if there is none.
std::string undefined_device(const Dynamics<double>& dynamics, const Block<double>& x, double t);

}  // namespace settle
