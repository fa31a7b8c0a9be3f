// Relaxer: many samples at once on a network whose membranes meet through activities only, 0 = b - a u + W phi(u) - beta (c phi(u) + h). Layer by layer,
// forth and back, every membrane is put where its currents vanish, until nothing moves: where an overdamped circuit ends.
// Every step is a product of a matrix in cache with a tile of samples.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "learning/activation.hpp"
#include "sim/panels.hpp"

namespace settle {

/// Groups of neurons that follow each other: connections are within a group or between neighbours.
struct Layering {
  std::vector<Index> order;  // neurons, by place
  std::vector<Index> first;  // place of every layer's first neuron, and the number of neurons
  Index layers() const { return static_cast<Index>(first.size()) - 1; }
  /// By distance from the neurons `begin`, along links (not 0) in either direction.
  static Layering of(const Eigen::MatrixXd& links, const std::vector<Index>& begin);
};

/// Sums over connections, r_j of one layer into another, remembered while the layer they come from rests.
template <class Real>
class Connections {
 public:
  Connections() = default;
  /// w: by neurons.
  Connections(const Layering& layering, const Eigen::MatrixXd& w);

  /// What a relaxation came to: cycles through all layers, and how far each column moved in the last.
  struct Ended {
    int cycles = 0;
    bool settled = false;
    double flops = 0.0;  // in products
    std::vector<Real> moved;
  };
  /// Calls update(place, sum, r) to turn the sums of a neuron into its new value, width numbers each, until the largest movement that is still to
  /// come is below tolerance, or until movements below `rounding` fade no more. r: places by columns.
  template <class Update>
  Ended relax(Real* r, Index width, int most, Real tolerance, Real rounding, Update update) const;

  /// w r, places by columns.
  void product(const Real* r, Index width, Real* out) const {
    std::fill_n(out, static_cast<Index>(layering_.order.size()) * width, Real(0.0));
    std::vector<Real> sum;
    for (const Joint& joint : joints_) {
      sum.resize(static_cast<std::size_t>(joint.w.rows() * width));
      joint.w.multiply(r + layering_.first[static_cast<std::size_t>(joint.from)] * width, sum.data(), width);
      Real* into = out + layering_.first[static_cast<std::size_t>(joint.into)] * width;
      for (std::size_t k = 0; k < sum.size(); ++k) into[k] += sum[k];
    }
  }

 private:
  struct Joint {
    Index from, into;
    Panels<Real> w;
  };
  /// Sums of every joint, whether they are those of the activities there are, and room for one neuron.
  struct Work {
    std::vector<std::vector<Real>> sums;
    std::vector<char> fresh;
    std::vector<Real> total, before;
  };
  Work work(Index width) const;
  void refresh(Index layer, const Real* r, Index width, Work& work, Ended& ended) const;
  void add_up(Index layer, Index place, Index width, Work& work) const;
  template <class Update>
  void visit(Index layer, Real* r, Index width, Update& update, Work& work, Ended& ended) const;

  Layering layering_;
  std::vector<Joint> joints_;
};

/// One layer is put to rest with what the others show.
template <class Real>
template <class Update>
void Connections<Real>::visit(Index layer, Real* r, Index width, Update& update, Work& work, Ended& ended) const {
  refresh(layer, r, width, work, ended);
  for (Index place = layering_.first[static_cast<std::size_t>(layer)]; place < layering_.first[static_cast<std::size_t>(layer) + 1]; ++place) {
    add_up(layer, place, width, work);
    Real* here = r + place * width;
    std::copy_n(here, width, work.before.data());
    update(place, work.total.data(), here);
    Real *before = work.before.data(), *moved = ended.moved.data();
    for (Index s = 0; s < width; ++s) {
      const Real by = std::abs(here[s] - before[s]);
      moved[s] = moved[s] < by || by != by ? by : moved[s];
    }
  }
  for (std::size_t k = 0; k < joints_.size(); ++k)
    if (joints_[k].from == layer) work.fresh[k] = 0;
}

template <class Real>
template <class Update>
typename Connections<Real>::Ended Connections<Real>::relax(Real* r, Index width, int most, Real tolerance, Real rounding, Update update) const {
  Work room = work(width);
  Ended ended{.moved = std::vector<Real>(static_cast<std::size_t>(width))};
  if (layering_.order.empty()) return ended;
  Real last = Real(INFINITY);
  for (ended.cycles = 1; ended.cycles <= most; ++ended.cycles) {
    std::fill(ended.moved.begin(), ended.moved.end(), Real(0.0));
    for (Index layer = 0; layer < layering_.layers(); ++layer) visit(layer, r, width, update, room, ended);
    for (Index layer = layering_.layers() - 2; layer > 0; --layer) visit(layer, r, width, update, room, ended);
    Real worst(0.0);
    for (const Real by : ended.moved) worst = worst < by || by != by ? by : worst;
    if (!std::isfinite(worst)) return ended;
    const Real share = std::isfinite(last) ? std::min(worst / last, Real(0.99)) : Real(0.99);  // of a movement left in the next
    ended.settled = worst * share / (Real(1.0) - share) < tolerance || (worst < rounding && worst >= Real(0.9) * last);
    if (ended.settled) return ended;
    last = worst;
  }
  return ended;
}

}  // namespace settle
