// Text of unknown encoding as UTF-8.
#pragma once

#include <string>

namespace settle {

/// The text itself where it is UTF-8; otherwise its bytes read as Latin-1, so no character of an old deck is lost.
std::string to_utf8(const std::string& text);

}  // namespace settle
