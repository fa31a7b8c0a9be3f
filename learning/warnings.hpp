// Warnings of runs whose nudge leaves the region where they mean something.
#pragma once

#include "learning/lock_in_run.hpp"
#include "learning/radius.hpp"

namespace settle {

/// After a turning nudge: negative frequencies, a state that does not come back after a turn, a |beta| beyond the radius of convergence.
void warn_of_broken_holomorphy(const Job& job, const RestPoint& rest, const LockInRun& run);

}  // namespace settle
