// Parity: all patterns of n bits, and whether their sum is odd; with two bits it is xor.
#include "learning/data_options.hpp"
#include "learning/dataset.hpp"

namespace settle {
namespace {

class Patterns final : public DataReader {
 public:
  explicit Patterns(Index bits) : bits_(bits) {}

  DataOutline outline() const override {
    DataOutline outline{numbered_names("bit", bits_), {}, {"even", "odd"}, std::to_string(bits_) + "-bit parity", Index{1} << bits_};
    outline.encoding = Encoding::binary;
    return outline;
  }

  /// Counted upwards, the first bit the most significant: 00, 01, 10, 11.
  DataSet load(Index most, Index) const override {
    DataSet data{outline(), {}, {}};
    const Index samples = std::min(most, data.samples);
    data.train.inputs.resize(bits_, samples);
    for (Index s = 0; s < samples; ++s) {
      for (Index k = 0; k < bits_; ++k) data.train.inputs(k, s) = static_cast<double>((s >> (bits_ - 1 - k)) & 1);
      data.train.labels.push_back(static_cast<int>(data.train.inputs.col(s).sum()) % 2);
    }
    return data;
  }

 private:
  Index bits_;
};

class Xor final : public DataSource {
 public:
  std::string help() const override { return "exclusive or: the four patterns of two bits, and whether exactly one of them is 1"; }
  std::vector<CardParameter> parameters() const override { return {}; }
  std::unique_ptr<const DataReader> reader(DataOptions&) const override { return std::make_unique<Patterns>(2); }
};

class Parity final : public DataSource {
 public:
  std::string help() const override { return "all patterns of n bits, 00..0 first, and whether the number of ones is odd"; }
  std::vector<CardParameter> parameters() const override { return {{"bits=", "", "3", "n, 1 to 16"}}; }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override { return std::make_unique<Patterns>(options.count("bits", 3, 16)); }
};

const Registered<DataSource, Xor> registered_xor("xor");
const Registered<DataSource, Parity> registered_parity("parity");

}  // namespace
}  // namespace settle
