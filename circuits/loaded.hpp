// LoadedDeck: a deck that was read, with its files and everything found wrong so far.
#pragma once

#include "circuits/bench.hpp"
#include "circuits/run.hpp"

namespace settle {

/// One analysis card with its name in the trace.
struct NamedPlan {
  std::string name;  // "tran1"
  std::string kind;
  std::unique_ptr<const Plan> plan;
};

class LoadedDeck {
 public:
  /// Reads, elaborates and checks as far as it can be done without a circuit.
  explicit LoadedDeck(const RunRequest& request);

  Sources sources;
  Diagnostics diagnostics;
  Deck deck;
  Overrides set;
  std::uint64_t seed = 1;
  Netlist netlist;  // `.step` cards left out
  Options options;
  std::vector<NamedPlan> plans;  // of the analyses the deck asks for, in its order; of `.op` if it asks for none

 private:
  void make_plans();
};

}  // namespace settle
