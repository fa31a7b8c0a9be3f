// Array: a crossbar card worked out; devices at the crossings of row and column wires, the wires, their ends, faults.
//
//   row i:     rows[i] --rdrive+rrow-- r[i,0] --rrow-- r[i,1] ... r[i,n-1]          (driven from the left)
//   column j:  c[0,j] --rcol-- c[1,j] ... c[m-1,j] --rcol+rsense-- columns[j]       (sensed at the bottom)
//
// A line without resistance along it is one node: r[i] behind rdrive, or rows[i] itself.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "devices/kind.hpp"

namespace settle {

struct WriteSetting;

/// Devices of one kind at all crossings; crossing (i, j) stands at i * columns + j.
struct ArrayCells {
  const Kind* kind = nullptr;                          // nullptr: none
  std::string model, model_type;                       // "" without
  std::map<std::string, double> values;                // fields given that are the same everywhere, model and card merged
  std::map<std::string, std::vector<double>> varied;   // fields with a value per crossing; they win over `values`
  std::shared_ptr<const WriteSetting> write;           // how they answer a requested change of conductance; null: not said
};

struct ArrayFault {
  enum class Sort { stuck_on, stuck_off, open, shorted };
  std::size_t crossing = 0;
  Sort sort = Sort::open;
  double conductance = 0.0;  // S, what is there instead of the device
};

/// Resistances in ohms and capacitances in farads per segment of one wire.
struct ArrayWires {
  double row_resistance = 0.0, column_resistance = 0.0;
  double row_capacitance = 0.0, column_capacitance = 0.0;        // to ground
  double row_coupling = 0.0, column_coupling = 0.0;              // between neighbouring wires
  double crossing_capacitance = 0.0;                             // row to column at a crossing
  double drive_resistance = 0.0, sense_resistance = 0.0;         // between the outer nodes and the wires
  double row_load = 0.0, column_load = 0.0;                      // S to ground at the rows' undriven and the columns' sensed ends
};

struct FlatArray {
  enum class Coupling {
    passive,  // a device between row and column
    forward,  // buffered: the device sees the row's voltage and takes no current from it
    pair      // non-reciprocal: `cells` sends its current into the column only, `back` into the row only
  };
  enum Ends { first = 1, last = 2, both = 3 };  // left or top, right or bottom

  std::string name;                       // "xb"; devices are xb[i,j], nodes xb.r[i,j] and xb.c[i,j]
  Location where;
  std::vector<std::string> path;          // instances it lies in
  std::vector<std::string> rows, columns, gates;  // outer nodes; gates: one per row, of selectors with a gate
  std::vector<Location> row_where, column_where, gate_where;
  Coupling coupling = Coupling::passive;
  ArrayCells cells, back, selector;       // back: xb.back[i,j]; selector: xb.sel[i,j] in series at the column, behind node xb.m[i,j]
  ArrayWires wires;
  Ends driven = first, sensed = last;
  bool virtual_ground = false;            // the columns end at 0 V; their currents flow into `columns`, times `sign`
  std::vector<double> sign;               // per column, with a virtual ground: +1 or -1
  std::vector<ArrayFault> faults;         // ascending by crossing, at most one each

  std::size_t crossings() const { return rows.size() * columns.size(); }
};

/// A device of an array; null cells: none of this array's.
struct ArrayDevice {
  ArrayCells* cells = nullptr;
  std::size_t crossing = 0;
};

/// The device of that name: "xb[3,7]", "xb.back[3,7]", "xb.sel[3,7]".
ArrayDevice find_device(FlatArray& array, std::string_view name);
/// A field's values per crossing, made from the value all have if need be.
std::vector<double>& vary(const FlatArray& array, ArrayCells& cells, const std::string& field);

}  // namespace settle
