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
  /// come is below tolerance. r: places by columns.
  template <class Update>
  Ended relax(Real* r, Index width, int most, Real tolerance, Update update) const;

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
  Layering layering_;
  std::vector<Joint> joints_;
};

template <class Real>
template <class Update>
typename Connections<Real>::Ended Connections<Real>::relax(Real* r, Index width, int most, Real tolerance, Update update) const {
  const std::size_t neurons = layering_.order.size();
  std::vector<std::vector<Real>> sums(joints_.size());
  for (std::size_t k = 0; k < joints_.size(); ++k) sums[k].resize(static_cast<std::size_t>(joints_[k].w.rows() * width));
  std::vector<char> fresh(joints_.size(), 0);
  std::vector<Real> total(static_cast<std::size_t>(width)), before(total.size());
  Ended ended{.moved = std::vector<Real>(total.size())};
  if (neurons == 0) return ended;
  const auto visit = [&](Index layer) {
    for (std::size_t k = 0; k < joints_.size(); ++k)
      if (joints_[k].into == layer && !fresh[k]) {
        joints_[k].w.multiply(r + layering_.first[static_cast<std::size_t>(joints_[k].from)] * width, sums[k].data(), width);
        fresh[k] = 1;
        ended.flops += 2.0 * static_cast<double>(joints_[k].w.rows()) * static_cast<double>(joints_[k].w.columns() * width);
      }
    const Index first = layering_.first[static_cast<std::size_t>(layer)], last = layering_.first[static_cast<std::size_t>(layer) + 1];
    for (Index place = first; place < last; ++place) {
      std::fill(total.begin(), total.end(), Real(0.0));
      for (std::size_t k = 0; k < joints_.size(); ++k) {
        if (joints_[k].into != layer) continue;
        const Real* sum = sums[k].data() + (place - first) * width;
        for (Index s = 0; s < width; ++s) total[static_cast<std::size_t>(s)] += sum[s];
      }
      Real* here = r + place * width;
      std::copy_n(here, width, before.data());
      update(place, total.data(), here);
      for (Index s = 0; s < width; ++s) {
        const Real by = std::abs(here[s] - before[static_cast<std::size_t>(s)]);
        ended.moved[static_cast<std::size_t>(s)] = ended.moved[static_cast<std::size_t>(s)] < by || by != by ? by : ended.moved[static_cast<std::size_t>(s)];
      }
    }
    for (std::size_t k = 0; k < joints_.size(); ++k)
      if (joints_[k].from == layer) fresh[k] = 0;
  };
  Real last = Real(INFINITY);
  for (ended.cycles = 1; ended.cycles <= most; ++ended.cycles) {
    std::fill(ended.moved.begin(), ended.moved.end(), Real(0.0));
    for (Index layer = 0; layer < layering_.layers(); ++layer) visit(layer);
    for (Index layer = layering_.layers() - 2; layer > 0; --layer) visit(layer);
    Real worst(0.0);
    for (const Real by : ended.moved) worst = worst < by || by != by ? by : worst;
    if (!std::isfinite(worst)) return ended;
    const Real share = std::isfinite(last) ? std::min(worst / last, Real(0.99)) : Real(0.99);  // of a movement left in the next
    ended.settled = worst * share / (Real(1.0) - share) < tolerance;
    if (ended.settled) return ended;
    last = worst;
  }
  return ended;
}

}  // namespace settle
