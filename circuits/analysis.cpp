// What the cards of all analyses have in common.
#include "circuits/analysis.hpp"

#include <fmt/format.h>

namespace settle {

std::optional<double> number_at(const AnalysisCard& card, std::size_t k, const std::string& name, Diagnostics& diagnostics) {
  if (k >= card.words.size()) {
    diagnostics.error(card.where, fmt::format(".{} needs {}; usage: {}", card.kind, name, Registry<Analysis>::find(card.kind)->usage()));
    return {};
  }
  const Word& word = card.words[k];
  if (!word.value) diagnostics.error(word.where, fmt::format("'{}' is not a number; .{} expects {} here", word.text, card.kind, name));
  return word.value;
}

void refuse_rest(const AnalysisCard& card, std::size_t words_read, const Analysis& analysis, Diagnostics& diagnostics) {
  for (std::size_t k = words_read; k < card.words.size(); ++k)
    diagnostics.error(card.words[k].where, fmt::format("unexpected '{}' on .{}; usage: {}", card.words[k].text, card.kind, analysis.usage()));
  for (const auto& [key, word] : card.options)
    diagnostics.error(word.where, fmt::format(".{} has no option '{}'; usage: {}", card.kind, key, analysis.usage()));
}

}  // namespace settle
