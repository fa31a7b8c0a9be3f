// optimizer=sgd: m <- momentum m + g, dw = -rate m.
#include "learning/optimizer.hpp"

namespace settle {
namespace {

class Sgd final : public Optimizer {
 public:
  Sgd(double momentum, Index weights) : momentum_(momentum), m_(Vector<double>::Zero(weights)) {}
  Vector<double> change(const Vector<double>& gradient, const Vector<double>& rate) override {
    if (momentum_ == 0.0) return -rate.cwiseProduct(gradient);
    m_ = momentum_ * m_ + gradient;
    return -rate.cwiseProduct(m_);
  }
  std::vector<Vector<double>*> memory() override { return {&m_}; }

 private:
  double momentum_;
  Vector<double> m_;
};

class SgdKind final : public OptimizerKind {
 public:
  std::string help() const override { return "gradient descent, dw = -rate m, m = momentum m + gradient"; }
  std::vector<CardParameter> parameters() const override { return {{"momentum=", "", "0", "of the gradient"}}; }
  std::function<std::unique_ptr<Optimizer>(Index)> read(CardOptions& options) const override {
    const double momentum = options.number("momentum", 0.0, {0.0, 0.9999});
    return [momentum](Index weights) { return std::make_unique<Sgd>(momentum, weights); };
  }
};

const Registered<OptimizerKind, SgdKind> registered("sgd");

}  // namespace
}  // namespace settle
