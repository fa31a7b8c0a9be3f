// optimizer=adam (Kingma and Ba, arXiv:1412.6980): dw = -rate mhat / (sqrt(vhat) + epsilon s), with s the gradient's own scale, so that units do not matter.
#include <cmath>

#include "learning/optimizer.hpp"

namespace settle {
namespace {

class Adam final : public Optimizer {
 public:
  Adam(double b1, double b2, double epsilon, Index weights)
      : b1_(b1), b2_(b2), epsilon_(epsilon), m_(Vector<double>::Zero(weights)), v_(m_), steps_(Vector<double>::Zero(1)) {}

  Vector<double> change(const Vector<double>& gradient, const Vector<double>& rate) override {
    steps_[0] += 1.0;
    m_ = b1_ * m_ + (1.0 - b1_) * gradient;
    v_ = b2_ * v_ + (1.0 - b2_) * gradient.cwiseAbs2();
    const double c1 = 1.0 - std::pow(b1_, steps_[0]), c2 = 1.0 - std::pow(b2_, steps_[0]);
    const Vector<double> size = (v_ / c2).cwiseSqrt();
    const double scale = size.maxCoeff();
    if (!(scale > 0.0)) return Vector<double>::Zero(gradient.size());
    return -rate.cwiseProduct((m_ / c1).cwiseQuotient((size.array() + epsilon_ * scale).matrix()));
  }
  std::vector<Vector<double>*> memory() override { return {&m_, &v_, &steps_}; }

 private:
  double b1_, b2_, epsilon_;
  Vector<double> m_, v_, steps_;
};

class AdamKind final : public OptimizerKind {
 public:
  std::string help() const override { return "steps of about rate= per update, whatever the gradient's size: dw = -rate m / sqrt(v)"; }
  std::vector<CardParameter> parameters() const override {
    return {{"beta1=", "", "0.9", "forgetting of the mean gradient"}, {"beta2=", "", "0.999", "forgetting of its square"}, {"epsilon=", "", "1e-6", "least size of a gradient, relative to the largest"}};
  }
  std::function<std::unique_ptr<Optimizer>(Index)> read(CardOptions& options) const override {
    const double b1 = options.number("beta1", 0.9, {0.0, 0.999999}), b2 = options.number("beta2", 0.999, {0.0, 0.99999999}), epsilon = options.number("epsilon", 1e-6, {0.0, 1.0});
    return [=](Index weights) { return std::make_unique<Adam>(b1, b2, epsilon, weights); };
  }
};

const Registered<OptimizerKind, AdamKind> registered("adam");

}  // namespace
}  // namespace settle
