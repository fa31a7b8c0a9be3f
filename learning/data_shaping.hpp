// What every data set goes through: classes chosen, samples held out, features normalized, classes made targets.
#pragma once

#include <optional>

#include "learning/data_options.hpp"
#include "learning/dataset.hpp"

namespace settle {

enum class Normalize { none, unit, standard };

struct Shaping {
  Index limit = std::numeric_limits<Index>::max();  ///< of training samples
  double held_out = -1.0;                           ///< a share below 1, or a number; below 0: what the source says
  std::vector<std::string> classes;                 ///< empty: all
  std::optional<Encoding> encoding;                 ///< nothing: the source's own
  Normalize normalize = Normalize::none;
  std::uint64_t seed = 1;

  /// How many samples a source needs to load at most; `tested`: it brings held-out samples of its own.
  Index most(bool tested) const;
  Index most_held_out() const;
};

Shaping read_shaping(DataOptions& options);
std::vector<CardParameter> shaping_parameters();

/// Chooses classes and names targets. Throws Error(Fault::netlist) where the data have no such classes, or too many for the encoding.
void shape_outline(DataOutline& outline, const Shaping& shaping);
/// The same, with the samples.
void shape(DataSet& data, const Shaping& shaping);

}  // namespace settle
