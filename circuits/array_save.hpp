// Array save: what a crossing's devices are at the end of an analysis, conductances or states, written as a matrix per array.
#pragma once

#include <string>
#include <vector>

#include "circuits/circuit.hpp"
#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"

namespace settle {

/// Arrays and quantities that do not exist, files of an unknown kind.
void check_array_saves(const Netlist& netlist, const Circuit& circuit, Diagnostics& diagnostics);

/// One file to be written.
struct SavedArray {
  std::string file, quantity, unit;
  Block<double> values;  // a device without the quantity (one that is faulty) is NaN
};

/// What the deck asks of `analysis`; `suffix` goes before the ending of a file's name, or behind that of a dataset.
std::vector<SavedArray> saved_arrays(const Netlist& netlist, const Circuit& circuit, const std::string& analysis, const std::string& suffix,
                                     const Solution<double>& at);
void write(const SavedArray& saved);

}  // namespace settle
