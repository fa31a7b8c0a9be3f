// Widened: the pattern of a system with more places, and where the entries of the system inside went.
#pragma once

#include <utility>
#include <vector>

#include "sim/system.hpp"

namespace settle {

class Widened {
 public:
  using Place = std::pair<Index, Index>;  // row, column

  Widened() = default;
  /// `mass`: on the pattern inside.
  Widened(const Pattern& inner, const Vector<double>& mass, const std::vector<Place>& more);

  const Pattern& pattern() const { return pattern_; }
  const Vector<double>& mass() const { return mass_; }
  /// Number of an entry that is there.
  int entry(Index row, Index column) const;
  /// Values on the pattern inside as values on the wider one.
  template <Scalar S>
  void spread(const Vector<S>& inner, Vector<S>& wide) const {
    wide.setZero(pattern_.entries());
    for (std::size_t k = 0; k < place_.size(); ++k) wide[place_[k]] = inner[static_cast<Index>(k)];
  }

 private:
  Pattern pattern_;
  Vector<double> mass_;
  std::vector<int> place_;  // in pattern_, of the entries inside
};

}  // namespace settle
