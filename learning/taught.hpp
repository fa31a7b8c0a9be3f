// What outputs are taught, and the currents that nudge them there: -beta(t) dC/dr into the membrane of every output r.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "circuits/teaching.hpp"
#include "learning/cost.hpp"
#include "learning/readout.hpp"
#include "sim/signal.hpp"

namespace settle {

struct Taught {
  std::vector<CostOutput> outputs;
  std::string cost = "squared";
  Signal signal;
  std::map<std::string, std::string> membranes;  // given for outputs
};

/// Throws Error (netlist), without a place, where a nudge could not enter.
Teaching teaching_of(const Taught& taught, const Netlist& netlist, Location where);

/// An expression of v(node) with its inputs as nodes.
BehaviouralText circuit_expression(const std::string& text);
/// The k-th given value as an expression.
BehaviouralText given_value(Index k);

}  // namespace settle
