// Crossing values: a number for every crossing of an array, from one word of its card: a number, an expression of row and col, or a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/scope.hpp"

namespace settle {

/// The crossings of an array; a card's column stands for `split` columns of crossings.
struct CrossingShape {
  std::size_t rows = 0, columns = 0, split = 1;
  std::size_t width() const { return columns * split; }
  std::size_t count() const { return rows * width(); }
};

/// Whose values these are: `array` and `field` key the random numbers, each crossing's its own.
struct CrossingOwner {
  std::string array, field;
};

struct CrossingValues {
  std::vector<double> value;  // one, or one per crossing; empty after an error
  std::string file;           // where they come from; "" for none

  bool same() const { return value.size() == 1; }
  double at(std::size_t crossing) const { return value[same() ? 0 : crossing]; }
};

CrossingValues read_crossing_values(const Scope& scope, const Card& card, std::string_view word, const CrossingShape& shape, const CrossingOwner& owner);

/// "xb[3,7]"
std::string crossing_name(const std::string& array, const CrossingShape& shape, std::size_t crossing);

/// The stream of an array's crossing: neither the array's size nor anything else changes its numbers.
Stream crossing_stream(std::uint64_t seed, const CrossingOwner& owner, std::size_t row, std::size_t column);

}  // namespace settle
