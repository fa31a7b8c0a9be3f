// Which chain each unknown of a pattern with lines belongs to, and what the others are connected with.
#pragma once

#include <numeric>
#include <stdexcept>
#include <vector>

#include "sim/line_layout.hpp"

namespace settle {

/// Calls visit(entry, row, column).
template <class Visit>
void each_entry(const Pattern& pattern, Visit visit) {
  for (int j = 0; j < pattern.size; ++j)
    for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e) visit(e, pattern.row[e], j);
}

/// Family (0, 1; -1: none), and a number that neighbours in a chain have in sequence and others have not.
struct LineMembers {
  std::vector<signed char> family;
  std::vector<int> sequence;

  explicit LineMembers(const Pattern& pattern)
      : family(static_cast<std::size_t>(pattern.size), -1), sequence(family.size(), 0) {
    add(pattern.lines->rows, 0);
    add(pattern.lines->columns, 1);
  }
  void add(const Lines::Family& lines, signed char which) {
    int number = 0;
    for (std::size_t chain = 0; chain + 1 < lines.start.size(); ++chain, ++number)
      for (int k = lines.start[chain]; k < lines.start[chain + 1]; ++k, ++number) {
        const int u = lines.unknown[k];
        if (u < 0 || u >= static_cast<int>(family.size()) || family[u] >= 0) throw std::logic_error("an unknown is in no chain or in two");
        family[u] = which;
        sequence[u] = number;
      }
  }
  bool along_chain(int row, int column) const { return family[row] == family[column] && std::abs(sequence[row] - sequence[column]) <= 1; }
};

/// The unknowns in no chain, by connected components.
class LineComponents {
 public:
  struct Touch {
    int a = -1, b = -1, size = 0;
    bool outside = false;
  };

  LineComponents(const Pattern& pattern, const LineMembers& member, int first_family) : parent_(pattern.size), touch_(pattern.size) {
    std::iota(parent_.begin(), parent_.end(), 0);
    each_entry(pattern, [&](int, int i, int j) {
      if (member.family[i] < 0 && member.family[j] < 0) parent_[root(i)] = root(j);
    });
    for (int u = 0; u < pattern.size; ++u)
      if (member.family[u] < 0) ++touch_[root(u)].size;
    each_entry(pattern, [&](int, int i, int j) {
      if (member.family[i] < 0 && member.family[j] >= 0) note(touch_[root(i)], j, member.family[j] == first_family);
      if (member.family[j] < 0 && member.family[i] >= 0) note(touch_[root(j)], i, member.family[i] == first_family);
    });
  }
  int root(int u) {
    while (parent_[u] != u) u = parent_[u] = parent_[parent_[u]];
    return u;
  }
  /// The places are unknowns here.
  const Touch& touch(int u) { return touch_[root(u)]; }
  static bool leaf(const Touch& t) { return !t.outside && t.size <= LineLeaf::largest && (t.a >= 0 || t.b >= 0); }

 private:
  static void note(Touch& t, int u, bool a) {
    int& seen = a ? t.a : t.b;
    if (seen >= 0 && seen != u) t.outside = true;
    seen = u;
  }
  std::vector<int> parent_;
  std::vector<Touch> touch_;
};

}  // namespace settle
