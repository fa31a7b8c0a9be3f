// Makes the trace of a killed run readable by every tool.
#pragma once

#include <string>

namespace settle {

/// Repairs the file by way of a copy, which replaces it only once it has been read in full; says what was done.
/// Throws Error(Fault::file), the file untouched, where it is in use or cannot be repaired.
std::string repair(const std::string& path);

}  // namespace settle
