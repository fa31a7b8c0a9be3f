// What a trace holds and how it was made, in words.
#pragma once

#include <string>

#include "sim/trace_reader.hpp"

namespace settle {

/// A page of text; groups beyond `most_groups` are counted, not listed.
std::string describe(const TraceReader& trace, std::size_t most_groups = 20);

}  // namespace settle
