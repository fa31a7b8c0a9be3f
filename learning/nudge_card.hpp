// What the cards of measuring analyses ask of `.teach`.
#pragma once

#include <optional>

#include "circuits/holomorphy.hpp"
#include "circuits/setting.hpp"

namespace settle {

/// The deck's teaching; without a `.teach` card an error at `card` that shows one, `example`. Nothing also if `.teach` itself is wrong, which
/// it says. `everywhere`: beta goes through the complex plane whatever the signal, so the circuit must be complex-differentiable.
inline std::optional<Teaching> needed_teaching(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics, const std::string& example, bool everywhere) {
  auto teaching = teaching_of(netlist, diagnostics);
  const auto is_teach = [](const AnalysisCard& setting) { return setting.kind == "teach"; };
  if (!teaching && std::none_of(netlist.settings.begin(), netlist.settings.end(), is_teach))
    diagnostics.error(card.where, "." + card.kind + " measures the response to a nudge, and the deck has none; add for example " + example);
  if (teaching && (everywhere || teaching->signal.complex())) require_holomorphic(netlist, diagnostics);
  if (teaching && teaching->signal.beta == 0.0) {
    diagnostics.error(teaching->where, "beta=0 nudges nothing, so ." + card.kind + " has no response to measure");
    return {};
  }
  return teaching;
}

/// The same, with a signal that swings or turns.
inline std::optional<Teaching> needed_oscillation(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) {
  auto teaching = needed_teaching(card, netlist, diagnostics, ".teach v(out)=1 signal=rotating beta=1u period=1m", false);
  if (!teaching || teaching->signal.oscillates()) return teaching;
  diagnostics.error(card.where, "." + card.kind + " needs an oscillating nudge: signal=rotating or signal=cosine on .teach");
  return {};
}

}  // namespace settle
