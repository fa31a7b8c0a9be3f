// Elaboration: a deck with values for its parameters becomes a flat netlist. Can be done again with other values.
#pragma once

#include <cstdint>
#include <optional>

#include "circuits/deck.hpp"
#include "circuits/netlist.hpp"
#include "circuits/scope.hpp"

namespace settle {

/// `overrides` replace top-level parameters; "temp" is the temperature, "seed" the seed. What is wrong goes to `diagnostics`; the netlist
/// then lacks it. `seed` keys every random number of the deck; without it `.options seed` does, or 1.
Netlist elaborate(const Deck& deck, const Overrides& overrides, Diagnostics& diagnostics, std::optional<std::uint64_t> seed = {});

}  // namespace settle
