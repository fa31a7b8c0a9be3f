// Provenance: how a run came about, as its trace records it.
#pragma once

#include "circuits/loaded.hpp"
#include "sim/trace.hpp"

namespace settle {

Provenance provenance(const LoadedDeck& loaded, const RunRequest& request);

}  // namespace settle
