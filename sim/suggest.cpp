// Suggestions by Damerau's distance (optimal string alignment).
#include "sim/suggest.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace settle {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Of names equally far, the one that starts most alike is the likeliest.
std::size_t common_prefix(std::string_view a, std::string_view b) {
  std::size_t n = 0;
  while (n < a.size() && n < b.size() && lower(a[n]) == lower(b[n])) ++n;
  return n;
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b, int limit) {
  const int n = static_cast<int>(a.size()), m = static_cast<int>(b.size());
  if (std::abs(n - m) > limit) return limit + 1;
  std::vector<int> before(m + 1), last(m + 1), row(m + 1);
  for (int j = 0; j <= m; ++j) last[j] = j;
  for (int i = 1; i <= n; ++i) {
    row[0] = i;
    for (int j = 1; j <= m; ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + !same});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[m], limit + 1);
}

std::string nearest_name(std::string_view word, const std::vector<std::string_view>& names) {
  int best = word.size() <= 3 ? 1 : 2;
  std::size_t best_prefix = 0;
  std::string nearest;
  for (std::string_view name : names) {
    const int distance = edit_distance(word, name, best);
    // A short name all of whose letters differ is no suggestion.
    const bool shared = distance < static_cast<int>(std::max(word.size(), name.size()));
    if (!shared || distance == 0 || distance > best) continue;
    const std::size_t prefix = common_prefix(word, name);
    if (distance < best || nearest.empty() || prefix > best_prefix) {
      best = distance;
      best_prefix = prefix;
      nearest = name;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view nearest) {
  return nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?";
}

}  // namespace settle
