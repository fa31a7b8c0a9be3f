// Linear regression: y = A x + b + noise, of a teacher drawn from the seed.
#include <fmt/format.h>

#include <cmath>

#include "learning/data_options.hpp"
#include "learning/dataset.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

/// Inputs uniform in (-1, 1); A normal with variance 1/inputs and b with 1, so that outputs are of order 1 whatever the sizes.
class Teacher final : public DataReader {
 public:
  Teacher(Index inputs, Index outputs, Index samples, double noise, std::uint64_t seed) : inputs_(inputs), outputs_(outputs), samples_(samples), noise_(noise), seed_(seed) {}

  DataOutline outline() const override {
    return {numbered_names("x", inputs_), numbered_names("y", outputs_), {}, fmt::format("a linear teacher of {} inputs and {} outputs", inputs_, outputs_), samples_};
  }

  DataSet load(Index most, Index) const override {
    DataSet data{outline(), {}, {}};
    const Index samples = std::min(most, samples_);
    Stream x(seed_, "task linear", "x"), noise(seed_, "task linear", "noise"), A(seed_, "task linear", "A"), b(seed_, "task linear", "b");
    data.train.inputs = Eigen::MatrixXd::NullaryExpr(inputs_, samples, [&] { return 2.0 * x.uniform() - 1.0; });
    const double spread = 1.0 / std::sqrt(static_cast<double>(inputs_));
    const Eigen::MatrixXd matrix = Eigen::MatrixXd::NullaryExpr(outputs_, inputs_, [&] { return spread * A.normal(); });
    const Eigen::VectorXd shift = Eigen::VectorXd::NullaryExpr(outputs_, [&] { return b.normal(); });
    data.train.targets = (matrix * data.train.inputs).colwise() + shift;
    if (noise_ > 0.0) data.train.targets += Eigen::MatrixXd::NullaryExpr(outputs_, samples, [&] { return noise_ * noise.normal(); });
    return data;
  }

 private:
  Index inputs_, outputs_, samples_;
  double noise_;
  std::uint64_t seed_;
};

class Linear final : public DataSource {
 public:
  std::string help() const override { return "linear regression: y = A x + b + noise with A and b drawn from the deck's seed, x uniform in -1..1"; }
  std::vector<CardParameter> parameters() const override {
    return {{"inputs=", "", "4", "length of x"}, {"outputs=", "", "1", "length of y"}, {"samples=", "", "100", ""}, {"noise=", "", "0", "its standard deviation; A x + b is of order 1"}};
  }
  std::unique_ptr<const DataReader> reader(DataOptions& options) const override {
    const Index inputs = options.count("inputs", 4, 1e5), outputs = options.count("outputs", 1, 1e5), samples = options.count("samples", 100, 1e7);
    options.check_size(inputs, samples);
    return std::make_unique<Teacher>(inputs, outputs, samples, options.number("noise", 0.0, {0.0, 1e6}), options.seed());
  }
};

const Registered<DataSource, Linear> registered("linear");

}  // namespace
}  // namespace settle
