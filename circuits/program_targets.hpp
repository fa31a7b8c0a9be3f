// Program targets: which devices a `.program` card speaks of, and the conductances they are to have.
#pragma once

#include <string>
#include <vector>

#include "circuits/analysis.hpp"
#include "circuits/crossing_values.hpp"

namespace settle {

/// A device to be programmed; its fields come from `device`, or from crossing `place` of `cells`.
struct ProgramDevice {
  std::string name;
  std::size_t place = 0;  // in the shape of its group
  const FlatDevice* device = nullptr;
};

/// Devices that share one target=: crossings of one layer of an array, or the devices of plain cards that one word names.
struct ProgramGroup {
  const FlatArray* array = nullptr;  // null: plain devices
  const ArrayCells* cells = nullptr;
  std::string name;                  // keys random numbers in target=
  CrossingShape shape;
  std::vector<ProgramDevice> devices;
  std::size_t faulty = 0;            // crossings that are left out
};

/// Finds them; what is wrong is reported. Nothing is in two groups.
std::vector<ProgramGroup> program_groups(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics);

}  // namespace settle
