// A run: a deck read, checked, built and analysed, its results in a trace file and in a report for people and programs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "circuits/figure.hpp"
#include "circuits/holomorphy.hpp"
#include "circuits/measure.hpp"

namespace settle {

struct RunRequest {
  std::string deck;                                    // path
  std::vector<std::pair<std::string, double>> set;     // parameters and devices given values on the command line
  std::string trace;                                   // "" for the deck's name with .h5
  std::string raw;                                     // "" for none
  std::optional<std::uint64_t> seed;                   // otherwise the deck's option, or 1
  int threads = 1;                                     // `.step` points side by side
  bool resume = false;                                 // trainings continue from their checkpoints
  bool strict = false;
  std::string command_line;
  std::function<void(Netlist&, Diagnostics&)> rewriting;  // of the flat circuit before it is built; may be empty
  std::function<void(double fraction, const std::string& what)> progress;  // may be empty
  std::function<bool()> interrupted;                                       // may be empty
};

/// One output column at a glance.
struct ColumnDigest {
  ProbeLabel label;
  Complex final;                  // real for real analyses
  double lowest = 0.0, highest = 0.0;  // of the value, or of the magnitude
  std::vector<double> curve;      // the value (magnitude) at equal parts of the run, for a small picture
};

struct AnalysisResult {
  std::string name;  // "tran1"
  std::string kind;  // "tran"
  bool begun = false, finished = false;
  bool complex = false;
  std::vector<std::pair<std::string, double>> step;  // stepped values of this run
  Axis axis;
  double axis_first = 0.0, axis_last = 0.0;
  std::vector<ColumnDigest> columns;
  std::vector<Measured> measures;
  AnalysisStats stats;
};

/// A crossbar at a glance.
struct ArraySummary {
  std::string name, kind;
  std::size_t rows = 0, columns = 0, faults = 0;
};

/// What the circuit consists of.
struct CircuitSummary {
  std::size_t nodes = 0, driven = 0;
  Index unknowns = 0, algebraic = 0;
  std::map<std::string, std::size_t> devices;  // by kind, without those of arrays
  std::vector<ArraySummary> arrays;
  std::vector<std::vector<std::string>> floating;
  std::vector<HolomorphyFinding> not_holomorphic;
};

struct RunReport {
  std::string deck, title, trace, raw;
  std::uint64_t seed = 1;
  CircuitSummary circuit;
  std::vector<AnalysisResult> analyses;
  FigureReport figures;
  double seconds = 0.0;
};

/// A deck that was read: files, cards, and everything found wrong so far.
class LoadedDeck;

/// Reads the deck; errors are collected in diagnostics(loaded). Throws Error(Fault::file) if the deck itself cannot be read.
std::shared_ptr<LoadedDeck> load(const RunRequest& request);
Diagnostics& diagnostics(LoadedDeck& deck);
/// The flat circuit with the request's parameters; complete only if there are no errors.
const Netlist& netlist(const LoadedDeck& deck);
/// Elaborates, builds and checks the circuit and every analysis card, but runs nothing.
CircuitSummary check(LoadedDeck& deck);
/// Runs every analysis. Throws Error(Fault::netlist) if the diagnostics hold errors; on any other error the trace is closed properly first,
/// and `report` holds what was finished.
void run(LoadedDeck& deck, const RunRequest& request, RunReport& report);
/// Throws Error(Fault::usage) if `output` is one of the deck's own files.
void protect_sources(const LoadedDeck& deck, const std::string& output);

}  // namespace settle
