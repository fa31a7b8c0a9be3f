// Nudge terms that are affine in their own output.
#include "learning/pull.hpp"

#include <cmath>

namespace settle {
namespace {

/// g with its own output at r and everything else that is given.
double value_at(const NudgeTerm& term, double r, const Given& given, Index sample) {
  std::vector<double> inputs(term.plus.size());
  const auto of = [&](Index k) { return k >= 0 ? r : k == NudgeTerm::zero ? 0.0 : given(-2 - k, sample); };
  for (std::size_t n = 0; n < inputs.size(); ++n) inputs[n] = of(term.plus[n]) - of(term.minus[n]);
  return term.g.eval<double>(inputs);
}

bool asks_only(const NudgeTerm& term, Index unknown) {
  for (const std::vector<Index>* side : {&term.plus, &term.minus})
    for (const Index k : *side)
      if (k >= 0 && k != unknown) return false;
  return true;
}

}  // namespace

double Pull::offset(const Given& targets, Index sample) const { return value_at(term, 0.0, targets, sample); }

std::optional<std::vector<Pull>> pulls_of(const std::vector<NudgeTerm>& terms, const Network& network, Index targets) {
  std::vector<Pull> pulls;
  for (const NudgeTerm& term : terms) {
    const Index neuron = network.neuron_at()[static_cast<std::size_t>(term.row)];
    if (neuron < 0 || !asks_only(term, network.reading(neuron))) return {};
    for (const Pull& pull : pulls)
      if (pull.neuron == neuron) return {};
    Given low = Given::Zero(targets, 1), high = Given::Constant(targets, 1, 0.7);
    const double at_0 = value_at(term, 0.0, low, 0), slope = value_at(term, 1.0, low, 0) - at_0;
    for (const Given* given : {&low, &high})
      for (const double r : {-0.8, 0.3, 2.1}) {
        const double bent = value_at(term, r, *given, 0) - value_at(term, 0.0, *given, 0) - slope * r;
        if (!(std::abs(bent) <= 1e-12 * std::abs(slope))) return {};
      }
    pulls.push_back({neuron, slope, term});
  }
  return pulls;
}

}  // namespace settle
