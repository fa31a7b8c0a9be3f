// WrittenSystem: a small system written down in a test as functions of one sample, with a full pattern.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/system.hpp"

namespace settle {

template <Scalar S>
class WrittenSystem : public LimitedSystem<S> {
 public:
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
  using Rate = std::function<Vector<S>(const Vector<S>& x, double t, Index sample)>;
  using Jacobian = std::function<Matrix(const Vector<S>& x, double t, Index sample)>;

  Eigen::MatrixXd M;
  Rate f;
  Jacobian J;
  Rate ft = [](const Vector<S>& x, double, Index) -> Vector<S> { return Vector<S>::Zero(x.size()); };
  Index count = 1;
  bool is_linear = false;
  std::vector<std::string> names;
  double atol = 1e-9;

  /// Call when M is set.
  void ready() {
    const Index n = M.rows();
    pattern_ = {};
    pattern_.size = n;
    mass_.resize(n * n);
    for (Index j = 0; j < n; ++j) {
      for (Index i = 0; i < n; ++i) {
        mass_[j * n + i] = M(i, j);
        pattern_.row.push_back(static_cast<int>(i));
      }
      pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
    }
  }

  Index size() const override { return M.rows(); }
  Index samples() const override { return count; }
  const Pattern& pattern() const override { return pattern_; }
  const Vector<double>& mass() const override { return mass_; }
  void rate(const Block<S>& x, double t, Block<S>& out) const override { each(f, x, t, out); }
  void time_slope(const Block<S>& x, double t, Block<S>& out) const override { each(ft, x, t, out); }
  void jacobian(const Block<S>& x, double t, Index sample, Vector<S>& out) const override {
    out = J(x.col(sample), t, sample).reshaped();
  }
  bool linear() const override { return is_linear; }
  std::string name(Index i) const override {
    return static_cast<std::size_t>(i) < names.size() ? names[static_cast<std::size_t>(i)] : "x" + std::to_string(i);
  }
  double tolerance(Index) const override { return atol; }
  /// Sources scale f(x) - f(0); no device limits.
  bool limited(const Block<S>& x, double t, Index sample, const Ease& ease, Vector<S>&, Vector<S>& out, Vector<S>& jacobian_out) const override {
    const Vector<S> column = x.col(sample);
    out = f(column, t, sample) - (1.0 - ease.sources) * f(Vector<S>::Zero(size()), t, sample) - ease.gmin * column;
    Matrix slope = J(column, t, sample);
    slope.diagonal().array() -= ease.gmin;
    jacobian_out = slope.reshaped();
    return false;
  }

 private:
  void each(const Rate& g, const Block<S>& x, double t, Block<S>& out) const {
    out.resize(x.rows(), x.cols());
    for (Index k = 0; k < x.cols(); ++k) out.col(k) = g(x.col(k), t, k);
  }

  Pattern pattern_;
  Vector<double> mass_;
};

}  // namespace settle
