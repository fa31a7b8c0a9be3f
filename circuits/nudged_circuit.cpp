// From names of nodes to rows: where a nudge enters and what it reads.
#include "circuits/nudged_circuit.hpp"

#include <fmt/format.h>

namespace settle {
namespace {

/// The unknown of a node; -1 for ground.
Index unknown_of(const Circuit& circuit, const std::string& node) {
  if (node.empty() || node == "0") return -1;
  const Index row = circuit.find_row(node), fixed = circuit.rows().fixed_count();
  if (row < fixed)
    throw Error(Fault::netlist, fmt::format("node '{}' is driven by a voltage source, so no teaching signal can move or read it; name a node the circuit "
                                            "itself decides, or put a resistor between source and node", node));
  return row - fixed;
}

}  // namespace

std::vector<NudgeTerm> nudge_terms(const Teaching& teaching, const Circuit& circuit) {
  std::vector<NudgeTerm> terms;
  for (const NudgeCurrent& current : teaching.currents) {
    NudgeTerm term{unknown_of(circuit, current.membrane), current.g.expression, {}, {}};
    for (const InputSource& input : current.g.inputs) {
      term.plus.push_back(unknown_of(circuit, input.plus));
      term.minus.push_back(unknown_of(circuit, input.minus));
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace settle
