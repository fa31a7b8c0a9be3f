// Making a pattern wider.
#include "sim/widened.hpp"

#include <algorithm>
#include <set>

namespace settle {

Widened::Widened(const Pattern& inner, const Vector<double>& mass, const std::vector<Place>& more) {
  std::vector<std::set<int>> rows(static_cast<std::size_t>(inner.size));  // of each column
  for (const auto& [row, column] : more) rows[static_cast<std::size_t>(column)].insert(static_cast<int>(row));
  pattern_.size = inner.size;
  pattern_.lines = inner.lines;
  place_.reserve(inner.row.size());
  for (std::size_t j = 0; j < rows.size(); ++j) {
    const auto begin = inner.row.begin() + inner.start[j], end = inner.row.begin() + inner.start[j + 1];
    rows[j].insert(begin, end);
    const auto first = static_cast<std::ptrdiff_t>(pattern_.row.size());
    pattern_.row.insert(pattern_.row.end(), rows[j].begin(), rows[j].end());
    pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
    for (auto row = begin; row != end; ++row)
      place_.push_back(static_cast<int>(std::lower_bound(pattern_.row.begin() + first, pattern_.row.end(), *row) - pattern_.row.begin()));
  }
  mass_ = Vector<double>::Zero(pattern_.entries());
  for (std::size_t k = 0; k < place_.size(); ++k) mass_[place_[k]] = mass[static_cast<Index>(k)];
}

int Widened::entry(Index row, Index column) const {
  const auto begin = pattern_.row.begin() + pattern_.start[static_cast<std::size_t>(column)];
  const auto end = pattern_.row.begin() + pattern_.start[static_cast<std::size_t>(column) + 1];
  return static_cast<int>(std::lower_bound(begin, end, static_cast<int>(row)) - pattern_.row.begin());
}

}  // namespace settle
