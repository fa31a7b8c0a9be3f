// Array faults: crossings that are stuck, open or short, listed on the card or drawn from the seed.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "circuits/array.hpp"
#include "circuits/array_words.hpp"
#include "circuits/crossing_values.hpp"

namespace settle {

class FaultReader {
 public:
  FaultReader(const Scope& scope, const Card& card, const ArrayWords& words, const CrossingShape& shape, std::string array)
      : scope_(scope), card_(card), words_(words), shape_(shape), array_(std::move(array)) {}

  /// `reach`: the least and the most a cell conducts, where the card does not say; NaN if the model does not.
  std::vector<ArrayFault> read(const std::array<double, 2>& reach);

 private:
  using Sort = ArrayFault::Sort;

  void draw();
  void list(const GivenOption& given, Sort sort);
  bool take_place(const GivenOption& given, std::size_t k, std::size_t& crossing);
  double index(std::string_view word, std::size_t width, const char* what);
  std::array<double, 4> conductances(const std::array<double, 2>& reach);
  double conductance(const char* option, const char* sort, double standard);

  const Scope& scope_;
  const Card& card_;
  const ArrayWords& words_;
  const CrossingShape& shape_;
  std::string array_;
  std::map<std::size_t, Sort> sorts_;
  std::map<std::size_t, Location> listed_;
};

}  // namespace settle
