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

/// Understands every analysis card of a netlist (`.op` if there is none); errors are reported.
std::vector<NamedPlan> make_plans(const Netlist& netlist, Diagnostics& diagnostics);

class LoadedDeck {
 public:
  /// Reads, elaborates and checks as far as it can be done without a circuit.
  explicit LoadedDeck(const RunRequest& request);

  Sources sources;
  Diagnostics diagnostics;
  Deck deck;
  Overrides set;
  std::vector<DeviceSetting> devices;
  std::optional<std::uint64_t> seed;  // of the command line
  Rewriting rewriting;
  Netlist netlist;  // `.step` cards left out
  Options options;
  std::vector<NamedPlan> plans;

  BenchSetup setup() const { return {.deck = deck, .set = set, .devices = devices, .seed = seed, .rewriting = rewriting}; }

 private:
  void take_settings(const RunRequest& request);
  void check_devices();
};

}  // namespace settle
