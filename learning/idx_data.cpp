// Reading pairs of IDX files.
#include "learning/idx_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "learning/idx_file.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A file of Debian's package that is not there is one command away.
void require(const std::string& path) {
  std::error_code none;
  if (path.starts_with(fashion_folder) && !std::filesystem::exists(path, none))
    throw Error(Fault::file, fmt::format("'{}' does not exist; Debian's package dataset-fashion-mnist installs it: apt install dataset-fashion-mnist", path));
}

IdxHeader header_of(const std::string& path, std::size_t dimensions) {
  require(path);
  return read_idx_header(path, dimensions);
}

/// Headers of a pair that fit each other.
struct Headers {
  explicit Headers(const IdxPair& pair) : images(header_of(pair.images, 2)), labels(header_of(pair.labels, 1)) {
    if (images.items() != labels.items())
      throw Error(Fault::file, fmt::format("{} has {} labels, but {} has {} images", pair.labels, labels.items(), pair.images, images.items()));
  }
  IdxHeader images, labels;
};

class Images final : public DataReader {
 public:
  Images(IdxPair train, IdxPair test, std::vector<std::string> classes, std::string source)
      : train_(std::move(train)), test_(std::move(test)), classes_(std::move(classes)), source_(std::move(source)) {}

  DataOutline outline() const override {
    const Headers headers(train_);
    DataOutline outline{numbered_names("pixel", headers.images.size()), {}, classes_, source_, headers.images.items(), tested()};
    int classes = classes_in(train_, headers.labels);
    if (outline.tested) {
      const Headers test(test_);
      if (test.images.size() != headers.images.size())
        throw Error(Fault::file, fmt::format("{} has images of {} pixels, but {} of {}", test_.images, test.images.size(), train_.images, headers.images.size()));
      classes = std::max(classes, classes_in(test_, test.labels));
    }
    if (outline.classes.empty()) outline.classes = numbered_names("", classes);
    if (classes > static_cast<int>(outline.classes.size()))
      throw Error(Fault::file, fmt::format("{}: label {}, but {} has {} classes", train_.labels, classes - 1, source_, outline.classes.size()));
    return outline;
  }

  bool tested() const override { return !test_.images.empty(); }

  DataSet load(Index most, Index most_held_out) const override {
    DataSet data{outline(), {}, {}};
    data.train = samples(train_, most);
    if (data.tested) data.held_out = samples(test_, most_held_out);
    return data;
  }

 private:
  static int classes_in(const IdxPair& pair, const IdxHeader& header) {
    const Bytes labels = read_idx(pair.labels, header, header.items());
    return 1 + *std::max_element(labels.begin(), labels.end());
  }

  static Samples samples(const IdxPair& pair, Index most) {
    const Headers headers(pair);
    const Index count = std::min(most, headers.images.items());
    const Bytes pixels = read_idx(pair.images, headers.images, count), labels = read_idx(pair.labels, headers.labels, count);
    using ByteMatrix = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic>;
    return {Eigen::Map<const ByteMatrix>(pixels.data(), headers.images.size(), count).cast<double>() / 255.0, {}, {labels.begin(), labels.end()}};
  }

  IdxPair train_, test_;
  std::vector<std::string> classes_;
  std::string source_;
};

}  // namespace

std::unique_ptr<const DataReader> idx_reader(IdxPair train, IdxPair test, std::vector<std::string> classes, std::string source) {
  return std::make_unique<Images>(std::move(train), std::move(test), std::move(classes), std::move(source));
}

}  // namespace settle
