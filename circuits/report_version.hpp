// Version: what this program is built from.
#pragma once

#include <string>

namespace settle {

/// The first line is name and version; then compiler, SIMD and libraries.
std::string version_text();

}  // namespace settle
