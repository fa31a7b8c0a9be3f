// How the quadrature rail of a complex circuit differs from its in-phase rail.
#pragma once

#include <string_view>

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"

namespace settle {

struct Rails {
  double gain = 0.0;         // relative error of every nonlinear or behavioural source there
  double conductance = 0.0;  // relative error of every R, Y conductance and G there
  double offset = 0.0;       // V, added to what nonlinear and behavioural sources read there
  double quadrature = 0.0;   // degrees by which the second phase of the teaching signal is early
  double spread = 0.0;       // standard deviation of a relative error of each device of its own
  std::uint64_t seed = 1;

  /// 1 + error + what chance gives to the device of that name.
  double factor(double error, std::string_view device) const;
};

/// What the deck's .rails card says, zeros without one; reports what is wrong with it.
Rails rails_of(const Netlist& netlist, Diagnostics& diagnostics);

}  // namespace settle
