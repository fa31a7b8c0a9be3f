// What a device or an array of a recorded run was, in words: nominal value, value used, and the card in between.
#pragma once

#include <string>

#include "sim/trace_reader.hpp"

namespace settle {

/// A page of text on the device, array, crossing ("xb[3,4]") or model-less name `name`; throws Error(Fault::usage) if the trace has none such.
std::string describe_effective(const TraceReader& trace, const std::string& name);

}  // namespace settle
