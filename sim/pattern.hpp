// Pattern: the places of a sparse square matrix, fixed for a run; Stamps: the way elements fill such places.
#pragma once

#include <memory>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

/// Two families of chains of unknowns (the row wires and the column wires of crossbars): along a chain neighbours are coupled, which
/// a sparse solver may use. Chain k of a family is unknown[start[k]] .. unknown[start[k + 1] - 1]; an unknown is in one chain at most.
struct Lines {
  struct Family {
    std::vector<int> unknown, start{0};
  };
  Family rows, columns;
};

/// Compressed columns: the entries of column j stand at start[j] .. start[j+1] with their rows in ascending order.
struct Pattern {
  Index size = 0;
  std::vector<int> start{0};
  std::vector<int> row;
  std::shared_ptr<const Lines> lines;  // a hint for sparse solvers: null or the chains among the unknowns
  Index entries() const { return static_cast<Index>(row.size()); }
};

/// A place of a matrix.
struct Place {
  int row = 0;
  int column = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Collects the places in the order elements add them; every later pass must add in the same order.
class PlaceRecorder {
 public:
  void add(Index row, Index column) { places_.push_back({static_cast<int>(row), static_cast<int>(column)}); }
  const std::vector<Place>& places() const { return places_; }

 private:
  std::vector<Place> places_;
};

/// Where elements add the entries of a matrix. The k-th `add` of a pass goes to the k-th slot of the recording pass, so an element
/// neither searches nor remembers; it must add the same places in the same order each time. Without slots it records the places.
template <Scalar S>
class Stamps {
 public:
  explicit Stamps(PlaceRecorder& recorder) : recorder_(&recorder) {}
  Stamps(const std::vector<int>& slots, std::size_t first, S* values) : slot_(slots.data() + first), values_(values) {}

  void add(Index row, Index column, const S& value) {
    if (recorder_)
      recorder_->add(row, column);
    else
      values_[*slot_++] += value;
  }

 private:
  PlaceRecorder* recorder_ = nullptr;
  const int* slot_ = nullptr;
  S* values_ = nullptr;
};

}  // namespace settle
