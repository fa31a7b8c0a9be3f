// NudgedCircuit: a driven circuit under its teaching signal, its memory states frozen where that is asked for.
#pragma once

#include <memory>

#include "circuits/dynamics.hpp"
#include "circuits/held.hpp"
#include "circuits/operating_point.hpp"
#include "circuits/teaching.hpp"
#include "sim/nudged.hpp"

namespace settle {

/// The nudge as the rows of a circuit know it. Throws Error (netlist) if a membrane or an output is driven by a source.
std::vector<NudgeTerm> nudge_terms(const Teaching& teaching, const Circuit& circuit);
/// An expression of node voltages and given values as unknowns know it.
NudgeTerm term_of(const BehaviouralText& text, const Circuit& circuit);

struct NudgedOptions {
  Index samples = 1;
  bool transient = false;  // sources follow their waveforms
  bool frozen = false;     // memory states stand still
};

/// Dynamics inside Held inside Nudged, as far as each is needed.
template <Scalar S>
class NudgedCircuit {
 public:
  NudgedCircuit(const Circuit& circuit, NudgedOptions options) : dynamics_(circuit, options.samples, options.transient) {
    if (!options.frozen) return;
    if (const Holds holds = memories(circuit); !holds.empty()) held_ = std::make_unique<Held<S>>(dynamics_, holds);
  }
  /// `given`: see Nudged.
  NudgedCircuit(const Circuit& circuit, const Teaching& teaching, Strength<S> strength, NudgedOptions options, const Given* given = nullptr) : NudgedCircuit(circuit, options) {
    nudged_ = std::make_unique<Nudged<S>>(free(), nudge_terms(teaching, circuit), std::move(strength), given);
  }

  Dynamics<S>& dynamics() { return dynamics_; }
  /// Without the nudge.
  const LimitedSystem<S>& free() const { return held_ ? static_cast<const LimitedSystem<S>&>(*held_) : dynamics_; }
  const LimitedSystem<S>& system() const { return nudged_ ? static_cast<const LimitedSystem<S>&>(*nudged_) : free(); }
  const Nudged<S>& nudged() const { return *nudged_; }

 private:
  Dynamics<S> dynamics_;
  std::unique_ptr<Held<S>> held_;
  std::unique_ptr<Nudged<S>> nudged_;
};

}  // namespace settle
