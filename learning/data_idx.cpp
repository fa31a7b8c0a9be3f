// Images in the format of MNIST, https://yann.lecun.com/exdb/mnist: two files for training, two for testing.
#include "learning/data_options.hpp"
#include "learning/idx_data.hpp"

namespace settle {
namespace {

class Idx final : public DataSource {
 public:
  std::string help() const override { return "images and labels in the format of MNIST, plain or gzip; a pixel is a feature from 0 to 1"; }
  std::vector<CardParameter> parameters() const override {
    return {{"images=", "", "required", "file, such as train-images-idx3-ubyte.gz"}, {"labels=", "", "required", "file of their labels"},
            {"test_images=", "", "", "file of images held out for testing"}, {"test_labels=", "", "", "file of their labels"}};
  }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    IdxPair train{options.file("images"), options.file("labels")};
    IdxPair test{options.file("test_images", false), options.file("test_labels", false)};
    if (test.images.empty() != test.labels.empty()) options.error(test.images.empty() ? "test_labels" : "test_images", "test_images= and test_labels= belong together");
    const std::string source = train.images;
    return options.failed() ? nullptr : idx_reader(std::move(train), std::move(test), {}, source);
  }
};

const Registered<DataSource, Idx> registered("idx");

}  // namespace
}  // namespace settle
