// Lesson: what is presented to a circuit, sample by sample: values of sources and of targets, with the cost that compares outputs and targets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuits/analysis.hpp"
#include "sim/nudged.hpp"

namespace settle {

struct Lesson {
  Teaching teaching;                 // its given values are the targets
  std::vector<std::string> sources;  // devices whose dc value a sample sets
  Eigen::MatrixXd drive;             // sources by samples, V or A
  Given targets;                     // given values by samples
  std::vector<int> labels = {};      // class of every sample; empty if there are none
  Index samples = 1;
  Eigen::MatrixXd classes = {};      // given values by classes: where the outputs of a class should be

  /// The class whose targets are nearest.
  int class_of(const Vector<double>& outputs) const;
};

/// The order in which an epoch presents its samples: a permutation that depends on seed and epoch alone, or as they are.
std::vector<Index> order_of(Index samples, bool shuffled, std::uint64_t seed, long epoch);

/// What a deck has to present: the samples of its task, for training and held out, or the deck as it stands with the targets of `.teach`.
struct Lessons {
  Lesson train;
  std::optional<Lesson> held_out;
};

/// Reports what is wrong with them, without reading more than headers of data; false after an error. `cost` is for tasks.
bool check_lessons(const AnalysisCard& card, const Netlist& netlist, const std::string& cost, Diagnostics& diagnostics);
/// Throws Error where the check would report one, and for data that are broken further in.
Lessons lessons_of(const AnalysisCard& card, const Job& job, const std::string& cost);

}  // namespace settle
