// One pass over the places in column order: linear in their number, since an array of a million devices stamps ten million of them.
#include "circuits/places.hpp"

#include <algorithm>
#include <numeric>

namespace settle {
namespace {

bool touches_ground(const Place& p) { return p.row == 0 || p.column == 0; }

/// Places of the unknowns sorted by column: their rows, and where they came from.
class ColumnOrder {
 public:
  ColumnOrder(const std::vector<const std::vector<Place>*>& lists, Index unknowns, Index fixed) : start_(static_cast<std::size_t>(unknowns) + 1, 0) {
    const auto each = [&](const auto& visit) {
      for (std::size_t l = 0; l < lists.size(); ++l)
        for (std::size_t k = 0; k < lists[l]->size(); ++k)
          if (const Place& p = (*lists[l])[k]; p.row >= fixed && p.column >= fixed) visit(p, l, k);
    };
    each([&](const Place& p, std::size_t, std::size_t) { ++start_[static_cast<std::size_t>(p.column - fixed) + 1]; });
    std::partial_sum(start_.begin(), start_.end(), start_.begin());
    entry_.resize(start_.back());
    std::vector<std::size_t> next(start_.begin(), start_.end() - 1);
    each([&](const Place& p, std::size_t l, std::size_t k) {
      entry_[next[static_cast<std::size_t>(p.column - fixed)]++] = {static_cast<int>(p.row - fixed), static_cast<int>(l), static_cast<int>(k)};
    });
  }

  /// Appends the column's rows to the pattern, its diagonal among them, and notes the slot of every place.
  void finish_column(Index column, Pattern& pattern, std::vector<std::vector<int>>& slot_of) {
    const auto begin = entry_.begin() + static_cast<std::ptrdiff_t>(start_[static_cast<std::size_t>(column)]);
    const auto end = entry_.begin() + static_cast<std::ptrdiff_t>(start_[static_cast<std::size_t>(column) + 1]);
    std::sort(begin, end, [](const Entry& a, const Entry& b) { return a.row < b.row; });
    const int diagonal = static_cast<int>(column);
    bool has_diagonal = false;
    int last = -1;
    const auto append = [&](int row) {
      if (row != last) pattern.row.push_back(last = row);
    };
    for (auto it = begin; it != end; ++it) {
      if (!has_diagonal && it->row >= diagonal) append(diagonal), has_diagonal = true;
      append(it->row);
      slot_of[static_cast<std::size_t>(it->list)][static_cast<std::size_t>(it->place)] = static_cast<int>(pattern.row.size()) - 1;
    }
    if (!has_diagonal) append(diagonal);
    pattern.start.push_back(static_cast<int>(pattern.row.size()));
  }

 private:
  struct Entry {
    int row, list, place;
  };
  std::vector<std::size_t> start_;
  std::vector<Entry> entry_;
};

}  // namespace

PlacePlan plan_places(const std::vector<const std::vector<Place>*>& lists, Index rows, Index fixed) {
  PlacePlan plan;
  for (const auto* places : lists) plan.slot_of.emplace_back(places->size());
  plan.pattern.size = rows - fixed;
  {
    ColumnOrder order(lists, rows - fixed, fixed);
    for (Index column = 0; column < rows - fixed; ++column) order.finish_column(column, plan.pattern, plan.slot_of);
  }
  std::vector<Place> outer;
  const auto is_outer = [&](const Place& p) { return !touches_ground(p) && (p.row < fixed || p.column < fixed); };
  for (const auto* places : lists) std::copy_if(places->begin(), places->end(), std::back_inserter(outer), is_outer);
  std::sort(outer.begin(), outer.end());
  outer.erase(std::unique(outer.begin(), outer.end()), outer.end());
  const Index inner = plan.pattern.entries();
  for (std::size_t k = 0; k < outer.size(); ++k) plan.border.push_back({outer[k], inner + static_cast<Index>(k)});
  plan.slots = inner + static_cast<Index>(outer.size()) + 1;
  for (std::size_t l = 0; l < lists.size(); ++l)
    for (std::size_t k = 0; k < lists[l]->size(); ++k) {
      const Place& p = (*lists[l])[k];
      if (touches_ground(p)) plan.slot_of[l][k] = static_cast<int>(plan.slots - 1);
      else if (is_outer(p)) plan.slot_of[l][k] = static_cast<int>(inner + (std::lower_bound(outer.begin(), outer.end(), p) - outer.begin()));
    }
  return plan;
}

}  // namespace settle
