// SHA-256 (FIPS 180-4), by which a trace says exactly which text it was made from.
#pragma once

#include <string>
#include <string_view>

namespace settle {

/// 64 hexadecimal digits.
std::string sha256(std::string_view text);

}  // namespace settle
