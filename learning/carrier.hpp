// Carrier coding: a complex voltage z as v(t) = Im[z exp(i W t)] on one wire. Every constant source is modulated by sin(W t), the nudge is
// |beta| (cos(w t) e_I - sin(w t) e_Q) with the error's second phase from an all-pass. Linear circuits follow if W C is small against their conductances;
// a nonlinearity acts by its describing function N(|z|) z, which is not holomorphic, so what a turning nudge measures is exact to first order only.
#pragma once

#include "circuits/netlist.hpp"
#include "circuits/teaching.hpp"

namespace settle {

/// The same circuit on a carrier, in real voltages. Throws Error (netlist) for sources that move and costs that are not linear in the outputs.
void put_on_carrier(Netlist& netlist, const Teaching& teaching, double hertz);

}  // namespace settle
