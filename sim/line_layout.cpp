// The sorting of unknowns and entries for solving along lines; every step takes time in proportion to the entries.
#include "sim/line_layout.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "sim/line_members.hpp"

namespace settle {
namespace {

/// A stride whose rows do not all fall on the same lines of a cache.
Index padded(Index length) { return length >= 64 && length % 64 == 0 ? length + 8 : length; }

/// Places of one family, its first being `shift`; returns how many they are.
Index place_family(const Lines::Family& lines, bool side_by_side, Index shift, std::vector<LineGroup>& groups, std::vector<int>& place) {
  Index offset = 0;
  const std::size_t chains = lines.start.size() - 1;
  auto length = [&](std::size_t k) { return static_cast<Index>(lines.start[k + 1] - lines.start[k]); };
  for (std::size_t first = 0, last; first < chains; first = last) {
    for (last = first + 1; last < chains && length(last) == length(first);) ++last;
    const Index count = static_cast<Index>(last - first), n = length(first);
    if (n == 0) continue;
    const LineGroup group{count, n, offset, side_by_side ? count : padded(n)};
    for (Index c = 0; c < count; ++c)
      for (Index p = 0; p < n; ++p)
        place[lines.unknown[lines.start[first + c] + p]] =
            static_cast<int>(shift + offset + (side_by_side ? p * group.stride + c : c * group.stride + p));
    offset += (side_by_side ? n : count) * group.stride;
    groups.push_back(group);
  }
  return offset;
}

}  // namespace

/// Fills a layout step by step.
class LineLayoutMaker {
 public:
  LineLayoutMaker(const Pattern& pattern, LineLayout& layout) : pattern_(pattern), out_(layout), member_(pattern) {
    choose_families();
    place_chains();
    place_rest();
    pair_up();
    make_runs();
    collect_others();
    make_sections();
    make_targets();
  }

 private:
  /// The first family is eliminated: the larger one, unless its chains are coupled with each other and those of the other are not.
  void choose_families() {
    bool coupled[2] = {false, false};
    each_entry(pattern_, [&](int, int i, int j) {
      if (member_.family[i] >= 0 && member_.family[i] == member_.family[j] && !member_.along_chain(i, j)) coupled[member_.family[i]] = true;
    });
    const std::size_t rows = pattern_.lines->rows.unknown.size(), columns = pattern_.lines->columns.unknown.size();
    first_ = coupled[0] != coupled[1] ? coupled[0] : columns > rows;
    out_.chain_unknowns = static_cast<Index>(rows + columns);
  }

  void place_chains() {
    out_.place.assign(pattern_.size, -1);
    const Lines& lines = *pattern_.lines;
    out_.a_count = place_family(first_ ? lines.columns : lines.rows, false, 0, out_.a_groups, out_.place);
    out_.b_count = place_family(first_ ? lines.rows : lines.columns, true, out_.a_count, out_.b_groups, out_.place);
    out_.rest_count = out_.b_count;
  }

  void place_rest() {
    LineComponents components(pattern_, member_, first_);
    std::vector<int> leaf_at(pattern_.size, -1);  // by root
    leaf_of_.assign(pattern_.size, -1);
    for (int u = 0; u < pattern_.size; ++u) {
      if (member_.family[u] >= 0) continue;
      const LineComponents::Touch& t = components.touch(u);
      if (!LineComponents::leaf(t)) {
        out_.place[u] = static_cast<int>(out_.a_count + out_.rest_count++);
        continue;
      }
      int& leaf = leaf_at[components.root(u)];
      if (leaf < 0) {
        leaf = static_cast<int>(out_.leaves.size());
        out_.leaves.push_back({.size = t.size, .a = t.a < 0 ? -1 : out_.place[t.a], .b = t.b < 0 ? -1 : out_.place[t.b]});
      }
      leaf_of_[u] = leaf;
    }
    sort_leaves();
  }

  /// The unknowns of a leaf side by side.
  void sort_leaves() {
    int count = 0;
    for (LineLeaf& leaf : out_.leaves) {
      leaf.first = count;
      count += leaf.size;
    }
    out_.local.resize(count);
    std::vector<int> filled(out_.leaves.size(), 0);
    within_.assign(count ? pattern_.size : 0, 0);
    for (int u = 0; u < pattern_.size; ++u)
      if (leaf_of_[u] >= 0) {
        within_[u] = filled[leaf_of_[u]]++;
        out_.local[out_.leaves[leaf_of_[u]].first + within_[u]] = u;
      }
  }

  bool between(int i, int j) const { return member_.family[i] >= 0 && member_.family[j] >= 0 && member_.family[i] != member_.family[j]; }

  /// All pairs (a, b) that are coupled or will be once the leaves are eliminated, by a and b ascending.
  void pair_up() {
    const Index na = out_.a_count;
    pair_start_.assign(na + 1, 0);
    auto each_pair = [&](auto visit) {
      each_entry(pattern_, [&](int, int i, int j) {
        if (between(i, j)) visit(std::min(out_.place[i], out_.place[j]), std::max(out_.place[i], out_.place[j]));
      });
      for (const LineLeaf& leaf : out_.leaves)
        if (leaf.a >= 0 && leaf.b >= 0) visit(leaf.a, leaf.b);
    };
    each_pair([&](int a, int) { ++pair_start_[a + 1]; });
    std::partial_sum(pair_start_.begin(), pair_start_.end(), pair_start_.begin());
    pair_b_.resize(pair_start_.back());
    std::vector<int> next(pair_start_.begin(), pair_start_.end() - 1);
    each_pair([&](int a, int b) { pair_b_[next[a]++] = b; });
    int kept = 0;
    for (Index a = 0; a < na; ++a) {
      const auto begin = pair_b_.begin() + pair_start_[a], end = pair_b_.begin() + pair_start_[a + 1];
      std::sort(begin, end);
      const auto last = std::unique(begin, end);
      pair_start_[a] = kept;
      for (auto it = begin; it != last; ++it) pair_b_[kept++] = *it;
    }
    pair_start_[na] = kept;
    pair_b_.resize(kept);
    for (LineLeaf& leaf : out_.leaves)
      if (leaf.a >= 0 && leaf.b >= 0) leaf.pair = pair(leaf.a, leaf.b);
  }

  int pair(int a, int b) const {
    const auto begin = pair_b_.begin() + pair_start_[a], end = pair_b_.begin() + pair_start_[a + 1];
    return static_cast<int>(std::lower_bound(begin, end, b) - pair_b_.begin());
  }

  void make_runs() {
    for (Index a = 0; a < out_.a_count; ++a)
      for (int k = pair_start_[a]; k < pair_start_[a + 1]; ++k) {
        LineRun* run = out_.runs.empty() ? nullptr : &out_.runs.back();
        const int b = pair_b_[k] - static_cast<int>(out_.a_count);
        if (run && run->count == 1) {  // its second pair sets the steps
          run->a_step = a != run->a;
          run->b_step = b != run->b;
        }
        if (run && a == run->a + run->a_step * run->count && b == run->b + run->b_step * run->count)
          ++run->count;
        else
          out_.runs.push_back({static_cast<int>(a), b, k, 1, true, true});
      }
  }

  bool other(int i, int j) const {
    if (leaf_of_[i] >= 0 || leaf_of_[j] >= 0 || between(i, j)) return false;
    return member_.family[i] < 0 || member_.family[j] < 0 || !member_.along_chain(i, j);
  }

  LineOthers& part(int i, int j) { return out_.others[(out_.place[i] >= out_.a_count) * 2 + (out_.place[j] >= out_.a_count)]; }

  void collect_others() {
    const int shift = static_cast<int>(out_.a_count);
    auto within = [&](int u) { return out_.place[u] - (out_.place[u] >= shift ? shift : 0); };
    each_entry(pattern_, [&](int, int i, int j) {
      if (other(i, j)) part(i, j).entries.push_back({within(i), within(j)});
    });
  }

  void make_sections() {
    LineSections& s = out_.sections;
    s.along_b = s.along_a + out_.a_count;
    s.next_a = s.along_b + out_.b_count;
    s.next_b = s.next_a + out_.a_count;
    s.pairs = s.next_b + out_.b_count;
    Index next = s.pairs + static_cast<Index>(pair_b_.size());
    for (LineOthers& others : out_.others) {
      others.first = next;
      next += static_cast<Index>(others.entries.size());
    }
    s.leaves = next;
    for (LineLeaf& leaf : out_.leaves) {
      leaf.value = static_cast<int>(next);
      next += leaf.size * (leaf.size + 2 * leaf.touched());
    }
    s.cut = s.previous_a = next;
    s.previous_b = s.previous_a + out_.a_count;
    s.pairs_back = s.previous_b + out_.b_count;
    s.end = s.pairs_back + static_cast<Index>(pair_b_.size());
    if (s.end > INT32_MAX) throw std::logic_error("too many values along lines");
  }

  void make_targets() {
    out_.target.resize(pattern_.row.size());
    std::array<int, 4> next;
    for (std::size_t k = 0; k < 4; ++k) next[k] = static_cast<int>(out_.others[k].first);
    each_entry(pattern_, [&](int e, int i, int j) {
      out_.target[e] = leaf_of_[i] >= 0 || leaf_of_[j] >= 0 ? leaf_target(i, j)
                       : between(i, j)                      ? pair_target(i, j)
                       : other(i, j)                        ? next[&part(i, j) - out_.others.data()]++
                                                            : chain_target(i, j);
    });
  }

  int leaf_target(int i, int j) const {
    const LineLeaf& leaf = out_.leaves[leaf_of_[i] >= 0 ? leaf_of_[i] : leaf_of_[j]];
    const int s = leaf.size;
    if (leaf_of_[i] >= 0 && leaf_of_[j] >= 0) return leaf.value + within_[j] * s + within_[i];
    if (leaf_of_[i] >= 0) return leaf.value + s * (s + leaf.column(out_.place[j])) + within_[i];
    return leaf.value + s * (s + leaf.touched() + leaf.column(out_.place[i])) + within_[j];
  }

  int pair_target(int i, int j) const {
    const int a = std::min(out_.place[i], out_.place[j]), b = std::max(out_.place[i], out_.place[j]);
    return pair(a, b) + static_cast<int>(out_.place[i] == a ? out_.sections.pairs : out_.sections.pairs_back);
  }

  int chain_target(int i, int j) const {
    const LineSections& s = out_.sections;
    const bool a = member_.family[i] == first_;
    const int step = member_.sequence[j] - member_.sequence[i];
    const int at = (step < 0 ? out_.place[j] : out_.place[i]) - static_cast<int>(a ? 0 : out_.a_count);
    const Index section = step == 0 ? (a ? s.along_a : s.along_b) : step > 0 ? (a ? s.next_a : s.next_b) : (a ? s.previous_a : s.previous_b);
    return static_cast<int>(section) + at;
  }

  const Pattern& pattern_;
  LineLayout& out_;
  LineMembers member_;
  int first_ = 0;                         // the family eliminated
  std::vector<int> leaf_of_, within_;     // of each unknown: its leaf, -1 for none, and its number in it
  std::vector<int> pair_start_, pair_b_;  // the pairs of each a
};

LineLayout::LineLayout(const Pattern& pattern) { LineLayoutMaker(pattern, *this); }

}  // namespace settle
