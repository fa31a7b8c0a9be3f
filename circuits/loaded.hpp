// LoadedDeck: a deck that was read, with its files and everything found wrong so far.
#pragma once

#include "circuits/bench.hpp"
#include "circuits/run.hpp"

namespace settle {

class LoadedDeck {
 public:
  explicit LoadedDeck(const RunRequest& request);

  Sources sources;
  Diagnostics diagnostics;
  Deck deck;
  Overrides set;
  std::uint64_t seed = 1;
  Netlist netlist;   // with the first values of all `.step` cards left out
  Options options;

  /// The analyses the deck asks for, in its order; `.op` if it asks for none.
  std::vector<AnalysisCard> cards() const;
};

/// One analysis card with its name in the trace.
struct NamedPlan {
  std::string name;  // "tran1"
  std::string kind;
  std::unique_ptr<Plan> plan;
};

/// Understands every card; errors are reported.
std::vector<NamedPlan> make_plans(LoadedDeck& loaded);

}  // namespace settle
