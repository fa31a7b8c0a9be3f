// Tiles that settle.
#include "learning/settling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/random.hpp"

namespace settle {
namespace {

constexpr int first_cycles = 30, most_cycles = 3000;  // in company, and alone

template <class Real>
constexpr Real tolerance = Real(std::is_same_v<Real, double> ? 1e-12 : 4e-7);  // V
/// Movements that may be mere rounding of sums as large as these.
template <class Real>
Real rounding_of(const typename Tile<Real>::Array& sums) {
  return 16 * std::numeric_limits<Real>::epsilon() * (Real(1.0) + sums.abs().maxCoeff());
}
/// A movement in one cycle that is as good as none.
template <class Real>
Real still(Real rounding) {
  return std::max(Real(0.1) * tolerance<Real>, rounding);
}

}  // namespace

template <class Real>
Settling<Real>::Settling(const Network& network, std::vector<Pull> pulls, const std::vector<Index>& begin, std::uint64_t seed)
    : pulls_(std::move(pulls)), seed_(seed), layering_(Layering::of(network.links(), begin)) {
  for (const Expression& phi : network.phi) phi_.push_back(phi.text().empty() ? Activation() : Activation(phi));
  place_of_.resize(layering_.order.size());
  for (Index place = 0; place < places(); ++place) place_of_[at(neuron(place))] = place;
  output_at_.assign(at(places()), -1);
  for (std::size_t k = 0; k < pulls_.size(); ++k) output_at_[at(place_of_[at(pulls_[k].neuron)])] = static_cast<Index>(k);
}

template <class Real>
void Settling<Real>::take(const Network& network) {
  W_ = network.W;
  leak_ = -network.A.diagonal();
  forward_ = connections(W_);
  back_.reset(), corrected_.reset();
}

/// A nudged output gives way by one step of Newton's, with the slope it had at rest.
template <class Real>
void Settling<Real>::nudge(Tile<Real>& tile, Index place, Index output, const Complex& beta, const Real* sum) const {
  const Index plane = tile.plane;
  const double share = pulls_[at(output)].slope / leak_[neuron(place)];
  const Real p = static_cast<Real>(beta.real() * share), q = static_cast<Real>(beta.imag() * share);
  const Real *h = tile.pull.row(output).data(), *give = tile.give.row(output).data(), *across = tile.give_across.row(output).data(), *b = tile.b.row(place).data();
  Real *u = tile.u.row(place).data(), *r = tile.r.row(place).data();
  if (tile.planes == 1) {
    for (Index s = 0; s < plane; ++s) u[s] += give[s] * (b[s] + sum[s] - u[s] - p * (r[s] + h[s]));
    return;
  }
  for (Index s = 0; s < plane; ++s) {
    const Real pulled = r[s] + h[s], turned = r[plane + s];
    const Real f = b[s] + sum[s] - u[s] - p * pulled + q * turned, g = b[plane + s] + sum[plane + s] - u[plane + s] - p * turned - q * pulled;
    u[s] += give[s] * f - across[s] * g;
    u[plane + s] += give[s] * g + across[s] * f;
  }
}

template <class Real>
typename Connections<Real>::Ended Settling<Real>::relax(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta, int most) const {
  const Index width = tile.width(), plane = tile.plane;
  const auto update = [&](Index place, const Real* sum, Real* r) {
    Real* u = tile.u.row(place).data();
    const Real* b = tile.b.row(place).data();
    const Index output = output_at_[at(place)];
    if (output >= 0 && beta != 0.0) nudge(tile, place, output, beta, sum);
    else
      for (Index s = 0; s < width; ++s) u[s] = b[s] + sum[s];
    if (tile.planes == 1) phi(place).at(u, r, width);
    else phi(place).at(u, u + plane, r, r + plane, plane);
  };
  return connections.relax(tile.r.data(), width, most, tolerance<Real>, rounding_of<Real>(tile.b), update);
}

/// All together at first, then those that take longer by themselves.
template <class Real>
typename Settling<Real>::Found Settling<Real>::settle(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta) const {
  Found found(tile.samples);
  std::vector<Index> open(at(tile.samples));
  for (Index k = 0; k < tile.samples; ++k) open[at(k)] = k;
  Tile<Real> part;
  for (int most = first_cycles; !open.empty(); most = std::min(4 * most, most_cycles)) {
    const bool whole = static_cast<Index>(open.size()) == tile.samples;
    if (!whole) part = tile.of(open);
    Tile<Real>& here = whole ? tile : part;
    const auto ended = relax(here, connections, beta, most);
    const Real none = still(rounding_of<Real>(here.b));
    flops_ += ended.flops;
    if (!whole) tile.put(part, open);
    std::vector<Index> next;
    for (Index k = 0; k < here.samples; ++k) {
      const std::size_t sample = at(open[at(k)]);
      Real moved = ended.moved[at(k)];
      for (Index p = 1; p < here.planes; ++p) moved = std::max(moved, ended.moved[at(p * here.plane + k)]);
      found.cycles[sample] += ended.cycles;
      found.settled[sample] = ended.settled || moved < none;
      if (!found.settled[sample] && std::isfinite(moved) && most < most_cycles) next.push_back(open[at(k)]);
    }
    open = std::move(next);
  }
  return found;
}

template <class Real>
typename Settling<Real>::Found Settling<Real>::rest(Tile<Real>& tile) const {
  return settle(tile, forward_, 0.0);
}

/// 1 / (1 + beta phi' / a) of every output.
template <class Real>
void Settling<Real>::give_way(Tile<Real>& tile, const Tile<Real>& rest, const Complex& beta) const {
  std::vector<Real> slope(at(tile.plane));
  for (std::size_t o = 0; o < pulls_.size(); ++o) {
    const Index place = place_of_[at(pulls_[o].neuron)];
    phi(place).slope(rest.u.row(place).data(), rest.r.row(place).data(), slope.data(), tile.plane);
    for (Index s = 0; s < tile.plane; ++s) {
      const Complex give = 1.0 / (1.0 + beta * pulls_[o].slope / leak_[pulls_[o].neuron] * static_cast<double>(slope[at(s)]));
      tile.give(static_cast<Index>(o), s) = static_cast<Real>(give.real()), tile.give_across(static_cast<Index>(o), s) = static_cast<Real>(give.imag());
    }
  }
}

template <class Real>
Tile<Real> Settling<Real>::nudged(const Tile<Real>& rest, const Complex& beta, const AsymmetryOptions& correction, std::vector<char>& settled) const {
  Tile<Real> tile(places(), rest.pull.rows(), rest.samples, beta.imag() != 0.0 ? 2 : 1);
  tile.pull = rest.pull;
  for (const auto member : {&Tile<Real>::b, &Tile<Real>::u, &Tile<Real>::r}) (tile.*member).leftCols(tile.plane) = (rest.*member);
  const bool correct = correction.factor != 0.0;
  if (correct) {
    Array extra(places(), rest.plane);
    corrected_->correction.product(rest.r.data(), rest.plane, extra.data());
    tile.b.leftCols(tile.plane) += extra;
  }
  give_way(tile, rest, beta);
  const Found found = settle(tile, correct ? corrected_->whole : forward_, beta);
  for (std::size_t s = 0; s < settled.size(); ++s) settled[s] = settled[s] && found.settled[s];
  return tile;
}

template <class Real>
typename Settling<Real>::Array Settling<Real>::error_signal(const Tile<Real>& rest, std::vector<char>& settled) const {
  Array D(places(), rest.plane), signal = Array::Zero(places(), rest.plane), push = signal;
  for (Index place = 0; place < places(); ++place) phi(place).slope(rest.u.row(place).data(), rest.r.row(place).data(), D.row(place).data(), rest.plane);
  for (std::size_t o = 0; o < pulls_.size(); ++o) {
    const Index place = place_of_[at(pulls_[o].neuron)];
    push.row(place) = static_cast<Real>(pulls_[o].slope) * (rest.r.row(place) + rest.pull.row(static_cast<Index>(o)));
  }
  const auto ended = back_->connections.relax(signal.data(), rest.plane, most_cycles, tolerance<Real>, rounding_of<Real>(push), [&](Index place, const Real* sum, Real* out) {
    for (Index s = 0; s < rest.plane; ++s) out[s] = D(place, s) * (sum[s] - push(place, s));
  });
  flops_ += ended.flops;
  for (Index s = 0; s < rest.samples; ++s)
    if (!ended.settled && !(ended.moved[at(s)] < still(rounding_of<Real>(push)))) settled[at(s)] = 0;
  return signal;
}

/// w_ij W / a: a_j lambda_j arrives over what r_j leaves by.
template <class Real>
void Settling<Real>::prepare_back(double error) {
  if (back_ && back_->error == error) return;
  Eigen::MatrixXd T = W_.transpose() * leak_.cwiseInverse().asDiagonal();
  const Stream stream(seed_, "learning.dyadic");
  if (error > 0.0)
    for (Index k = 0; k < T.size(); ++k)
      if (T.data()[k] != 0.0) T.data()[k] *= 1.0 + error * stream.normal_at(static_cast<std::uint64_t>(k));
  back_.emplace(Back{error, Connections<Real>(layering_, T)});
}

template <class Real>
void Settling<Real>::prepare_correction(const AsymmetryOptions& options) {
  if (options.factor == 0.0 || (corrected_ && corrected_->options.factor == options.factor && corrected_->options.error == options.error)) return;
  Eigen::MatrixXd K = options.factor * (W_ - W_.transpose());
  const Stream stream(seed_, "learning.asymmetry");
  if (options.error > 0.0)
    for (Index j = 0; j < K.cols(); ++j)
      for (Index i = 0; i < K.rows(); ++i)
        if (K(i, j) != 0.0) K(i, j) *= 1.0 + options.error * stream.normal_at(static_cast<std::uint64_t>(i * K.cols() + j));
  corrected_.emplace(Corrected{options, connections(W_ - K), connections(K)});
}

template class Settling<double>;
template class Settling<float>;

}  // namespace settle
