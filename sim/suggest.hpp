// Suggestions: the known name a misspelt word most likely meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace settle {

/// Insertions, deletions, changes and swaps of neighbours that lead from a to b, without regard to case; stops counting above `limit`.
int edit_distance(std::string_view a, std::string_view b, int limit);

/// The nearest name within two edits (one for words of up to three letters), or "".
std::string nearest_name(std::string_view word, const std::vector<std::string_view>& names);

/// "" or "; did you mean 'conductance'?"
std::string did_you_mean(std::string_view nearest);

/// Any range of names, or of pairs whose first is a name.
template <class Names>
std::string suggest(std::string_view word, const Names& names) {
  std::vector<std::string_view> list;
  for (const auto& name : names) {
    if constexpr (requires { name.first; }) list.emplace_back(name.first);
    else list.emplace_back(name);
  }
  return did_you_mean(nearest_name(word, list));
}

}  // namespace settle
