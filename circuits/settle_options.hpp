// What a `.settle` card asks for.
#pragma once

#include "circuits/analysis.hpp"

namespace settle {

struct SettleOptions {
  enum class Method { relax, newton };
  enum class From { zero, op, ic };
  Method method = Method::relax;
  std::optional<From> from;      // left out: ic if the deck gives initial conditions, else zero
  double tolerance = 1e-3;       // share of a node's way
  double limit = 0.0;            // s; 0: from the circuit's own time constants
  Location where;
};

std::vector<CardParameter> settle_parameters();
/// Reports everything wrong with the card; nothing if there was anything.
std::optional<SettleOptions> read_settle(const AnalysisCard& card, Diagnostics& diagnostics);

}  // namespace settle
