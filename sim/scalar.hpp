// Scalars and blocks: the number types of a state, and the state itself.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <concepts>

namespace settle {

using Index = Eigen::Index;
using Complex = std::complex<double>;

/// A circuit is real; only its state may be complex.
template <class S>
concept Scalar = std::same_as<S, double> || std::same_as<S, Complex>;

/// Unknowns (rows) by samples (columns); the samples of one unknown lie side by side in memory: with 256 samples the rate of scattered
/// diodes is then 1.2 times, that of a 256x256 grid 15 times as fast as with the unknowns of one sample side by side (tests/bench/bank.cpp).
template <Scalar S>
using Block = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <Scalar S>
using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;

}  // namespace settle
