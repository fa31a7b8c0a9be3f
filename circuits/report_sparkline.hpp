// Sparkline: a curve as one line of characters.
#pragma once

#include <span>
#include <string>

namespace settle {

/// A curve between `low` and `high`, `cells` characters wide; what is not a number is blank. Without Unicode, ASCII characters of growing
/// weight stand for heights.
std::string sparkline(std::span<const double> curve, double low, double high, std::size_t cells, bool unicode);

/// Characters, not bytes, of UTF-8 text; each is taken to be one column wide.
std::size_t columns_of(const std::string& text);
/// Text filled with blanks to a width, its own end (`right` false) or start.
std::string padded(const std::string& text, std::size_t width, bool right = false);
/// Text of at most `width` columns, its end replaced by ".." if it is longer.
std::string shortened(const std::string& text, std::size_t width);

}  // namespace settle
