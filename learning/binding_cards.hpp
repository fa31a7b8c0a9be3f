// .input and .target cards, one by one: what `binding_of` puts together.
#pragma once

#include <limits>

#include "circuits/card_options.hpp"
#include "learning/binding.hpp"
#include "learning/bound_names.hpp"

namespace settle {

/// A card, the netlist it speaks of, and the data; without an outline, what depends on its sizes is left unchecked.
struct BindingCard {
  const AnalysisCard& card;
  const BoundNames& names;
  const DataOutline* outline;
  Diagnostics& diagnostics;
};

constexpr CardOptions::Range any_number{-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};

/// Reports a card that has no `.task` to speak of.
void check_has_task(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics);

std::vector<BoundInput> read_inputs(const BindingCard& card);
std::vector<BoundTarget> read_targets(const BindingCard& card);

/// What is bound to what, in words.
struct Binds {
  std::string pin, pins;    // "source", "sources"
  std::string value, values;  // "feature", "features"
  Index available = 0;      // how many the data have
};

/// The numbers that belong to `count` pins: those of the option features= or targets=, or all. Empty after an error was reported.
std::vector<Index> bound_indices(const BindingCard& card, const Word* option, std::size_t count, const Binds& binds);

}  // namespace settle
