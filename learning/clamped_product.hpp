// Clamped product: currents of a buffered crossbar whose rows are all driven, for many samples, and the gradient of its devices: the two largest products
// of a training, packed once per update and in the precision samples settle in.
#pragma once

#include <optional>

#include "devices/grid.hpp"
#include "learning/weights.hpp"
#include "sim/panels.hpp"

namespace settle {

template <class Real>
class ClampedProduct {
 public:
  /// Nothing if the element is no such crossbar, or reads rows from `fixed` on.
  static std::optional<ClampedProduct> of(const Element& element, Index fixed) {
    const auto* grid = dynamic_cast<const Grid*>(&element);
    const auto product = grid ? grid->product() : std::nullopt;
    if (!product) return {};
    for (const Index row : product->read)
      if (row >= fixed) return {};
    return ClampedProduct(*grid);
  }
  const Element* element() const { return grid_; }

  /// Conductances as they are now.
  void take() {
    const GridProduct product = *grid_->product();
    for (Index row = 0; row < w_.columns(); ++row)
      for (Index column = 0; column < w_.rows(); ++column) w_(column, row) = static_cast<Real>(product.sign.empty() ? product.g(row, column) : product.sign[static_cast<std::size_t>(column)] * product.g(row, column));
  }
  double flops(Index samples) const { return 2.0 * static_cast<double>(w_.rows()) * static_cast<double>(w_.columns() * samples); }

  /// Adds its currents into unknowns, of samples first .. first + count; driven: driven rows by all samples.
  template <class Array>
  void add_currents(const Block<double>& driven, Index first, Index count, Index fixed, Array& f) const {
    const GridProduct product = *grid_->product();
    const Index width = f.cols();
    Array v = Array::Zero(w_.columns(), width), i(w_.rows(), width);
    for (Index row = 0; row < w_.columns(); ++row) v.row(row).head(count) = driven.row(product.read[static_cast<std::size_t>(row)]).segment(first, count).template cast<Real>();
    w_.multiply(v.data(), i.data(), width);
    for (Index column = 0; column < w_.rows(); ++column) f.row(product.into[static_cast<std::size_t>(column)] - fixed) += i.row(column);
  }

 private:
  explicit ClampedProduct(const Grid& grid) : grid_(&grid), w_(grid.product()->g.cols(), grid.product()->g.rows()) {}

  const Grid* grid_;
  Panels<Real> w_;
};

/// Adds sum over samples of lambda d(current)/d(conductance) of a buffered crossbar, in the precision Real. voltages(row) and errors(row): of any row, by
/// samples.
template <class Real, class Voltages, class Errors>
void add_product_gradient(const GridProduct& product, Index samples, Voltages voltages, Errors errors, double* gradient) {
  using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Matrix v(product.g.rows(), samples), arriving(product.g.cols(), samples);
  for (Index row = 0; row < v.rows(); ++row) v.row(row) = voltages(product.read[static_cast<std::size_t>(row)]).template cast<Real>();
  for (Index column = 0; column < arriving.rows(); ++column) {
    const double sign = product.sign.empty() ? 1.0 : product.sign[static_cast<std::size_t>(column)];
    arriving.row(column) = (product.parallel * sign * errors(product.into[static_cast<std::size_t>(column)])).template cast<Real>();
  }
  Eigen::Map<Block<double>> sum(gradient, v.rows(), arriving.rows());
  if constexpr (std::is_same_v<Real, double>) {
    sum.noalias() += v * arriving.transpose();
  } else {
    Matrix here(v.rows(), arriving.rows());
    here.noalias() = v * arriving.transpose();
    sum += here.template cast<double>();
  }
}

}  // namespace settle
