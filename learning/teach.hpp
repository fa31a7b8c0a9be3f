// What a `.teach` card says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "learning/cost.hpp"
#include "learning/readout.hpp"
#include "sim/signal.hpp"

namespace settle {

struct Taught {
  std::vector<CostOutput> outputs;
  std::string cost = "squared";
  Signal signal;
  std::map<std::string, std::string> membranes;  // given for outputs
};

}  // namespace settle
