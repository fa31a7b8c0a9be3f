// One device by itself.
#include "tests/devices/bench.hpp"

#include <Eigen/LU>

namespace settle::testing {
namespace {

Instance reference(const std::string& kind, const std::string& name, Index plus) {
  Instance instance;
  instance.name = name;
  instance.rows = {plus, plus + 1};
  if (kind == "inductor") instance.values = {{"l", 1e-3}};
  return instance;
}

}  // namespace

Bench::Bench(const Setup& setup) : kind_(Registry<Kind>::find(setup.kind)) {
  if (!kind_) throw std::logic_error("no kind " + setup.kind);
  const std::size_t count = kind_->terminals.size(), references = static_cast<std::size_t>(kind_->references);
  std::vector<Row> nodes;
  for (std::size_t k = 0; k < 1 + count + 2 * references; ++k) nodes.push_back({"n" + std::to_string(k), "V", 1e-6, true, true});
  for (std::size_t k = 0; k < count; ++k) terminal_.push_back(static_cast<Index>(k) + 1);
  rows_ = std::make_unique<Rows>(nodes, setup.driven ? 2 : 1, RowTolerances{});

  Instance instance;
  instance.name = "d1";
  instance.rows = terminal_;
  instance.values = setup.values;
  instance.model_type = setup.model_type;
  instance.waveform = setup.waveform;
  instance.small_signal = setup.small_signal;
  instance.driven = setup.driven ? 0 : -1;
  const std::string read = setup.kind == "coupling" ? "inductor" : "voltage";
  for (std::size_t k = 0; k < references; ++k) {
    const std::vector<Instance> one{reference(read, "ref" + std::to_string(k + 1), static_cast<Index>(1 + count + 2 * k))};
    referenced_.push_back(Registry<Kind>::find(read)->make(one, *rows_, setup.environment));
    instance.references.push_back(one[0].name);
  }
  if (!setup.expression.empty()) {
    const ParsedExpression parsed = parse_expression(setup.expression, NoNames(), ExpressionUse::circuit);
    if (!parsed.problems.empty()) throw std::logic_error(parsed.problems[0].text);
    BoundExpression bound{parsed.expression, {}, {}};
    for (const Input& input : parsed.expression.inputs()) {
      const bool voltage = input.kind == Input::Kind::voltage;
      bound.plus.push_back(voltage ? terminal_[input.names[0] == "a" ? 0 : 1] : -1);
      bound.minus.push_back(Rows::ground);
    }
    instance.expressions = {bound};
  }
  const std::vector<Instance> instances{instance};
  element_ = kind_->make(instances, *rows_, setup.environment);
  modes_ = Modes(rows_->modes(), 1);
  moment_.modes = &modes_;
}

template <Scalar S>
Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> Bench::jacobian(const Block<S>& x) const {
  return stamped<S>([&](Stamps<S>& J) { element_->add_jacobian(x, moment_, J); });
}
template Dense Bench::jacobian(const Block<double>&) const;
template DenseComplex Bench::jacobian(const Block<Complex>&) const;

Dense Bench::mass() const {
  return stamped<double>([&](Stamps<double>& M) { element_->add_mass(M); });
}

Block<double> Bench::settled(const std::vector<double>& terminal_voltages) const {
  Block<double> x = Block<double>::Zero(size(), 1);
  for (std::size_t k = 0; k < terminals(); ++k) x(terminal(k), 0) = terminal_voltages[k];
  std::vector<Index> inner;
  for (Index row = static_cast<Index>(terminals()) + 1; row < size(); ++row) inner.push_back(row);
  if (inner.empty()) return x;
  std::vector<double> memory(static_cast<std::size_t>(element_->memory()) + 1, not_given);
  const Index n = static_cast<Index>(inner.size());
  for (int k = 0; k < 400; ++k) {
    Block<double> f;
    bool limited = false;
    const std::vector<double> before = memory;
    const Dense J = stamped<double>([&](Stamps<double>& stamps) {
      memory = before;
      f = Block<double>::Zero(size(), 1);
      limited = element_->add_limited(x, moment_, memory.data(), f, stamps);
    });
    const Dense inner_part = J(inner, inner);
    Eigen::VectorXd residual(n);
    for (Index j = 0; j < n; ++j) residual[j] = -f(inner[static_cast<std::size_t>(j)], 0);
    const Eigen::VectorXd step = inner_part.fullPivLu().solve(residual);
    for (Index j = 0; j < n; ++j) x(inner[static_cast<std::size_t>(j)], 0) += step[j];
    if (!limited && step.cwiseAbs().maxCoeff() < 1e-15) break;
  }
  return x;
}

double Bench::current(std::size_t k, const std::vector<double>& terminal_voltages) const {
  return -rate(settled(terminal_voltages))(terminal(k), 0);
}

std::size_t Bench::quantity(const std::string& name) const {
  const auto all = element_->quantities(0);
  for (std::size_t k = 0; k < all.size(); ++k)
    if (all[k].name == name) return k;
  throw std::logic_error("no quantity " + name);
}

}  // namespace settle::testing
