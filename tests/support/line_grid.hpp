// A matrix of wired arrays for tests: chains, crossings and what else may hang on them, written entry by entry.
#pragma once

#include <map>
#include <memory>
#include <random>

#include "sim/pattern.hpp"

namespace settle {

/// Entries are summed as devices stamp them; `finish` makes the pattern and the values.
template <Scalar S>
class LineGrid {
 public:
  using Entries = std::map<std::pair<int, int>, S>;  // by column and row

  int unknown() { return size_++; }
  int unknowns() const { return size_; }
  void add(int row, int column, S value) { entries_[{column, row}] += value; }
  /// A two-terminal conductance; -1 is ground.
  void conductance(int a, int b, S g) {
    current(a, b, a, b, g);
  }
  /// A current g (v_p - v_m) from a to b.
  void current(int a, int b, int p, int m, S g) {
    for (auto [row, sign] : {std::pair{a, 1.0}, std::pair{b, -1.0}})
      for (auto [column, other] : {std::pair{p, 1.0}, std::pair{m, -1.0}})
        if (row >= 0 && column >= 0) add(row, column, sign * other * g);
  }
  /// Wires of an m x n array; the nodes of crossing (i, j) are row[i * n + j] and column[i * n + j]. Each row is driven through g at its left
  /// end, each column sensed through g at its bottom.
  struct Array {
    int m = 0, n = 0;
    std::vector<int> row, column;
  };
  Array wires(int m, int n, S g) {
    Array array{m, n, {}, {}};
    for (int k = 0; k < m * n; ++k) {
      array.row.push_back(unknown());
      array.column.push_back(unknown());
    }
    for (int i = 0; i < m; ++i) {
      for (int j = 0; j < n; ++j) {
        lines.rows.unknown.push_back(array.row[i * n + j]);
        if (j) conductance(array.row[i * n + j - 1], array.row[i * n + j], g);
      }
      lines.rows.start.push_back(static_cast<int>(lines.rows.unknown.size()));
      conductance(array.row[i * n], -1, g);
    }
    for (int j = 0; j < n; ++j) {
      for (int i = 0; i < m; ++i) {
        lines.columns.unknown.push_back(array.column[i * n + j]);
        if (i) conductance(array.column[(i - 1) * n + j], array.column[i * n + j], g);
      }
      lines.columns.start.push_back(static_cast<int>(lines.columns.unknown.size()));
      conductance(array.column[(m - 1) * n + j], -1, g);
    }
    return array;
  }
  /// Conductances around g, uniform in log over two decades, at all crossings.
  void cells(const Array& array, S g) {
    for (int k = 0; k < array.m * array.n; ++k) conductance(array.row[k], array.column[k], g * scatter());
  }
  double scatter() { return std::pow(10.0, std::uniform_real_distribution<double>(-1.0, 1.0)(random)); }

  void finish() {
    pattern = {};
    pattern.size = size_;
    pattern.start.assign(static_cast<std::size_t>(size_) + 1, 0);
    values.resize(static_cast<Index>(entries_.size()));
    for (const auto& [place, value] : entries_) {
      ++pattern.start[place.first + 1];
      values[pattern.entries()] = value;
      pattern.row.push_back(place.second);
    }
    for (int j = 0; j < size_; ++j) pattern.start[j + 1] += pattern.start[j];
    pattern.lines = std::make_shared<Lines>(lines);
  }

  Vector<S> times(const Vector<S>& x, bool transposed = false) const {
    Vector<S> y = Vector<S>::Zero(pattern.size);
    for (int j = 0; j < pattern.size; ++j)
      for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e)
        transposed ? y[j] += values[e] * x[pattern.row[e]] : y[pattern.row[e]] += values[e] * x[j];
    return y;
  }

  Pattern pattern;
  Vector<S> values;
  Lines lines;
  std::mt19937 random{1};

 private:
  int size_ = 0;
  Entries entries_;
};

}  // namespace settle
