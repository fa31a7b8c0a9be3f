// Effective values: what every device of a run was, after its card, its model, settings from outside and mismatch, as tables of the trace.
//
//   /effective/<kind>   value (step, device, field), nominal, mismatch (device, field): which card of /effective/mismatch, from 0; -1 for none
//   /arrays/<name>      g (step, row, column) and other fields that differ between crossings, fault (step, row, column); the others as attributes
//
// The axis `step` is there only under `.step`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "circuits/diagnostics.hpp"
#include "circuits/netlist.hpp"
#include "sim/trace.hpp"

namespace settle {

class EffectiveValues {
 public:
  /// Makes the tables for circuits like the first; to be called before the trace is started.
  EffectiveValues(Trace& trace, const Netlist& first, std::size_t steps, const Diagnostics& diagnostics);

  /// The values of one step, from any thread. A circuit with other devices than the first is left out.
  void write(const Netlist& netlist, std::size_t step) const;

 private:
  struct KindTable {
    const Kind* kind = nullptr;
    std::vector<std::size_t> devices;  // in Netlist::devices
    std::vector<std::size_t> fields;   // of the kind
    bool drawn = false;                // by any card

    /// Where its number stands among devices x fields.
    std::optional<std::size_t> place(const DrawnValue& each) const;
  };

  std::vector<KindTable> tables_of(const Netlist& netlist) const;
  void make(const KindTable& table, const Netlist& netlist);
  void make(const FlatArray& array, std::size_t index, const Netlist& netlist);
  void write(const KindTable& table, const Netlist& netlist, std::size_t step) const;
  void write(const FlatArray& array, std::size_t step) const;
  void add(const TraceTable& table);
  void put(const std::string& path, std::size_t step, const std::vector<double>& values) const;
  std::vector<TraceTable::Axis> stepped(std::vector<TraceTable::Axis> axes) const;

  Trace& trace_;
  std::size_t steps_, devices_ = 0, arrays_ = 0;
  std::vector<KindTable> tables_;
  std::vector<std::string> cards_;
  std::map<std::string, std::size_t> made_;  // tables, and how many numbers a step has in them
};

}  // namespace settle
