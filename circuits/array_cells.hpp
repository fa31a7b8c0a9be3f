// Array cells: what stands at the crossings: kind and model, fields, and the field that gives each crossing its conductance.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "circuits/array.hpp"
#include "circuits/crossing_values.hpp"
#include "circuits/expander.hpp"

namespace settle {

class CellReader {
 public:
  CellReader(Expander& expander, const Card& card, const Scope& scope, const CrossingShape& shape)
      : expander_(expander), card_(card), scope_(scope), shape_(shape) {}

  /// Kind and model by name; false after an error.
  bool choose(std::string_view word, ArrayCells& cells);
  /// Complains of kinds that have no two terminals of their own.
  bool require_two_terminals(std::string_view word, const ArrayCells& cells) const;

  /// A field of all devices; `owner.array` is what their names begin with ("xb.back").
  void set(ArrayCells& cells, std::string_view name, std::string_view value, const CrossingOwner& owner);
  /// The conductance of every crossing; `word` is where they come from.
  void set_conductances(ArrayCells& cells, CrossingValues g, std::string_view word, const std::string& array);
  /// How the fields contradict each other.
  void check(const ArrayCells& cells, const std::string& array) const;

  /// Conductances in reach of devices with the fields that are the same everywhere.
  std::array<double, 2> reach(const ArrayCells& cells) const;
  std::string describe(const ArrayCells& cells) const;

 private:
  void error(std::string_view word, const std::string& text) const { scope_.error(card_.where(word), text); }
  Environment environment() const;
  Values values_at(const ArrayCells& cells, std::size_t crossing) const;
  bool is_its_weight(const ArrayCells& cells, double g) const;
  bool fit(const ArrayCells& cells, CrossingValues& g, std::string_view word, const std::string& array) const;
  struct Misfit {
    const std::string &array, &file;
    double value;
    std::size_t crossing;
  };
  std::string out_of_reach(const ArrayCells& cells, const Misfit& one, const std::array<double, 2>& range) const;

  Expander& expander_;
  const Card& card_;
  const Scope& scope_;
  const CrossingShape& shape_;
};

}  // namespace settle
