// Crowds in double and single precision: tiles of samples that settle each by itself, and the gradients of their devices.
#include <algorithm>
#include <array>

#include "circuits/nudged_circuit.hpp"
#include "learning/clamped_product.hpp"
#include "learning/crowd.hpp"
#include "learning/nudging.hpp"
#include "learning/settling.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

constexpr Index tile_samples = 32, least_half = 16;

std::size_t at(Index k) { return static_cast<std::size_t>(k); }

/// Samples in the first of two halves, whatever the number of threads; few are not shared.
Index half_of(Index count) { return count >= 2 * least_half ? (count + 1) / 2 : count; }

/// Neurons the sources of a lesson reach.
std::vector<Index> reached(const Feed& feed, const Network& network) {
  std::vector<Index> neurons;
  for (const Index unknown : feed.reached())
    if (const Index n = network.neuron_at()[at(unknown)]; n >= 0) neurons.push_back(n);
  return neurons;
}

template <class Real>
class CrowdOf final : public Crowd {
 public:
  CrowdOf(const Job& job, const Lesson& lesson, const Weights& weights, Network network, std::vector<Pull> pulls, int threads)
      : Crowd(job, lesson, weights, std::move(network), threads), settling_(network_, std::move(pulls), reached(feed_, network_), job.seed) {
    find_products();
  }

  void present(std::span<const Index> samples) override;
  void add_gradients(const ErrorSignal& measured, Vector<double>& gradient) override;
  ErrorSignal response(const Nudge& nudge) override;
  ErrorSignal error_signal(double error) override;
  double flops() const override { return settling_.flops() + flops_; }

 private:
  Index places() const { return settling_.places(); }
  Index neuron(Index place) const { return settling_.neuron(place); }
  void find_products();
  void take();
  std::array<Block<double>, 2> currents() const;
  void begin(Tile<Real>& tile, Index first) const;
  void remember(const Tile<Real>& tile, Index first);
  void add_clamped(Tile<Real>& tile, Index first) const;
  void put(const Tile<Real>& tile, Index first);
  void add_noise(Tile<Real>& tile, const Nudge& nudge, const Complex& beta, std::uint64_t k, Index first) const;
  void respond(Index t, const Nudge& nudge, ErrorSignal& measured);
  void silence(ErrorSignal& measured) const;
  void add_gradients(const ErrorSignal& measured, Index first, Index here, Vector<double>& gradient) const;

  Settling<Real> settling_;
  double flops_ = 0.0;  // in products with clamped rows and of gradients
  std::vector<ClampedProduct<Real>> clamped_;
  std::vector<std::size_t> product_groups_;  // of weights, that are buffered crossbars
  std::vector<char> other_groups_;           // 1: the others
  std::vector<Tile<Real>> rest_;
};

template <class Real>
void CrowdOf<Real>::find_products() {
  const Index fixed = job_.circuit.rows().fixed_count();
  for (const Element* element : std::vector<const Element*>(feed_.feeding()))
    if (auto product = ClampedProduct<Real>::of(*element, fixed)) {
      clamped_.push_back(std::move(*product));
      feed_.leave_out(element);
    }
  other_groups_.assign(weights_.groups().size(), 1);
  for (std::size_t g = 0; g < other_groups_.size(); ++g) {
    const Weights::Group& group = weights_.groups()[g];
    const auto* grid = dynamic_cast<const Grid*>(group.element);
    if (grid && grid->product() && group.whole() && group.field == grid->kind().field_index(grid->kind().weight)) product_groups_.push_back(g), other_groups_[g] = 0;
  }
}

template <class Real>
void CrowdOf<Real>::take() {
  network_.take(job_.circuit);
  settling_.take(network_);
  for (ClampedProduct<Real>& product : clamped_) product.take();
  stale_ = false;
}

/// Currents into all rows at 0 V, but for those of clamped products, in two halves of samples.
template <class Real>
std::array<Block<double>, 2> CrowdOf<Real>::currents() const {
  std::array<Block<double>, 2> halves;
  const Index count = static_cast<Index>(samples_.size()), half = half_of(count);
  team_.each(half < count ? 2 : 1, [&](std::size_t p) {
    const Index first = static_cast<Index>(p) * half, here = std::min(half, count - first);
    halves[p] = feed_.currents(driven_.middleCols(first, here), std::span(samples_).subspan(at(first), at(here)));
  });
  return halves;
}

template <class Real>
void CrowdOf<Real>::put(const Tile<Real>& tile, Index first) {
  for (Index place = 0; place < places(); ++place) {
    const std::size_t n = at(neuron(place));
    x_.row(network_.membrane[n]).segment(first, tile.samples) = tile.u.row(place).head(tile.samples).template cast<double>();
    if (network_.activity[n] >= 0) x_.row(network_.activity[n]).segment(first, tile.samples) = tile.r.row(place).head(tile.samples).template cast<double>();
  }
}

/// What clamped rows bring through buffered crossbars.
template <class Real>
void CrowdOf<Real>::add_clamped(Tile<Real>& tile, Index first) const {
  if (clamped_.empty()) return;
  const Index fixed = job_.circuit.rows().fixed_count();
  typename Tile<Real>::Array currents = Tile<Real>::Array::Zero(network_.unknowns, tile.plane);
  for (const ClampedProduct<Real>& product : clamped_) product.add_currents(driven_, first, tile.samples, fixed, currents);
  for (Index place = 0; place < places(); ++place) tile.b.row(place) += currents.row(network_.membrane[at(neuron(place))]) / static_cast<Real>(settling_.leak(neuron(place)));
}

/// Every sample where it rested last, or at 0 V.
template <class Real>
void CrowdOf<Real>::begin(Tile<Real>& tile, Index first) const {
  for (Index place = 0; place < places(); ++place) settling_.phi(place).at(tile.u.row(place).data(), tile.r.row(place).data(), tile.plane);
  for (Index s = 0; s < tile.plane; ++s) {
    const std::vector<float>& last = last_[at(samples_[at(first + std::min(s, tile.samples - 1))])];
    for (std::size_t place = 0; place < last.size(); ++place) tile.r(static_cast<Index>(place), s) = static_cast<Real>(last[place]);
  }
}

template <class Real>
void CrowdOf<Real>::present(std::span<const Index> samples) {
  if (stale_) take();
  samples_.assign(samples.begin(), samples.end());
  const Index count = static_cast<Index>(samples.size()), tiles = (count + tile_samples - 1) / tile_samples, fixed = job_.circuit.rows().fixed_count(), half = half_of(count);
  settled_.assign(samples.size(), 0), cycles_.assign(samples.size(), 0);
  x_.setZero(network_.unknowns, count);
  given_.resize(lesson_.targets.rows(), count);
  for (Index k = 0; k < count; ++k) given_.col(k) = lesson_.targets.col(samples[at(k)]);
  rest_.resize(at(tiles));
  driven_ = feed_.driven(samples);
  for (const ClampedProduct<Real>& product : clamped_) flops_ += product.flops(count);
  const std::array<Block<double>, 2> flowing = currents();
  const std::vector<Pull>& pulls = settling_.pulls();
  team_.each(at(tiles), [&](std::size_t t) {
    const Index first = static_cast<Index>(t) * tile_samples, here = std::min(tile_samples, count - first);
    Tile<Real>& tile = rest_[t] = Tile<Real>(places(), static_cast<Index>(pulls.size()), here, 1);
    for (Index place = 0; place < places(); ++place) {
      const Index n = neuron(place), row = fixed + network_.membrane[at(n)];
      for (Index s = 0; s < here; ++s) tile.b(place, s) = static_cast<Real>(flowing[at((first + s) / half)](row, (first + s) % half) / settling_.leak(n));
    }
    for (std::size_t k = 0; k < pulls.size(); ++k)
      for (Index s = 0; s < here; ++s) tile.pull(static_cast<Index>(k), s) = static_cast<Real>(pulls[k].offset(given_, first + s) / pulls[k].slope);
    add_clamped(tile, first);
    tile.pad();
    begin(tile, first);
    const auto found = settling_.rest(tile);
    std::copy(found.settled.begin(), found.settled.end(), settled_.begin() + first);
    std::copy(found.cycles.begin(), found.cycles.end(), cycles_.begin() + first);
    put(tile, first);
    remember(tile, first);
  });
}

template <class Real>
void CrowdOf<Real>::remember(const Tile<Real>& tile, Index first) {
  for (Index s = 0; s < tile.samples; ++s) {
    if (!settled_[at(first + s)]) continue;
    std::vector<float>& last = last_[at(samples_[at(first + s)])];
    last.resize(at(places()));
    for (Index place = 0; place < places(); ++place) last[at(place)] = static_cast<float>(tile.r(place, s));
  }
}

template <class Real>
void CrowdOf<Real>::add_noise(Tile<Real>& tile, const Nudge& nudge, const Complex& beta, std::uint64_t k, Index first) const {
  if (nudge.read_noise == 0.0) return;
  for (Index s = 0; s < tile.samples; ++s) {
    const Stream stream(job_.seed, "learning.read", "", nudge.drawing + static_cast<std::uint64_t>(samples_[at(first + s)]));
    for (Index place = 0; place < places(); ++place)
      for (Index p = 0; p < tile.planes; ++p) {
        const auto which = (2 * k + static_cast<std::uint64_t>(p)) * static_cast<std::uint64_t>(places()) + static_cast<std::uint64_t>(neuron(place));
        tile.r(place, p * tile.plane + s) += static_cast<Real>(deviation(nudge, beta) * stream.normal_at(which));
      }
  }
}

/// One tile's share of the response: differences on the real axis, or a sum over the circle.
template <class Real>
void CrowdOf<Real>::respond(Index t, const Nudge& nudge, ErrorSignal& measured) {
  const Tile<Real>& rest = rest_[at(t)];
  const Index first = t * tile_samples, here = rest.samples;
  std::vector<char> answered(settled_.begin() + first, settled_.begin() + first + here);
  using Sum = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Sum response = Sum::Zero(places(), here), mean_u = response, mean_r = response;
  std::uint64_t k = 0;
  const auto visit = [&](const Complex& beta, const Complex& weight, double share) {
    Tile<Real> tile = settling_.nudged(rest, beta, nudge.correction, answered);
    add_noise(tile, nudge, beta, k++, first);
    response += weight.real() * tile.r.leftCols(here).template cast<double>();
    if (tile.planes == 2) response -= weight.imag() * tile.r.middleCols(tile.plane, here).template cast<double>();
    mean_u += share * tile.u.leftCols(here).template cast<double>(), mean_r += share * tile.r.leftCols(here).template cast<double>();
  };
  if (nudge.points > 0) {
    each_point(nudge.beta, nudge.points, [&](Complex beta, double share) { visit(beta, share / beta, share); });
  } else if (nudge.centred) {
    visit(nudge.beta, 0.5 / nudge.beta, 0.0), visit(-nudge.beta, -0.5 / nudge.beta, 0.0);
  } else {
    visit(nudge.beta, 1.0 / nudge.beta, 0.0);
    Tile<Real> still = rest;
    add_noise(still, nudge, 0.0, 2, first);
    response -= still.r.leftCols(here).template cast<double>() / nudge.beta;
  }
  std::copy(answered.begin(), answered.end(), answered_.begin() + first);
  for (Index place = 0; place < places(); ++place) {
    const std::size_t n = at(neuron(place));
    measured.lambda.row(network_.membrane[n]).segment(first, here) = response.row(place);
    if (nudge.points == 0) continue;
    measured.x.row(network_.membrane[n]).segment(first, here) = mean_u.row(place);
    if (network_.activity[n] >= 0) measured.x.row(network_.activity[n]).segment(first, here) = mean_r.row(place);
  }
}

/// Samples without an answer say nothing.
template <class Real>
void CrowdOf<Real>::silence(ErrorSignal& measured) const {
  for (std::size_t k = 0; k < answered_.size(); ++k)
    if (!answered_[k]) measured.lambda.col(static_cast<Index>(k)).setZero(), measured.x.col(static_cast<Index>(k)).setZero();
}

template <class Real>
ErrorSignal CrowdOf<Real>::response(const Nudge& nudge) {
  settling_.prepare_correction(nudge.correction);
  ErrorSignal measured{Block<double>::Zero(x_.rows(), x_.cols()), x_};
  answered_ = settled_;
  team_.each(rest_.size(), [&](std::size_t t) { respond(static_cast<Index>(t), nudge, measured); });
  silence(measured);
  return measured;
}

template <class Real>
ErrorSignal CrowdOf<Real>::error_signal(double error) {
  settling_.prepare_back(error);
  ErrorSignal measured{Block<double>::Zero(x_.rows(), x_.cols()), x_};
  answered_ = settled_;
  team_.each(rest_.size(), [&](std::size_t t) {
    const Tile<Real>& rest = rest_[t];
    const Index first = static_cast<Index>(t) * tile_samples;
    std::vector<char> answered(answered_.begin() + first, answered_.begin() + first + rest.samples);
    const auto signal = settling_.error_signal(rest, answered);
    std::copy(answered.begin(), answered.end(), answered_.begin() + first);
    for (Index place = 0; place < places(); ++place)
      measured.lambda.row(network_.membrane[at(neuron(place))]).segment(first, rest.samples) = signal.row(place).head(rest.samples).template cast<double>() / settling_.leak(neuron(place));
  });
  silence(measured);
  return measured;
}

/// In two halves, whatever the number of threads: buffered crossbars as products, others by their elements.
template <class Real>
void CrowdOf<Real>::add_gradients(const ErrorSignal& measured, Vector<double>& gradient) {
  const Index count = measured.x.cols(), half = half_of(count);
  for (const std::size_t g : product_groups_) flops_ += 2.0 * static_cast<double>(weights_.groups()[g].count() * count);
  if (half == count) return add_gradients(measured, 0, count, gradient);
  Vector<double> other = Vector<double>::Zero(gradient.size());
  team_.each(2, [&](std::size_t k) { k == 0 ? add_gradients(measured, 0, half, gradient) : add_gradients(measured, half, count - half, other); });
  gradient += other;
}

template <class Real>
void CrowdOf<Real>::add_gradients(const ErrorSignal& measured, Index first, Index here, Vector<double>& gradient) const {
  const Index fixed = job_.circuit.rows().fixed_count();
  const auto voltages = [&](Index row) { return (row < fixed ? driven_.row(row) : measured.x.row(row - fixed)).segment(first, here); };
  const auto errors = [&](Index row) { return -measured.lambda.row(row - fixed).segment(first, here); };
  for (const std::size_t g : product_groups_) {
    const Weights::Group& group = weights_.groups()[g];
    add_product_gradient<Real>(*static_cast<const Grid&>(*group.element).product(), here, voltages, errors, gradient.data() + group.first);
  }
  if (std::none_of(other_groups_.begin(), other_groups_.end(), [](char other) { return other; })) return;
  Block<double> all(fixed + measured.x.rows(), here), lambda = Block<double>::Zero(all.rows(), here);
  all.topRows(fixed) = driven_.middleCols(first, here), all.bottomRows(measured.x.rows()) = measured.x.middleCols(first, here);
  lambda.bottomRows(measured.lambda.rows()) = -measured.lambda.middleCols(first, here);
  const Modes modes(job_.circuit.rows().modes(), 1);
  weights_.add_pullback<double>(all, Moment{.modes = &modes}, lambda, gradient, &other_groups_);
}

}  // namespace

std::unique_ptr<Crowd> Crowd::of(const Job& job, const Lesson& lesson, const Weights& weights, int threads, bool single) {
  if (!job.netlist.initial.empty() || !job.netlist.guesses.empty()) return {};  // .ic and .nodeset choose among rest states
  auto network = Network::of(job.netlist, Neurons(job.netlist, job.circuit), job.circuit);
  if (!network || !network->only_leaks()) return {};
  auto pulls = pulls_of(nudge_terms(lesson.teaching, job.circuit), *network, lesson.targets.rows());
  if (!pulls) return {};
  if (single) return std::make_unique<CrowdOf<float>>(job, lesson, weights, std::move(*network), std::move(*pulls), threads);
  return std::make_unique<CrowdOf<double>>(job, lesson, weights, std::move(*network), std::move(*pulls), threads);
}

}  // namespace settle
