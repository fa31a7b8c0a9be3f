// Checkpoint: a training as it stands behind an epoch, in an HDF5 file that is replaced as a whole: a kill leaves the one before.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

struct Checkpoint {
  using Numbers = std::vector<std::pair<std::string, std::vector<double>>>;
  std::string key;        // of deck, seed and rule: what may go on from here
  long epochs = 0, updates = 0;
  Block<double> history;  // what was recorded, a row per epoch
  Numbers memory;         // of the updater
};

/// Throws Error (file).
void write_checkpoint(const std::string& file, const Checkpoint& checkpoint);
/// Nothing if there is no such file. Throws Error (file) for one that is no checkpoint.
std::optional<Checkpoint> read_checkpoint(const std::string& file);

}  // namespace settle
