// Elaboration: a deck with values for its parameters becomes a flat netlist. Can be done again with other values.
#pragma once

#include <cstdint>

#include "circuits/deck.hpp"
#include "circuits/netlist.hpp"
#include "circuits/scope.hpp"

namespace settle {

/// `overrides` replace top-level parameters; "temp" is the temperature. What is wrong goes to `diagnostics`; the netlist then lacks it.
/// `seed` keys the random functions of expressions: another seed, other draws.
Netlist elaborate(const Deck& deck, const Overrides& overrides, Diagnostics& diagnostics, std::uint64_t seed = 0);

}  // namespace settle
