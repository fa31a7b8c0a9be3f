// Array card: `Ycrossbar name rows columns [model] option=value ...` becomes a FlatArray.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/array_cells.hpp"
#include "circuits/array_words.hpp"

namespace settle {

class ArrayCard {
 public:
  ArrayCard(Expander& expander, const Card& card, const Scope& scope);

  /// Adds the array to the netlist; what is wrong is reported, and the array then left out.
  void read();

 private:
  bool lines();
  bool bus(std::string_view word, std::vector<std::string>& nodes, std::vector<Location>& where);
  void columns_of_signs(const std::vector<std::string>& minus, const std::vector<Location>& minus_where);
  void wires();
  bool devices();
  bool fields(ArrayCells& cells, std::string_view prefix);
  bool selector();
  void conductances();
  CrossingValues parts_of(const CrossingValues& weights);
  CrossingValues feedback(const CrossingValues& forward);
  void clip(const std::vector<double>& forward, double centre, std::vector<double>& back);
  void faults();
  void write_model();
  CrossingShape logical() const { return {shape_.rows, shape_.columns, 1}; }
  void error(std::string_view word, const std::string& text) const { scope_.error(card_.where(word), text); }

  Expander& expander_;
  const Card& card_;
  const Scope& scope_;
  ArrayWords words_;
  FlatArray array_;
  CrossingShape shape_;
  CellReader reader_;
  std::size_t errors_before_;
};

}  // namespace settle
