// Reading name=value options, each with its range.
#include "circuits/card_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "sim/suggest.hpp"

namespace settle {

const Word* CardOptions::find(std::string_view name) const {
  for (const auto& [key, word] : card_.options)
    if (key == name) return &word;
  return nullptr;
}

const Word* CardOptions::take(const std::string& name) {
  known_.insert(name);
  return find(name);
}

double CardOptions::number(const std::string& name, double standard, const Range& range) {
  known_.insert(name);
  const Word* word = find(name);
  if (!word) return standard;
  if (!word->value) return diagnostics_.error(word->where, fmt::format("{}={} is not a number", name, word->text)), standard;
  const double value = *word->value;
  const bool above = range.without_least ? value > range.least : value >= range.least;
  if (above && value <= range.most && (!range.whole || value == std::floor(value))) return value;
  const std::string span = std::isinf(range.most) ? fmt::format("{} {:g}", range.without_least ? "above" : "at least", range.least) : fmt::format("in {:g} .. {:g}", range.least, range.most);
  diagnostics_.error(word->where, fmt::format("{}={:g} is out of range; it is {}{}", name, value, range.whole ? "a whole number " : "", span));
  return standard;
}

double CardOptions::needed(const std::string& name) {
  if (find(name)) return number(name, 0.0, {-INFINITY, INFINITY});
  known_.insert(name);
  diagnostics_.error(card_.where, fmt::format(".{} needs {}=; usage: {}", card_.kind, name, usage_));
  return 0.0;
}

std::string CardOptions::text(const std::string& name) {
  const Word* word = take(name);
  return word ? word->text : "";
}

std::size_t CardOptions::word(const std::string& name, const std::vector<std::string>& known, std::size_t standard) {
  known_.insert(name);
  const Word* word = find(name);
  if (!word) return standard;
  for (std::size_t k = 0; k < known.size(); ++k)
    if (known[k] == word->text) return k;
  diagnostics_.error(word->where, fmt::format("unknown {}={}; it is {}", name, word->text, fmt::join(known, ", ")));
  return standard;
}

void CardOptions::finish(std::size_t words) {
  for (std::size_t k = words; k < card_.words.size(); ++k)
    diagnostics_.error(card_.words[k].where, fmt::format("unexpected '{}' on .{}; usage: {}", card_.words[k].text, card_.kind, usage_));
  std::set<std::string> seen;
  for (const auto& [key, word] : card_.options) {
    if (!known_.count(key))
      diagnostics_.error(word.where, fmt::format(".{} has no option '{}'{}; usage: {}", card_.kind, key, suggest(key, std::vector<std::string>(known_.begin(), known_.end())), usage_));
    else if (!seen.insert(key).second)
      diagnostics_.error(word.where, fmt::format("{}= is given twice", key));
  }
}

}  // namespace settle
