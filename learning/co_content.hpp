// Co-content: what a circuit must be for noise to sample exp(-(P + beta C)/T): voltages that follow -dP/dv, and a nudge that follows -beta dC/dv.
#pragma once

#include "learning/stage.hpp"

namespace settle {

/// Throws Error (netlist), by device name, where the state x of the sample on stage shows that the circuit does not descend a co-content: a Jacobian that
/// is not symmetric, a state that is no voltage, a nudge that is not the slope of the cost.
void require_co_content(const Stage& stage, const Block<double>& x);

}  // namespace settle
