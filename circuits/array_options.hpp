// Options of a crossbar card: one table of names, units, defaults, bounds and meaning, for the reader and for `settle list crossbar`.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/array.hpp"

namespace settle {

struct ArrayOption {
  enum class Form {
    number,
    per_crossing,  // a number, an expression of row and col, or a file
    word,          // one of `words`
    name,          // of a model
    bus,
    faults         // a fraction, or pairs of row and column
  };

  std::string name, unit, standard, help;
  Form form = Form::number;
  double lower = 0.0;
  double upper = std::numeric_limits<double>::infinity();
  std::vector<std::string> words = {};
  double ArrayWires::*wire = nullptr;  // what it sets in the wires
  bool reciprocal = false;             // given in ohms, kept in siemens
  std::vector<std::string> needs = {};     // without effect unless one of these is on the card: "minus", "ground=virtual"
  std::vector<std::string> excludes = {};  // what it cannot stand beside
};

const std::vector<ArrayOption>& array_options();
/// nullptr if there is none of that name.
const ArrayOption* find_array_option(std::string_view name);

}  // namespace settle
