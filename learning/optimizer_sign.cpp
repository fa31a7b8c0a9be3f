// optimizer=sign: dw = -rate sign(g) where |g| exceeds a share of the largest: one pulse up or down per device, or none.
#include <cmath>

#include "learning/optimizer.hpp"

namespace settle {
namespace {

class Sign final : public Optimizer {
 public:
  explicit Sign(double threshold) : threshold_(threshold) {}
  Vector<double> change(const Vector<double>& gradient, const Vector<double>& rate) override {
    const double least = threshold_ * gradient.cwiseAbs().maxCoeff();
    Vector<double> change = Vector<double>::Zero(gradient.size());
    for (Index k = 0; k < change.size(); ++k)
      if (std::abs(gradient[k]) > least) change[k] = gradient[k] > 0.0 ? -rate[k] : rate[k];
    return change;
  }

 private:
  double threshold_;
};

class SignKind final : public OptimizerKind {
 public:
  std::string help() const override { return "dw = -rate sign(gradient): a pulse up or down per device"; }
  std::vector<CardParameter> parameters() const override { return {{"threshold=", "", "0", "share of the largest gradient below which a device is left alone"}}; }
  std::function<std::unique_ptr<Optimizer>(Index)> read(CardOptions& options) const override {
    const double threshold = options.number("threshold", 0.0, {0.0, 1.0});
    return [threshold](Index) { return std::make_unique<Sign>(threshold); };
  }
};

const Registered<OptimizerKind, SignKind> registered("sign");

}  // namespace
}  // namespace settle
