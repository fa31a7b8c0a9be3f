// Crossings: devices of one kind at the crossings of an array, by rule instead of one by one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "devices/lattice.hpp"
#include "sim/location.hpp"

namespace settle {

/// Device k is member k of `names`.
struct Crossings {
  Lattice names;
  Location where;
  std::vector<std::vector<Index>> rows;               // rows[terminal][k]
  std::vector<std::vector<Index>> into;               // where the current out of a terminal goes, if not to its own row; ground: a buffer supplies it
  std::vector<double> gain;                           // of device k's current into `into`; empty: 1
  std::map<std::string, double> values;               // fields given, the same for all
  std::map<std::string, std::vector<double>> varied;  // fields with a value per device
  std::string model_type;

  Index count() const { return names.count(); }
};

}  // namespace settle
