// Whom a random number of a value belongs to: its owner and field, so that neither other cards nor other values of its card change it.
#include "circuits/value_names.hpp"

#include <fmt/format.h>

namespace settle {

/// A value without a field is known by the last bare word before it, and how many words behind that it stands: "v1[sin#2]".
std::string ValueNames::stream_name() const {
  if (!context_.field.empty()) return fmt::format("{}[{}]", context_.owner, context_.field);
  std::string_view word;
  std::size_t behind = 0;
  for (std::size_t k = 0; k < card_.words.size(); ++k, ++behind) {
    const std::string_view candidate = card_.words[k];
    if (candidate.data() > text_.data()) break;
    const bool here = text_.data() < candidate.data() + candidate.size();
    if (here && k >= 2 && card_.words[k - 1] == "=") return fmt::format("{}[{}]", context_.owner, card_.words[k - 2]);
    if (here) break;
    if (is_name(candidate)) word = candidate, behind = 0;
  }
  return fmt::format("{}[{}#{}]", context_.owner, word, behind);
}

}  // namespace settle
