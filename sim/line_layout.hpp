// LineLayout: the unknowns of a matrix with lines, sorted for solving along the lines: one family of chains after the other, what hangs on them
// at one crossing only as leaves, the rest outside. Made once per pattern; knows no values.
#pragma once

#include <array>
#include <vector>

#include "sim/pattern.hpp"

namespace settle {

/// Chains of equal length. Of the first family each chain lies in one piece: place = offset + chain * stride + position; of the second the
/// chains lie side by side: place = offset + position * stride + chain. So a crossing of two wires has nearly the same place in both.
struct LineGroup {
  Index chains = 0, length = 0, offset = 0, stride = 0;
};

/// `count` pairs that may be coupled: pair first + t is (a + t * a_step, b + t * b_step), steps 0 or 1.
struct LineRun {
  int a = 0, b = 0, first = 0, count = 0;
  bool a_step = true, b_step = true;
};

/// Unknowns that touch nothing but each other and one unknown of each family at most: local[first] .. local[first + size - 1].
struct LineLeaf {
  static constexpr int largest = 6;
  int first = 0, size = 0;
  int a = -1, b = -1;     // places touched, -1: none
  int pair = -1;          // of a and b
  int value = 0;          // its values start here: inner block by columns, columns of a and b, rows of a and b

  int touched() const { return (a >= 0) + (b >= 0); }
  /// Which of the touched a place is.
  int column(int place) const { return place == a ? 0 : touched() - 1; }
};

/// Entries neither along a chain, nor between the families, nor in a leaf; the first letter is for the row.
enum class LinePart { aa, ar, ra, rr };
struct LineEntry {
  int row = 0, column = 0;
};
struct LineOthers {
  std::vector<LineEntry> entries;
  Index first = 0;  // their values start here
};

/// Where values go. From `cut` on stand the entries whose mirror images stand before; a symmetric matrix does without.
struct LineSections {
  Index along_a = 0, along_b = 0;         // diagonals
  Index next_a = 0, next_b = 0;           // (p, p + 1) along a chain, at the place of p
  Index pairs = 0;                        // (a, b)
  Index leaves = 0, cut = 0;
  Index previous_a = 0, previous_b = 0;   // (p + 1, p)
  Index pairs_back = 0;                   // (b, a)
  Index end = 0;
};

class LineLayout {
 public:
  /// The pattern must have lines.
  explicit LineLayout(const Pattern& pattern);

  /// Places of the first family count from 0, those of the rest, the second family and then what lies outside, again from 0.
  Index a_count = 0, b_count = 0, rest_count = 0;
  Index chain_unknowns = 0;
  std::vector<int> place;              // of each unknown: its place, a_count further on if in the rest; -1 for those of leaves
  std::vector<LineGroup> a_groups, b_groups;
  std::vector<LineRun> runs;
  std::vector<LineLeaf> leaves;
  std::vector<int> local;              // unknowns of the leaves
  std::array<LineOthers, 4> others;    // by LinePart
  std::vector<int> target;             // of each entry of the pattern, among the values
  LineSections sections;

  Index outside() const { return rest_count - b_count; }
  const LineOthers& part(LinePart which) const { return others[static_cast<std::size_t>(which)]; }
  /// The first family can be eliminated chain by chain.
  bool separable() const { return part(LinePart::aa).entries.empty(); }
};

}  // namespace settle
