// Fashion-MNIST, arXiv:1708.07747: 60000 and 10000 images of 28 x 28 pixels, ten kinds of clothes, as Debian's dataset-fashion-mnist installs it.
#include "learning/data_options.hpp"
#include "learning/idx_data.hpp"

namespace settle {
namespace {

class FashionMnist final : public DataSource {
 public:
  std::string help() const override { return "Fashion-MNIST: 60000 images of 28 x 28 pixels from 0 to 1, ten classes, 10000 more held out; from Debian's package dataset-fashion-mnist"; }
  std::vector<CardParameter> parameters() const override { return {{"folder=", "", fashion_folder, "where its four files are"}}; }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    const std::string folder = options.given("folder") ? options.file("folder") : fashion_folder;
    const auto file = [&](const char* name) { return folder + "/" + name + "-ubyte.gz"; };
    return idx_reader({file("train-images-idx3"), file("train-labels-idx1")}, {file("t10k-images-idx3"), file("t10k-labels-idx1")},
                      {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}, "Fashion-MNIST");
  }
};

const Registered<DataSource, FashionMnist> registered("fashion_mnist");

}  // namespace
}  // namespace settle
