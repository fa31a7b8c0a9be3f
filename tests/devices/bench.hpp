// Bench: one device by itself, its terminals on free nodes of their own, so that every number it adds can be looked at.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "devices/kind.hpp"

namespace settle::testing {

using Dense = Eigen::MatrixXd;
using DenseComplex = Eigen::MatrixXcd;
using Values = std::map<std::string, double>;

struct Setup {
  std::string kind;
  Values values{};
  std::string model_type{};
  std::string expression{};                   // of behavioural kinds: of v(a) = first terminal's row, v(b) = second's, time
  std::shared_ptr<const Waveform> waveform{};
  SmallSignal small_signal{};
  bool driven = false;                        // the first terminal is a driven row
  Environment environment{};
};

/// One device called "d1", or several in a row. Devices it reads are made too: voltage sources "ref1", ... or, for couplings, inductors.
class Bench {
 public:
  explicit Bench(const Setup& setup);

  const Kind& kind() const { return *kind_; }
  const Element& element() const { return *element_; }
  Element& element() { return *element_; }
  const Rows& rows() const { return *rows_; }
  Index size() const { return rows_->count(); }
  /// Row of the k-th terminal.
  Index terminal(std::size_t k) const { return terminal_[k]; }
  std::size_t terminals() const { return terminal_.size(); }
  const Moment& moment() const { return moment_; }
  Moment& moment() { return moment_; }
  Modes& modes() { return modes_; }

  template <Scalar S>
  Block<S> rate(const Block<S>& x) const {
    Block<S> f = Block<S>::Zero(size(), x.cols());
    element_->add_rate(x, moment_, f);
    return f;
  }
  template <Scalar S>
  Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> jacobian(const Block<S>& x) const;
  Dense mass() const;
  std::vector<NoiseSource> noise(const Block<double>& x, const Environment& environment = {}) const {
    std::vector<NoiseSource> sources;
    element_->add_noise(x, moment_, environment, sources);
    return sources;
  }
  /// Memory states where they begin, zero elsewhere.
  Block<double> initial() const {
    Block<double> x = Block<double>::Zero(size(), 1);
    element_->put_initial(x);
    return x;
  }
  /// Stamps onto a dense matrix over all rows.
  template <Scalar S, class Add>
  Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> stamped(Add add) const;

  /// Rows behind the terminals in equilibrium at these terminal voltages (Newton).
  Block<double> settled(const std::vector<double>& terminal_voltages) const;
  /// Current into a terminal at rest.
  double current(std::size_t terminal, const std::vector<double>& terminal_voltages) const;

  /// The quantity called `name` of device 0.
  std::size_t quantity(const std::string& name) const;

 private:
  const Kind* kind_;
  std::unique_ptr<Rows> rows_;
  std::vector<Index> terminal_;
  std::vector<std::unique_ptr<Element>> referenced_;
  std::unique_ptr<Element> element_;
  Modes modes_;
  Moment moment_;
};

template <Scalar S, class Add>
Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> Bench::stamped(Add add) const {
  PlaceRecorder recorder;
  Stamps<S> record(recorder);
  add(record);
  std::vector<int> slots;
  for (const Place& p : recorder.places()) slots.push_back(static_cast<int>(p.column * size() + p.row));
  Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> matrix = decltype(matrix)::Zero(size(), size());
  Stamps<S> fill(slots, 0, matrix.data());
  add(fill);
  return matrix;
}

/// A point of a circuit with given slopes and balances.
template <Scalar S>
class Point final : public Solution<S> {
 public:
  Point(Moment moment, Block<S> x, Block<S> slope, Block<S> balance)
      : moment_(moment), x_(std::move(x)), slope_(std::move(slope)), balance_(std::move(balance)) {}
  const Moment& moment() const override { return moment_; }
  const Block<S>& x() const override { return x_; }
  const Block<S>& slope() const override { return slope_; }
  const Block<S>& balance() const override { return balance_; }

 private:
  Moment moment_;
  Block<S> x_, slope_, balance_;
};

}  // namespace settle::testing
