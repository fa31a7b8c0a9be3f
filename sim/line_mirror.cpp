// Whether a matrix with lines is symmetric, found while it is loaded.
#include <algorithm>
#include <tuple>

#include "sim/line_leaf.hpp"
#include "sim/line_values.hpp"

namespace settle {

template <Scalar S>
bool LineValues<S>::mirrored(const Vector<S>& values) const {
  const LineSections& s = layout_->sections;
  Index seen = 0, there = 0;
  for (Index e = 0; e < values.size(); ++e) {
    const int target = layout_->target[e];
    if (target < s.next_a || (target >= s.pairs + (s.end - s.pairs_back) && target < s.cut)) continue;
    if (target < s.cut) {
      there += values_[target] != S(0.0);
      continue;
    }
    const Index image = target >= s.pairs_back ? target - s.pairs_back + s.pairs : target - s.previous_a + s.next_a;
    if (values[e] != values_[image]) return false;
    seen += values[e] != S(0.0);
  }
  return seen == there && mirrored_leaves() && mirrored_others();
}

template <Scalar S>
bool LineValues<S>::mirrored_leaves() const {
  for (const LineLeaf& leaf : layout_->leaves) {
    const LeafBlocks<const S> b(leaf, values_.data());
    if (leaf.size > 1 && b.inner != b.inner.transpose()) return false;
    if (leaf.touched() > 0 && b.columns != b.rows.transpose()) return false;
  }
  return true;
}

template <Scalar S>
bool LineValues<S>::mirrored_others() const {
  struct Entry {
    int part, row, column;
    S value;
    bool before(const Entry& e) const { return std::tie(part, row, column) < std::tie(e.part, e.row, e.column); }
  };
  std::vector<Entry> here, across;
  for (int part = 0; part < 4; ++part) {
    const LineOthers& others = layout_->others[static_cast<std::size_t>(part)];
    for (std::size_t k = 0; k < others.entries.size(); ++k) {
      const auto [row, column] = others.entries[k];
      const S value = values_[others.first + static_cast<Index>(k)];
      if (value == S(0.0)) continue;
      here.push_back({part, row, column, value});
      across.push_back({part == 1 || part == 2 ? 3 - part : part, column, row, value});
    }
  }
  auto less = [](const Entry& a, const Entry& b) { return a.before(b); };
  std::sort(here.begin(), here.end(), less);
  std::sort(across.begin(), across.end(), less);
  return std::equal(here.begin(), here.end(), across.begin(),
                    [](const Entry& a, const Entry& b) { return !a.before(b) && !b.before(a) && a.value == b.value; });
}

template bool LineValues<double>::mirrored(const Vector<double>&) const;
template bool LineValues<Complex>::mirrored(const Vector<Complex>&) const;

}  // namespace settle
