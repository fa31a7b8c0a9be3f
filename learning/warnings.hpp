// Warnings of runs whose nudge leaves the region where they mean something.
#pragma once

#include "learning/lock_in_run.hpp"
#include "learning/radius.hpp"

namespace settle {

/// Steps too long to be trusted.
void warn_of_coarse_steps(const Job& job, const LockInRun& run);

/// After a turning nudge: negative frequencies, a state that does not come back after a turn, a |beta| beyond the radius of convergence.
void warn_of_broken_holomorphy(const Job& job, const RestPoint& rest, const LockInRun& run);

}  // namespace settle
