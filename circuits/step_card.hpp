// Step card: `.step` as LTspice and Xyce write it.
//   .step [lin|dec|oct] [param] name first last step-or-points      .step [param] name list v1 v2 ...
//   name: a parameter, `temp`, `seed` (other random numbers at every step), a source, or a field of a device (r1:tc1, @r1[tc1])
#pragma once

#include "circuits/netlist.hpp"
#include "circuits/scope.hpp"

namespace settle {

void read_step(const Card& card, const Scope& top, Netlist& netlist);

}  // namespace settle
