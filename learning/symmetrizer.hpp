// Symmetrizer: factors d > 0, one per neuron, for which diag(d) J is symmetric. Where they exist the response differs from the error signal by these
// factors alone, lambda_i = d_i q_i for a nudge that pushes dC/dr / d, so that rates per neuron (or layer) make the rule exact.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "learning/activity.hpp"

namespace settle {

/// Name of a neuron and its factor, relative to the first neuron of its connected part.
using Symmetrizer = std::vector<std::pair<std::string, double>>;

/// Nothing if J is not diagonally symmetrizable.
std::optional<Symmetrizer> symmetrizer_of(const SparseMatrix& J, const ActivityModel& model);
bool same_symmetrizer(const Symmetrizer& a, const std::optional<Symmetrizer>& b);
/// True if all factors are 1: J is symmetric.
bool trivial(const Symmetrizer& factors);

}  // namespace settle
