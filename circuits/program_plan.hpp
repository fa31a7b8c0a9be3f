// Program plan: what a `.program` card asks for, and how it is carried out.
#pragma once

#include <string>
#include <vector>

#include "circuits/analysis.hpp"
#include "circuits/lone_device.hpp"
#include "circuits/verify.hpp"

namespace settle {

struct ProgramTarget {
  std::string device;
  double conductance;     // S
  std::size_t place = 0;  // crossing of its array
};

/// Devices of one layer of an array, or of plain cards.
struct ProgramTargets {
  std::string array, layer;  // "xb", and "xb" or "xb.back"; "" without
  std::vector<ProgramTarget> list;
};

struct ProgramJob {
  ProgramSettings settings;
  std::vector<ProgramTargets> groups;
  std::size_t faulty = 0;        // crossings left out
  Location where, target_where;  // of the card and of target=

  std::size_t count() const;
};

std::unique_ptr<Plan> program_plan(ProgramJob job);

LoneSetup lone_setup(const ProgramSettings& settings, const Options& options, const Environment& environment);

/// The message about a target outside of what a device can have.
std::string out_of_reach(const ProgramTarget& target, double least, double most);

}  // namespace settle
