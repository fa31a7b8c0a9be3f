// Options: what `.options` sets, with one table of names, units, defaults and meaning.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"
#include "devices/rows.hpp"

namespace settle {

/// Every option that changes something.
struct Options {
  double reltol = 1e-3;
  double abstol = 1e-12;    // A
  double vntol = 1e-6;      // V
  double chgtol = 1e-14;    // C
  double gmin = 1e-12;      // S
  double tnom = 27.0;       // degrees Celsius
  double temp = 27.0;       // degrees Celsius
  int itl1 = 100;           // Newton iterations of an operating point
  int itl2 = 50;            // Newton iterations of a point of .dc
  std::string method;       // of .tran; "": chosen by tolerance and circuit
  std::string norm = "rms"; // of the step error: rms or max
  int every = 1;            // of the points an analysis computes, every so many-th is written
  double from = -std::numeric_limits<double>::infinity();  // points below it on the axis are not written
  double to = std::numeric_limits<double>::infinity();     // nor above it
  bool energy = false;      // energy per device class as a trace
  std::optional<std::uint64_t> seed;
  double rshunt = 0.0;      // Ohm from every node to ground; 0: none
  double mintimestep = 0.0; // s; 0: chosen
  double maxtimestep = 0.0; // s; 0: from .tran
};

/// One row of the table.
struct OptionEntry {
  std::string name, unit, standard, help;
  bool used = true;         // false: known from SPICE, accepted without effect
  double lower = -Field::unbounded, upper = Field::unbounded;
};

const std::vector<OptionEntry>& option_table();

/// The options of a netlist; reports values out of range.
Options options_of(const Netlist& netlist, Diagnostics& diagnostics);

Environment environment_of(const Netlist& netlist, const Options& options);
RowTolerances tolerances_of(const Options& options);
/// How circuits are moved through time; tight tolerances pay for the higher order.
std::string transient_method(const Options& options);

/// A name that nothing knows is a warning with a suggestion; one without effect here a note.
void check_option(std::string_view name, Location where, Diagnostics& diagnostics);

}  // namespace settle
