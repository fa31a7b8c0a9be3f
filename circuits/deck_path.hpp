// Files a deck names: beside the file that names them, or else where the program runs.
#pragma once

#include <string>

#include "circuits/lexer.hpp"

namespace settle {

/// `name` may go on behind a colon: FILE.h5:/path.
std::string deck_path(const Card& card, const std::string& name);

}  // namespace settle
