// CIFAR-10 and CIFAR-100 in their binary form: records of a label (CIFAR-100: coarse and fine) and 3 x 32 x 32 bytes, red, green, blue.
#include <fmt/format.h>

#include <algorithm>

#include "learning/byte_file.hpp"
#include "learning/data_options.hpp"
#include "learning/dataset.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

constexpr Index pixels = 3 * 32 * 32;

struct Form {
  Index labels = 1;  // bytes before the pixels
  Index label = 0;   // the one that counts
  int classes = 10;
  Index record() const { return labels + pixels; }
};

class Cifar final : public DataReader {
 public:
  Cifar(std::vector<std::string> files, std::vector<std::string> tests, Form form) : files_(std::move(files)), tests_(std::move(tests)), form_(form) {}

  DataOutline outline() const override {
    for (const std::string& test : tests_) records(test);
    std::vector<std::string> names{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    if (form_.labels == 2) names = numbered_names("", form_.classes);
    Index samples = 0;
    for (const std::string& file : files_) samples += records(file);
    return {numbered_names("pixel", pixels), {}, names, fmt::format("CIFAR-{}", form_.labels == 1 ? 10 : 100), samples, tested()};
  }

  bool tested() const override { return !tests_.empty(); }

  DataSet load(Index most, Index most_held_out) const override {
    DataSet data{outline(), {}, {}};
    data.train = samples(files_, most);
    data.held_out = samples(tests_, most_held_out);
    return data;
  }

 private:
  Index records(const std::string& path) const {
    const auto bytes = static_cast<Index>(count_bytes(path));
    if (bytes > 0 && bytes % form_.record() == 0) return bytes / form_.record();
    const char* const other = bytes > 0 && bytes % (pixels + 3 - form_.labels) == 0 ? (form_.labels == 1 ? "; it fits CIFAR-100: write kind=cifar100" : "; it fits CIFAR-10: write kind=cifar10") : "";
    throw Error(Fault::file, fmt::format("{}: {} bytes are no whole number of records of {} bytes ({} of label, {} of pixels){}", path, bytes, form_.record(), form_.labels, pixels, other));
  }

  Samples samples(const std::vector<std::string>& files, Index most) const {
    Index count = 0;
    for (const std::string& file : files) count += records(file);
    Samples samples{Eigen::MatrixXd(pixels, std::min(count, most)), {}, {}};
    for (const std::string& file : files) add(file, samples);
    return samples;
  }

  void add(const std::string& file, Samples& samples) const {
    const auto done = static_cast<Index>(samples.labels.size());
    const Index count = std::min(records(file), samples.count() - done);
    const std::vector<std::uint8_t> bytes = read_bytes(file, static_cast<std::size_t>(count * form_.record()));
    for (Index s = 0; s < count; ++s) {
      const std::uint8_t* const record = bytes.data() + s * form_.record();
      const int label = record[form_.label];
      if (label >= form_.classes)
        throw Error(Fault::file, fmt::format("{}: byte {}: label {} of {} classes; is this a file of the binary version?", file, s * form_.record() + form_.label, label, form_.classes));
      samples.labels.push_back(label);
      samples.inputs.col(done + s) = Eigen::Map<const Eigen::Matrix<std::uint8_t, Eigen::Dynamic, 1>>(record + form_.labels, pixels).cast<double>() / 255.0;
    }
  }

  std::vector<std::string> files_, tests_;
  Form form_;
};

class CifarSource final : public DataSource {
 public:
  std::string help() const override { return "CIFAR-10 or CIFAR-100, binary version, plain or gzip: 3072 features from 0 to 1 (red, green, blue; 32 x 32 each)"; }
  std::vector<CardParameter> parameters() const override {
    return {{"files=", "", "required", "of training images: data_batch_1.bin,data_batch_2.bin"}, {"test_files=", "", "", "held out for testing"},
            {"kind=", "", "cifar10", "cifar10 or cifar100"}, {"level=", "", "fine", "of CIFAR-100: fine (100 classes) or coarse (20)"}};
  }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    const std::vector<std::string> files = options.files("files"), tests = options.files("test_files", false);
    const bool hundred = options.word("kind", {"cifar10", "cifar100"}, 0) == 1, coarse = options.word("level", {"fine", "coarse"}, 0) == 1;
    if (!hundred && options.given("level")) options.error("level", "level= belongs to kind=cifar100; CIFAR-10 has one label");
    const Form form = !hundred ? Form{} : coarse ? Form{2, 0, 20} : Form{2, 1, 100};
    return options.failed() ? nullptr : std::make_unique<Cifar>(files, tests, form);
  }
};

const Registered<DataSource, CifarSource> registered("cifar");

}  // namespace
}  // namespace settle
