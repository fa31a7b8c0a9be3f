// ImageNet at 32 x 32 pixels, arXiv:1707.08819, in its npz form: arrays data (images x 3072 bytes, red, green, blue), labels (1 to 1000), mean (3072 numbers).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "learning/data_options.hpp"
#include "learning/dataset.hpp"
#include "learning/npz_file.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

constexpr Index pixels = 3 * 32 * 32, classes = 1000;

using Image = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, 1>;

[[noreturn]] void fail(const NpzArray& array, const std::string& what) { throw Error(Fault::file, array.place() + ": " + what); }

/// Images and labels of one file that fit each other.
struct Batch {
  explicit Batch(const std::string& file) : data(open_npz(file, "data")), labels(open_npz(file, "labels")) {
    if (data.header.type.code != "|u1") fail(data, fmt::format("pixels are bytes, '|u1', not numbers of type '{}'", data.header.type.code));
    if (data.header.columns != pixels)
      fail(data, fmt::format("{} numbers an image, but 32 x 32 pixels in three colours are {}{}", data.header.columns, pixels, data.header.columns == 3 * 64 * 64 ? "; is this the set of 64 x 64 pixels?" : ""));
    const char kind = labels.header.type.code[1];
    if (kind != 'i' && kind != 'u') fail(labels, fmt::format("labels are whole numbers, not of type '{}'", labels.header.type.code));
    if (labels.header.count() != count()) fail(labels, fmt::format("{} labels, but {} images", labels.header.count(), count()));
  }
  Index count() const { return data.header.rows; }
  NpzArray data, labels;
};

std::vector<int> labels_of(const NpzArray& array, Index count) {
  const std::vector<std::uint8_t> bytes = read_npz(array, count);
  std::vector<int> labels;
  for (Index k = 0; k < count; ++k) {
    const double label = array.header.type.read(reinterpret_cast<const char*>(bytes.data()) + static_cast<std::size_t>(k) * array.header.type.size);
    if (!(label >= 1.0 && label <= classes)) fail(array, fmt::format("label {} is {:g}; they are 1 to {}", k, label, classes));
    labels.push_back(static_cast<int>(label) - 1);
  }
  return labels;
}

/// The training set's mean image, which every training file brings.
Eigen::VectorXd mean_of(const std::string& file) {
  if (!npz_has(file, "mean")) throw Error(Fault::file, fmt::format("{}: no array 'mean' to subtract; training files of the original set bring it; write mean=keep or normalize=standard", file));
  const NpzArray array = open_npz(file, "mean");
  if (array.header.count() != pixels) fail(array, fmt::format("{} numbers, but an image has {}", array.header.count(), pixels));
  const std::vector<std::uint8_t> bytes = read_npz(array, pixels);
  Eigen::VectorXd mean(pixels);
  for (Index k = 0; k < pixels; ++k) mean[k] = array.header.type.read(reinterpret_cast<const char*>(bytes.data()) + static_cast<std::size_t>(k) * array.header.type.size);
  if (!(mean.minCoeff() >= 0.0 && mean.maxCoeff() <= 255.0)) fail(array, fmt::format("a mean of pixels is 0 to 255, but these are {:g} to {:g}", mean.minCoeff(), mean.maxCoeff()));
  return mean;
}

class ImageNet32 final : public DataReader {
 public:
  ImageNet32(std::vector<std::string> files, std::vector<std::string> tests, bool centred) : files_(std::move(files)), tests_(std::move(tests)), centred_(centred) {}

  DataOutline outline() const override {
    Index samples = 0;
    for (const std::string& file : files_) samples += Batch(file).count();
    for (const std::string& test : tests_) const Batch fits(test);
    if (centred_) mean_of(files_.front());
    std::vector<std::string> names;
    for (Index k = 1; k <= classes; ++k) names.push_back(std::to_string(k));
    return {numbered_names("pixel", pixels), {}, names, "ImageNet32", samples, tested()};
  }

  bool tested() const override { return !tests_.empty(); }

  DataSet load(Index most, Index most_held_out) const override {
    DataSet data{outline(), {}, {}};
    data.train = samples(files_, most);
    data.held_out = samples(tests_, most_held_out);
    return data;
  }

 private:
  Samples samples(const std::vector<std::string>& files, Index most) const {
    std::vector<Batch> batches;
    Index count = 0;
    for (const std::string& file : files) batches.emplace_back(file), count += batches.back().count();
    count = std::min(count, most);
    constexpr Index most_images = 300'000;
    if (count > most_images)
      throw Error(Fault::netlist, fmt::format("limit=: {} images of {} features need {:.0f} GB; write limit={} or less, and with classes= name fewer files", count, pixels, 8e-9 * static_cast<double>(count * pixels), most_images));
    const Eigen::VectorXd mean = centred_ ? mean_of(files_.front()) : Eigen::VectorXd::Zero(pixels);
    Samples samples{Eigen::MatrixXd(pixels, count), {}, {}};
    for (const Batch& batch : batches) add(batch, mean, samples);
    return samples;
  }

  static void add(const Batch& batch, const Eigen::VectorXd& mean, Samples& samples) {
    const auto done = static_cast<Index>(samples.labels.size());
    const Index count = std::min(batch.count(), samples.count() - done);
    if (count == 0) return;
    const std::vector<int> labels = labels_of(batch.labels, count);
    samples.labels.insert(samples.labels.end(), labels.begin(), labels.end());
    const std::vector<std::uint8_t> bytes = read_npz(batch.data, count * pixels);
    for (Index s = 0; s < count; ++s) samples.inputs.col(done + s) = (Eigen::Map<const Image>(bytes.data() + s * pixels, pixels).cast<double>() - mean) / 255.0;
  }

  std::vector<std::string> files_, tests_;
  bool centred_;
};

class ImageNet32Source final : public DataSource {
 public:
  std::string help() const override {
    return "ImageNet downsampled to 32 x 32 pixels, npz files of arrays data, labels and mean: 3072 features from 0 to 1 (red, green, blue; 32 x 32 each), classes 1 to 1000";
  }
  std::vector<CardParameter> parameters() const override {
    return {{"files=", "", "required", "of training images: train_data_batch_1.npz,train_data_batch_2.npz; limit= says how many of them are read"},
            {"test_files=", "", "", "held out for testing: val_data.npz"},
            {"mean=", "", "keep", "subtract: the mean image of the training set, array mean of the first file, is taken from training and held-out images"}};
  }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    const std::vector<std::string> files = options.files("files"), tests = options.files("test_files", false);
    const bool centred = options.word("mean", {"keep", "subtract"}, 0) == 1;
    return options.failed() ? nullptr : std::make_unique<ImageNet32>(files, tests, centred);
  }
};

const Registered<DataSource, ImageNet32Source> registered("imagenet32");

}  // namespace
}  // namespace settle
