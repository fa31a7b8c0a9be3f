// Pull: a nudge's current at one output alone, beta (slope r + offset of the targets): that of the squared cost.
#pragma once

#include <optional>
#include <vector>

#include "learning/network.hpp"
#include "sim/nudged.hpp"

namespace settle {

struct Pull {
  Index neuron = 0;
  double slope = 0.0;
  NudgeTerm term;
  double offset(const Given& targets, Index sample) const;
};

/// Nothing if a current depends on anything else, as that of a softmax does. `targets`: how many given values there are.
std::optional<std::vector<Pull>> pulls_of(const std::vector<NudgeTerm>& terms, const Network& network, Index targets);

}  // namespace settle
