// Data sets: samples of a task, and the plug-ins they come from.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <string>
#include <vector>

#include "circuits/analysis.hpp"

namespace settle {

/// One sample a column.
struct Samples {
  Eigen::MatrixXd inputs;   ///< features x samples
  Eigen::MatrixXd targets;  ///< targets x samples
  std::vector<int> labels;  ///< class of every sample; empty if it is not a classification

  Index count() const { return inputs.cols(); }
};

/// How a class becomes targets: one target per class, or one for two classes.
enum class Encoding { onehot, binary, sign };

/// What is known of a data set without its samples.
struct DataOutline {
  std::vector<std::string> input_names, target_names;
  std::vector<std::string> classes;  ///< empty if it is not a classification
  std::string source;                ///< in words
  Index samples = -1;                ///< for training, -1 where only reading it all would tell
  bool tested = false;               ///< DataReader::tested
  Encoding encoding = Encoding::onehot;
  double low = 0.0, high = 1.0;      ///< what a target of a class is away from and at it

  Index features() const { return static_cast<Index>(input_names.size()); }
  Index targets() const { return static_cast<Index>(target_names.size()); }
};

struct DataSet : DataOutline {
  Samples train, held_out;  ///< the latter may be empty
};

class DataOptions;

/// A source with its options read.
class DataReader {
 public:
  virtual ~DataReader() = default;
  /// From headers alone where that can be; of a classification without target names. Throws Error(Fault::file) with the file and the place in it.
  virtual DataOutline outline() const = 0;
  /// Does it bring held-out samples of its own?
  virtual bool tested() const { return false; }
  /// Of a classification labels and no targets. No more than `most` training and `most_held_out` held-out samples are asked for.
  virtual DataSet load(Index most, Index most_held_out) const = 0;
};

/// Lives in Registry<DataSource> under the word of its `.task` card.
class DataSource {
 public:
  virtual ~DataSource() = default;
  virtual std::string help() const = 0;
  virtual std::vector<CardParameter> parameters() const = 0;
  /// Reports what is wrong with its options. nullptr after an error.
  virtual std::unique_ptr<const DataReader> reader(DataOptions& options) const = 0;
};

/// "x0", "x1", ...
std::vector<std::string> numbered_names(const std::string& stem, Index count);

}  // namespace settle
