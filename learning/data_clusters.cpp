// Clusters: Gaussian clouds, one a class, x = c_k + spread xi; three in four features are a task of the size of Fisher's irises.
#include <fmt/format.h>

#include "learning/data_options.hpp"
#include "learning/dataset.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

/// The centre of cloud k lies on axis k mod inputs at 1 + k div inputs, so that any two are sqrt(2) or more apart, or 1 on one axis.
class Clouds final : public DataReader {
 public:
  Clouds(Index groups, Index inputs, Index samples, double spread, std::uint64_t seed) : groups_(groups), inputs_(inputs), samples_(samples), spread_(spread), seed_(seed) {}

  DataOutline outline() const override {
    return {numbered_names("x", inputs_), {}, numbered_names("cluster", groups_), fmt::format("{} Gaussian clusters in {} features", groups_, inputs_), samples_};
  }

  /// Classes take turns, so that any first samples hold them evenly.
  DataSet load(Index most, Index) const override {
    DataSet data{outline(), {}, {}};
    Stream xi(seed_, "task clusters");
    data.train.inputs = Eigen::MatrixXd::NullaryExpr(inputs_, std::min(most, samples_), [&] { return spread_ * xi.normal(); });
    for (Index s = 0; s < data.train.count(); ++s) {
      const Index group = s % groups_;
      data.train.inputs(group % inputs_, s) += 1.0 + static_cast<double>(group / inputs_);
      data.train.labels.push_back(static_cast<int>(group));
    }
    return data;
  }

 private:
  Index groups_, inputs_, samples_;
  double spread_;
  std::uint64_t seed_;
};

class Clusters final : public DataSource {
 public:
  std::string help() const override { return "Gaussian clusters, one a class, drawn from the deck's seed: centre k is 1 on feature k (further out once all features are used)"; }
  std::vector<CardParameter> parameters() const override {
    return {{"groups=", "", "3", "how many clusters"}, {"inputs=", "", "4", "how many features; those beyond the clusters tell nothing"}, {"samples=", "", "150", "of all clusters"},
            {"spread=", "", "0.3", "standard deviation of every feature"}};
  }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    const Index groups = options.count("groups", 3, 1e4), inputs = options.count("inputs", 4, 1e5), samples = options.count("samples", 150, 1e7);
    options.check_size(inputs, samples);
    return std::make_unique<Clouds>(groups, inputs, samples, options.number("spread", 0.3, {0.0, 1e6}), options.seed());
  }
};

const Registered<DataSource, Clusters> registered("clusters");

}  // namespace
}  // namespace settle
