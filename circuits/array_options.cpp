// The table of a crossbar's options.
#include "circuits/array_options.hpp"

#include <algorithm>

namespace settle {
namespace {

using Form = ArrayOption::Form;
using W = ArrayWires;

ArrayOption wire(std::string name, std::string unit, std::string standard, std::string help, double W::*member) {
  return {.name = std::move(name), .unit = std::move(unit), .standard = std::move(standard), .help = std::move(help), .wire = member};
}

std::vector<ArrayOption> weights() {
  return {{.name = "g", .unit = "S", .standard = "", .help = "conductance of every crossing at the start: a number, {an expression of row and col} or \"a file\"",
           .form = Form::per_crossing, .excludes = {"w"}},
          {.name = "w", .unit = "S", .standard = "",
           .help = "signed weight, as the difference of two conductances in two columns: to minus=, or subtracted with ground=virtual; given as g is",
           .form = Form::per_crossing, .lower = -std::numeric_limits<double>::infinity(), .needs = {"minus", "ground=virtual"}},
          {.name = "gbase", .unit = "S", .standard = "",
           .help = "the two conductances are gbase + w/2 and gbase - w/2; without it one of them is the least the model can have, the other |w| above", .needs = {"w"}},
          {.name = "minus", .unit = "", .standard = "", .help = "bus of the columns that collect the negative parts of w", .form = Form::bus, .needs = {"w"}},
          {.name = "coupling", .unit = "", .standard = "passive",
           .help = "passive: a device between row and column; forward: a buffer in front of it, so the row sees no current; pair: one device sends its current into "
                   "the column only, another one into the row only",
           .form = Form::word, .words = {"passive", "forward", "pair"}},
          {.name = "gback", .unit = "S", .standard = "g", .help = "conductance from column to row of every crossing of a pair, given as g is", .form = Form::per_crossing,
           .needs = {"coupling=pair"}, .excludes = {"w", "angle"}},
          {.name = "angle", .unit = "deg", .standard = "0",
           .help = "between the forward and feedback weights of a pair, as deviations from their mean, which is kept as is their root mean square: cos(angle) of the "
                   "forward ones + sin(angle) of a random part at right angles to them",
           .upper = 90.0, .needs = {"coupling=pair"}},
          {.name = "write", .unit = "", .standard = "", .help = "write model: how the devices answer a requested change of conductance (settle list writes)",
           .form = Form::name}};
}

std::vector<ArrayOption> ends() {
  return {{.name = "ground", .unit = "", .standard = "none",
           .help = "virtual: the columns end at 0 V, and their currents, times sign, flow into the column nodes", .form = Form::word, .words = {"none", "virtual"}},
          {.name = "sign", .unit = "", .standard = "1", .help = "+1 or -1, of the currents of a virtual ground: -1 for the array of the negative weights", .lower = -1.0,
           .upper = 1.0, .needs = {"ground=virtual"}},
          {.name = "selector", .unit = "", .standard = "",
           .help = "model or kind of a device in series with every cell, at the column: two terminals, or a transistor with gates=", .form = Form::name, .excludes = {"coupling=forward", "coupling=pair"}},
          {.name = "gates", .unit = "", .standard = "", .help = "bus of the transistors' gates, one per row", .form = Form::bus, .needs = {"selector"}},
          {.name = "drive", .unit = "", .standard = "left", .help = "the end of the row wires that the row nodes are tied to", .form = Form::word,
           .words = {"left", "right", "both"}, .needs = {"rrow", "rdrive"}},
          {.name = "sense", .unit = "", .standard = "bottom", .help = "the end of the column wires that the column nodes are tied to", .form = Form::word,
           .words = {"bottom", "top", "both"}, .needs = {"rcol", "rsense"}}};
}

std::vector<ArrayOption> wires() {
  ArrayOption term = wire("rterm", "Ohm", "open", "from the end of a row wire that is not driven to ground", &W::row_load);
  ArrayOption load = wire("rload", "Ohm", "open", "from a column node to ground", &W::column_load);
  for (ArrayOption* option : {&term, &load}) option->reciprocal = true, option->lower = 1e-3;
  term.excludes = {"drive=both"};
  load.excludes = {"ground=virtual"};
  return {wire("rrow", "Ohm", "0", "resistance of a segment of a row wire, between neighbouring crossings and in front of the first one", &W::row_resistance),
          wire("rcol", "Ohm", "0", "resistance of a segment of a column wire, between neighbouring crossings and behind the last one", &W::column_resistance),
          wire("crow", "F", "0", "capacitance to ground of a segment of a row wire", &W::row_capacitance),
          wire("ccol", "F", "0", "capacitance to ground of a segment of a column wire", &W::column_capacitance),
          wire("ccrow", "F", "0", "capacitance between segments of neighbouring row wires", &W::row_coupling),
          wire("cccol", "F", "0", "capacitance between segments of neighbouring column wires", &W::column_coupling),
          wire("ccross", "F", "0", "capacitance between row and column wire at a crossing", &W::crossing_capacitance),
          wire("rdrive", "Ohm", "0", "resistance between a row node and its wire", &W::drive_resistance),
          wire("rsense", "Ohm", "0", "resistance between a column wire and its node, or the virtual ground", &W::sense_resistance),
          term,
          load};
}

std::vector<ArrayOption> faults() {
  const auto sort = [](std::string name, std::string help) {
    return ArrayOption{.name = std::move(name), .unit = "", .standard = "0", .help = help + ": the probability for each crossing, drawn from the seed, or a list (row,column) ...",
                       .form = Form::faults, .upper = 1.0};
  };
  return {sort("stuck_on", "cells that are a fixed conductance gon"),
          sort("stuck_off", "cells that are a fixed conductance goff"),
          sort("open", "cells that do not conduct"),
          sort("short", "cells that are a resistance rshort"),
          {.name = "gon", .unit = "S", .standard = "most", .help = "of stuck_on; by default the most the model can have", .needs = {"stuck_on"}},
          {.name = "goff", .unit = "S", .standard = "least", .help = "of stuck_off; by default the least the model can have", .needs = {"stuck_off"}},
          {.name = "rshort", .unit = "Ohm", .standard = "1", .help = "of short", .lower = 1e-6, .needs = {"short"}}};
}

}  // namespace

const std::vector<ArrayOption>& array_options() {
  static const std::vector<ArrayOption> table = [] {
    std::vector<ArrayOption> all;
    for (const auto& part : {weights(), ends(), wires(), faults()}) all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return table;
}

const ArrayOption* find_array_option(std::string_view name) {
  const auto& table = array_options();
  const auto found = std::find_if(table.begin(), table.end(), [&](const ArrayOption& option) { return option.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace settle
