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
    terms.push_back(term_of(current.g, circuit));
    terms.back().row = unknown_of(circuit, current.membrane);
  }
  return terms;
}

NudgeTerm term_of(const BehaviouralText& text, const Circuit& circuit) {
  NudgeTerm term{.g = text.expression, .plus = {}, .minus = {}};
  for (const InputSource& input : text.inputs) {
    const bool given = input.what == InputSource::What::given;
    term.plus.push_back(given ? NudgeTerm::given(input.number) : unknown_of(circuit, input.plus));
    term.minus.push_back(given ? NudgeTerm::zero : unknown_of(circuit, input.minus));
  }
  return term;
}

}  // namespace settle
