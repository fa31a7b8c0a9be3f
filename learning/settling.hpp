// Settling: samples side by side on a network in layers, until every membrane is where its currents vanish: at rest, under a nudge, and the error signals
// that settle on the transposed network. Works on tiles; knows neither lessons nor devices.
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "learning/asymmetry.hpp"
#include "learning/network.hpp"
#include "learning/pull.hpp"
#include "learning/relaxer.hpp"
#include "learning/tile.hpp"

namespace settle {

template <class Real>
class Settling {
 public:
  using Array = typename Tile<Real>::Array;
  /// What became of the samples of a tile.
  struct Found {
    std::vector<char> settled;
    std::vector<int> cycles;  // times every membrane was put where its currents vanish
    explicit Found(Index samples) : settled(static_cast<std::size_t>(samples), 0), cycles(settled.size(), 0) {}
  };

  /// `begin`: neurons the input reaches. Random numbers of imperfect connections come from the seed.
  Settling(const Network& network, std::vector<Pull> pulls, const std::vector<Index>& begin, std::uint64_t seed);

  /// Devices as they are in the network now.
  void take(const Network& network);
  /// Connections of the transposed network that are off by `error`, and of the one whose asymmetry is taken back; before they are asked for.
  void prepare_back(double error);
  void prepare_correction(const AsymmetryOptions& options);

  Index places() const { return static_cast<Index>(layering_.order.size()); }
  Index neuron(Index place) const { return layering_.order[static_cast<std::size_t>(place)]; }
  const std::vector<Pull>& pulls() const { return pulls_; }
  const Activation& phi(Index place) const { return phi_[static_cast<std::size_t>(neuron(place))]; }
  /// Floating-point operations in products so far.
  double flops() const { return flops_; }
  /// S, of a neuron to its surroundings.
  double leak(Index neuron) const { return leak_[neuron]; }

  /// From the activities the tile has.
  Found rest(Tile<Real>& tile) const;
  /// The tile under a nudge, from its rest state; samples that do not settle are struck off.
  Tile<Real> nudged(const Tile<Real>& rest, const Complex& beta, const AsymmetryOptions& correction, std::vector<char>& settled) const;
  /// a lambda = D (w^T a lambda - dC/dr) at rest, by places; as prepared.
  Array error_signal(const Tile<Real>& rest, std::vector<char>& settled) const;

 private:
  struct Back {
    double error;
    Connections<Real> connections;
  };
  struct Corrected {
    AsymmetryOptions options;
    Connections<Real> whole, correction;
  };
  static std::size_t at(Index k) { return static_cast<std::size_t>(k); }
  Connections<Real> connections(const Eigen::MatrixXd& W) const { return Connections<Real>(layering_, leak_.cwiseInverse().asDiagonal() * W); }
  typename Connections<Real>::Ended relax(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta, int most) const;
  void nudge(Tile<Real>& tile, Index place, Index output, const Complex& beta, const Real* sum) const;
  void give_way(Tile<Real>& tile, const Tile<Real>& rest, const Complex& beta) const;
  Found settle(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta) const;

  mutable std::atomic<double> flops_ = 0.0;
  std::vector<Pull> pulls_;
  std::uint64_t seed_;
  std::vector<Activation> phi_;  // per neuron
  Layering layering_;
  std::vector<Index> place_of_, output_at_;
  Eigen::VectorXd leak_;
  Eigen::MatrixXd W_;
  Connections<Real> forward_;
  std::optional<Back> back_;
  std::optional<Corrected> corrected_;
};

extern template class Settling<double>;
extern template class Settling<float>;

}  // namespace settle
