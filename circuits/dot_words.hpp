// Dot words: which dot cards exist, which are accepted and ignored, and what to say about the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/deck.hpp"

namespace settle {

/// Words of cards that speak of the whole deck: analyses, settings, outputs, options.
bool is_command(std::string_view word, const ReadOptions& options);
/// Any dot word that is read.
bool is_dot_word(std::string_view word, const ReadOptions& options);
/// Cards of other simulators without influence on results.
bool is_ignored_dot_word(std::string_view word);
/// Why a card known from other simulators is refused, and what to do instead; "" if it is not known.
std::string why_unsupported(std::string_view word);
/// All words that are read, for suggestions.
std::vector<std::string_view> dot_words(const ReadOptions& options);

}  // namespace settle
