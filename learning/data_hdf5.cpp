// Data sets in an HDF5 file: inputs and targets of shape samples x features, labels of one number a sample.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "learning/data_options.hpp"
#include "learning/dataset.hpp"
#include "sim/error.hpp"
#include "sim/matrix_file.hpp"

namespace settle {
namespace {

/// FILE.h5:/path of each part; "" where there is none.
struct Parts {
  std::string inputs, targets, labels;
  bool given() const { return !inputs.empty(); }
};

class Hdf5Data final : public DataReader {
 public:
  Hdf5Data(Parts train, Parts test) : train_(std::move(train)), test_(std::move(test)) {}

  DataOutline outline() const override {
    const auto [samples, features] = matrix_shape(train_.inputs);
    DataOutline outline{numbered_names("x", features), {}, {}, train_.inputs, samples, tested()};
    if (train_.labels.empty()) {
      const auto shape = matrix_shape(train_.targets);
      outline.target_names = numbered_names("y", shape.first == 1 && samples > 1 ? 1 : shape.second);
      check_samples(train_.targets, shape.first == 1 && samples > 1 ? shape.second : shape.first, train_.inputs, samples);
      return outline;
    }
    int classes = classes_in(train_, samples);
    if (test_.given()) classes = std::max(classes, classes_in(test_, matrix_shape(test_.inputs).first));
    outline.classes = numbered_names("", classes);
    return outline;
  }

  bool tested() const override { return test_.given(); }

  DataSet load(Index, Index) const override {
    DataSet data{outline(), {}, {}};
    data.train = samples(train_, data);
    if (test_.given()) data.held_out = samples(test_, data);
    return data;
  }

 private:
  static void check_samples(const std::string& what, Index found, const std::string& inputs, Index wanted) {
    if (found != wanted) throw Error(Fault::file, fmt::format("{} has {} samples, but {} has {}; shapes are samples x features", what, found, inputs, wanted));
  }

  static std::vector<int> labels_of(const Parts& parts, Index samples) {
    const Block<double> values = read_matrix(parts.labels);
    if (std::min(values.rows(), values.cols()) != 1) throw Error(Fault::file, fmt::format("{} is {} x {}; labels are one number a sample", parts.labels, values.rows(), values.cols()));
    check_samples(parts.labels, values.size(), parts.inputs, samples);
    std::vector<int> labels;
    for (Index k = 0; k < values.size(); ++k) {
      const double value = values.data()[k];
      if (value != std::floor(value) || value < 0.0 || value > 1e6) throw Error(Fault::file, fmt::format("{}: label {} (from 0) is {}; labels are whole numbers from 0", parts.labels, k, value));
      labels.push_back(static_cast<int>(value));
    }
    return labels;
  }

  static int classes_in(const Parts& parts, Index samples) {
    const std::vector<int> labels = labels_of(parts, samples);
    return 1 + *std::max_element(labels.begin(), labels.end());
  }

  static Samples samples(const Parts& parts, const DataOutline& outline) {
    Samples samples{read_matrix(parts.inputs).transpose(), {}, {}};
    if (samples.inputs.rows() != outline.features())
      throw Error(Fault::file, fmt::format("{} has {} features, but the inputs for training have {}", parts.inputs, samples.inputs.rows(), outline.features()));
    if (!parts.labels.empty()) return samples.labels = labels_of(parts, samples.count()), samples;
    Block<double> targets = read_matrix(parts.targets);
    if (targets.rows() == 1 && samples.count() > 1) targets.resize(targets.cols(), 1);  // a vector
    check_samples(parts.targets, targets.rows(), parts.inputs, samples.count());
    if (targets.cols() != outline.targets())
      throw Error(Fault::file, fmt::format("{} has {} targets a sample, but those for training have {}", parts.targets, targets.cols(), outline.targets()));
    samples.targets = targets.transpose();
    return samples;
  }

  Parts train_, test_;
};

class Hdf5Source final : public DataSource {
 public:
  std::string help() const override { return "datasets of an HDF5 file, samples x features; what NumPy and h5py write with f[\"x\"] = x"; }
  std::vector<CardParameter> parameters() const override {
    return {{"file=", "", "required", "the file"}, {"inputs=", "", "required", "dataset of the features, such as /train/x"}, {"targets=", "", "", "dataset of the targets; or"},
            {"labels=", "", "", "dataset of one class a sample: 0, 1, ..."}, {"test_inputs=", "", "", "dataset of features held out for testing"},
            {"test_targets=", "", "", "their targets; or"}, {"test_labels=", "", "", "their classes"}};
  }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    const std::string file = options.file("file");
    if (!file.empty() && !ends_with(file, ".h5") && !ends_with(file, ".hdf5") && !ends_with(file, ".hdf"))
      options.error("file", fmt::format("'{}': the name of an HDF5 file ends in .h5, .hdf5 or .hdf; the source csv reads tables of text", file));
    const auto part = [&](const std::string& name) {
      const std::string path = options.text(name);
      return path.empty() ? "" : file + ":" + (path.front() == '/' ? "" : "/") + path;
    };
    const Parts train{part("inputs"), part("targets"), part("labels")}, test{part("test_inputs"), part("test_targets"), part("test_labels")};
    if (!train.given()) options.error("inputs", "inputs= is missing: which dataset holds the features?");
    if (train.targets.empty() == train.labels.empty()) options.error("labels", "one of targets= (numbers to be met) and labels= (classes) is needed");
    if (test.targets.empty() != (train.targets.empty() || !test.given()) || test.labels.empty() != (train.labels.empty() || !test.given()))
      options.error("test_inputs", "held-out samples are test_inputs= with test_targets= or test_labels=, whichever training has");
    return options.failed() ? nullptr : std::make_unique<Hdf5Data>(train, test);
  }
};

const Registered<DataSource, Hdf5Source> registered("hdf5");

}  // namespace
}  // namespace settle
