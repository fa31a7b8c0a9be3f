// Program options: the key=value words of a `.program` card, one table of names, units, bounds and meaning.
#pragma once

#include <string>
#include <vector>

#include "circuits/analysis.hpp"
#include "circuits/verify.hpp"

namespace settle {

struct ProgramOption {
  std::string name, unit, standard, help;
  double ProgramSettings::*member = nullptr;  // null: a word, read on its own
  double lower = 0.0, upper = Field::unbounded;
};

const std::vector<ProgramOption>& program_options();

/// Settings of a card; reports what is wrong with them. `target=` is the business of others.
ProgramSettings read_program_options(const AnalysisCard& card, Diagnostics& diagnostics);

}  // namespace settle
