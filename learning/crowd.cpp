// Samples side by side, in tiles that settle each by itself.
#include "learning/crowd.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "circuits/nudged_circuit.hpp"
#include "learning/clamped_product.hpp"
#include "learning/nudging.hpp"
#include "learning/pull.hpp"
#include "learning/relaxer.hpp"
#include "learning/tile.hpp"
#include "sim/random.hpp"
#include "sim/team.hpp"

namespace settle {
namespace {

constexpr Index tile_samples = 32;
constexpr Index least_half = 16;
constexpr int first_cycles = 30, most_cycles = 3000;  // in company, and alone

template <class Real>
constexpr Real tolerance = Real(std::is_same_v<Real, double> ? 1e-12 : 4e-7);  // V

template <class Real>
class CrowdOf final : public Crowd {
 public:
  CrowdOf(const Job& job, const Lesson& lesson, const Weights& weights, Network network, std::vector<Pull> pulls, int threads)
      : Crowd(job, lesson, weights, std::move(network), threads), pulls_(std::move(pulls)) {
    for (const Expression& phi : network_.phi) phi_.push_back(phi.text().empty() ? Activation() : Activation(phi));
    std::vector<Index> begin;
    for (const Index unknown : feed_.reached())
      if (const Index n = network_.neuron_at()[at(unknown)]; n >= 0) begin.push_back(n);
    layering_ = Layering::of(network_.links(), begin);
    place_of_.resize(layering_.order.size());
    for (Index place = 0; place < places(); ++place) place_of_[at(neuron(place))] = place;
    find_products();
    output_at_.assign(at(places()), -1);
    for (std::size_t k = 0; k < pulls_.size(); ++k) output_at_[at(place_of_[at(pulls_[k].neuron)])] = static_cast<Index>(k);
  }

  void present(std::span<const Index> samples) override;
  void add_gradients(const ErrorSignal& measured, Vector<double>& gradient) override;
  ErrorSignal response(const Nudge& nudge) override;
  ErrorSignal error_signal(double error) override;

 private:
  void take() {
    network_.take(job_.circuit);
    leak_ = -network_.A.diagonal();
    forward_ = connections(network_.W);
    back_.reset(), corrected_.reset();
    for (ClampedProduct<Real>& product : clamped_) product.take();
    stale_ = false;
  }
  struct Back {
    double error;
    Connections<Real> connections;
  };
  struct Corrected {
    AsymmetryOptions options;
    Connections<Real> whole, correction;
  };

  static std::size_t at(Index k) { return static_cast<std::size_t>(k); }
  Index places() const { return static_cast<Index>(layering_.order.size()); }
  Index neuron(Index place) const { return layering_.order[at(place)]; }
  const Activation& phi(Index place) const { return phi_[at(neuron(place))]; }
  Connections<Real> connections(const Eigen::MatrixXd& W) const { return Connections<Real>(layering_, leak_.cwiseInverse().asDiagonal() * W); }
  void find_products();
  void add_clamped(Tile<Real>& tile, Index first) const;
  void begin(Tile<Real>& tile, Index first) const;
  void add_gradients(const ErrorSignal& measured, Index first, Index here, Vector<double>& gradient) const;
  const Back& back(double error);
  const Corrected& corrected(const AsymmetryOptions& options);

  typename Connections<Real>::Ended relax(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta, int most) const;
  void settle(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta, std::vector<char>& settled, std::vector<int>& cycles) const;
  Tile<Real> nudged(const Tile<Real>& rest, const Nudge& nudge, const Complex& beta, std::uint64_t k, Index first, std::vector<char>& settled) const;
  void add_noise(Tile<Real>& tile, const Nudge& nudge, const Complex& beta, std::uint64_t k, Index first) const;
  void respond(Index t, const Nudge& nudge, ErrorSignal& measured);
  void put(const Tile<Real>& tile, Index first, Block<double>& x) const;
  void silence(ErrorSignal& measured) const;

  std::vector<Pull> pulls_;
  std::vector<Activation> phi_;
  Layering layering_;
  std::vector<Index> place_of_, output_at_;
  Eigen::VectorXd leak_;  // S, per neuron
  Connections<Real> forward_;
  std::optional<Back> back_;
  std::optional<Corrected> corrected_;
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

/// Puts every membrane where its currents vanish; a nudged output gives way by one step of Newton's, with the slope it had at rest.
template <class Real>
typename Connections<Real>::Ended CrowdOf<Real>::relax(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta, int most) const {
  const Index width = tile.width(), plane = tile.plane;
  const auto update = [&](Index place, const Real* sum, Real* r) {
    Real* u = tile.u.row(place).data();
    const Real* b = tile.b.row(place).data();
    const Index output = output_at_[at(place)];
    if (output < 0 || beta == 0.0) {
      for (Index s = 0; s < width; ++s) u[s] = b[s] + sum[s];
    } else {
      const double share = pulls_[at(output)].slope / leak_[neuron(place)];
      const Real p = static_cast<Real>(beta.real() * share), q = static_cast<Real>(beta.imag() * share);
      const Real *h = tile.pull.row(output).data(), *give = tile.give.row(output).data(), *across = tile.give_across.row(output).data();
      for (Index s = 0; s < plane; ++s) {
        const Real pulled = r[s] + h[s], turned = tile.planes == 2 ? r[plane + s] : Real(0.0);
        const Real f = b[s] + sum[s] - u[s] - p * pulled + q * turned;
        if (tile.planes == 1) {
          u[s] += give[s] * f;
          continue;
        }
        const Real g = b[plane + s] + sum[plane + s] - u[plane + s] - p * turned - q * pulled;
        u[s] += give[s] * f - across[s] * g;
        u[plane + s] += give[s] * g + across[s] * f;
      }
    }
    if (tile.planes == 1) phi(place).at(u, r, width);
    else phi(place).at(u, u + plane, r, r + plane, plane);
  };
  return connections.relax(tile.r.data(), width, most, tolerance<Real>, update);
}

/// All together at first, then those that take longer by themselves.
template <class Real>
void CrowdOf<Real>::settle(Tile<Real>& tile, const Connections<Real>& connections, const Complex& beta, std::vector<char>& settled, std::vector<int>& cycles) const {
  std::vector<Index> open(at(tile.samples));
  for (Index k = 0; k < tile.samples; ++k) open[at(k)] = k;
  Tile<Real> part;
  for (int most = first_cycles; !open.empty(); most = std::min(4 * most, most_cycles)) {
    const bool whole = static_cast<Index>(open.size()) == tile.samples;
    if (!whole) part = tile.of(open);
    Tile<Real>& here = whole ? tile : part;
    const auto ended = relax(here, connections, beta, most);
    if (!whole) tile.put(part, open);
    std::vector<Index> next;
    for (Index k = 0; k < here.samples; ++k) {
      Real moved = ended.moved[at(k)];
      for (Index p = 1; p < here.planes; ++p) moved = std::max(moved, ended.moved[at(p * here.plane + k)]);
      cycles[at(open[at(k)])] += ended.cycles;
      settled[at(open[at(k)])] = ended.settled || moved < Real(0.1) * tolerance<Real>;
      if (!settled[at(open[at(k)])] && std::isfinite(moved) && most < most_cycles) next.push_back(open[at(k)]);
    }
    open = std::move(next);
  }
}

template <class Real>
void CrowdOf<Real>::put(const Tile<Real>& tile, Index first, Block<double>& x) const {
  for (Index place = 0; place < places(); ++place) {
    const std::size_t n = at(neuron(place));
    x.row(network_.membrane[n]).segment(first, tile.samples) = tile.u.row(place).head(tile.samples).template cast<double>();
    if (network_.activity[n] >= 0) x.row(network_.activity[n]).segment(first, tile.samples) = tile.r.row(place).head(tile.samples).template cast<double>();
  }
}

/// What clamped rows bring through buffered crossbars.
template <class Real>
void CrowdOf<Real>::add_clamped(Tile<Real>& tile, Index first) const {
  if (clamped_.empty()) return;
  const Index fixed = job_.circuit.rows().fixed_count();
  typename Tile<Real>::Array currents = Tile<Real>::Array::Zero(network_.unknowns, tile.plane);
  for (const ClampedProduct<Real>& product : clamped_) product.add_currents(driven_, first, tile.samples, fixed, currents);
  for (Index place = 0; place < places(); ++place) tile.b.row(place) += currents.row(network_.membrane[at(neuron(place))]) / static_cast<Real>(leak_[neuron(place)]);
}

template <class Real>
void CrowdOf<Real>::present(std::span<const Index> samples) {
  if (stale_) take();
  samples_.assign(samples.begin(), samples.end());
  const Index count = static_cast<Index>(samples.size()), tiles = (count + tile_samples - 1) / tile_samples, fixed = job_.circuit.rows().fixed_count();
  settled_.assign(samples.size(), 0), cycles_.assign(samples.size(), 0);
  x_.setZero(network_.unknowns, count);
  given_.resize(lesson_.targets.rows(), count);
  for (Index k = 0; k < count; ++k) given_.col(k) = lesson_.targets.col(samples[at(k)]);
  rest_.resize(at(tiles));
  driven_ = feed_.driven(samples);
  const Index parts = count >= 2 * least_half ? 2 : 1, half = (count + parts - 1) / parts;
  std::array<Block<double>, 2> currents;
  team_.each(at(parts), [&](std::size_t p) {
    const Index first = static_cast<Index>(p) * half, here = std::min(half, count - first);
    currents[p] = feed_.currents(driven_.middleCols(first, here), samples.subspan(at(first), at(here)));
  });
  team_.each(at(tiles), [&](std::size_t t) {
    const Index first = static_cast<Index>(t) * tile_samples, here = std::min(tile_samples, count - first);
    Tile<Real>& tile = rest_[t] = Tile<Real>(places(), static_cast<Index>(pulls_.size()), here, 1);
    for (Index place = 0; place < places(); ++place) {
      const Index n = neuron(place);
      for (Index s = 0; s < here; ++s) tile.b(place, s) = static_cast<Real>(currents[at((first + s) / half)](fixed + network_.membrane[at(n)], (first + s) % half) / leak_[n]);
    }
    for (std::size_t k = 0; k < pulls_.size(); ++k)
      for (Index s = 0; s < here; ++s) tile.pull(static_cast<Index>(k), s) = static_cast<Real>(pulls_[k].offset(given_, first + s) / pulls_[k].slope);
    add_clamped(tile, first);
    tile.pad();
    begin(tile, first);
    std::vector<char> settled(at(here), 0);
    std::vector<int> cycles(at(here), 0);
    settle(tile, forward_, 0.0, settled, cycles);
    std::copy(settled.begin(), settled.end(), settled_.begin() + first);
    std::copy(cycles.begin(), cycles.end(), cycles_.begin() + first);
    put(tile, first, x_);
    for (Index s = 0; s < here; ++s) {
      if (!settled[at(s)]) continue;
      std::vector<float>& last = last_[at(samples[at(first + s)])];
      last.resize(at(places()));
      for (Index place = 0; place < places(); ++place) last[at(place)] = static_cast<float>(tile.r(place, s));
    }
  });
}

/// Every sample where it rested last, or at 0 V.
template <class Real>
void CrowdOf<Real>::begin(Tile<Real>& tile, Index first) const {
  for (Index place = 0; place < places(); ++place) phi(place).at(tile.u.row(place).data(), tile.r.row(place).data(), tile.plane);
  for (Index s = 0; s < tile.plane; ++s) {
    const std::vector<float>& last = last_[at(samples_[at(first + std::min(s, tile.samples - 1))])];
    for (std::size_t place = 0; place < last.size(); ++place) tile.r(static_cast<Index>(place), s) = static_cast<Real>(last[place]);
  }
}

/// The states under one nudge, as they are read.
template <class Real>
Tile<Real> CrowdOf<Real>::nudged(const Tile<Real>& rest, const Nudge& nudge, const Complex& beta, std::uint64_t k, Index first, std::vector<char>& settled) const {
  const bool turned = beta.imag() != 0.0;
  Tile<Real> tile(places(), rest.pull.rows(), rest.samples, turned ? 2 : 1);
  tile.pull = rest.pull;
  for (const auto member : {&Tile<Real>::b, &Tile<Real>::u, &Tile<Real>::r}) (tile.*member).leftCols(tile.plane) = (rest.*member);
  const bool correct = nudge.correction.factor != 0.0;
  if (correct) {
    typename Tile<Real>::Array extra(places(), rest.plane);
    corrected_->correction.product(rest.r.data(), rest.plane, extra.data());
    tile.b.leftCols(tile.plane) += extra;
  }
  std::vector<Real> slope(at(tile.plane));
  for (std::size_t o = 0; o < pulls_.size(); ++o) {
    const Index place = place_of_[at(pulls_[o].neuron)];
    phi(place).slope(rest.u.row(place).data(), rest.r.row(place).data(), slope.data(), tile.plane);
    for (Index s = 0; s < tile.plane; ++s) {
      const Complex give = 1.0 / (1.0 + beta * pulls_[o].slope / leak_[pulls_[o].neuron] * static_cast<double>(slope[at(s)]));
      tile.give(static_cast<Index>(o), s) = static_cast<Real>(give.real()), tile.give_across(static_cast<Index>(o), s) = static_cast<Real>(give.imag());
    }
  }
  std::vector<char> found(at(tile.samples), 0);
  std::vector<int> cycles(at(tile.samples), 0);
  settle(tile, correct ? corrected_->whole : forward_, beta, found, cycles);
  for (std::size_t s = 0; s < found.size(); ++s) settled[s] = settled[s] && found[s];
  add_noise(tile, nudge, beta, k, first);
  return tile;
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
    const Tile<Real> tile = nudged(rest, nudge, beta, k++, first, answered);
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
  if (nudge.correction.factor != 0.0) corrected(nudge.correction);
  ErrorSignal measured{Block<double>::Zero(x_.rows(), x_.cols()), x_};
  answered_ = settled_;
  team_.each(rest_.size(), [&](std::size_t t) { respond(static_cast<Index>(t), nudge, measured); });
  silence(measured);
  return measured;
}

/// a lambda = D (w^T a lambda - dC/dr), relaxed like the network itself.
template <class Real>
ErrorSignal CrowdOf<Real>::error_signal(double error) {
  const Connections<Real>& connections = back(error).connections;
  ErrorSignal measured{Block<double>::Zero(x_.rows(), x_.cols()), x_};
  answered_ = settled_;
  team_.each(rest_.size(), [&](std::size_t t) {
    const Tile<Real>& rest = rest_[t];
    const Index first = static_cast<Index>(t) * tile_samples;
    typename Tile<Real>::Array D(places(), rest.plane), d = D, push = D.Zero(places(), rest.plane);
    for (Index place = 0; place < places(); ++place) phi(place).slope(rest.u.row(place).data(), rest.r.row(place).data(), D.row(place).data(), rest.plane);
    for (std::size_t o = 0; o < pulls_.size(); ++o) {
      const Index place = place_of_[at(pulls_[o].neuron)];
      push.row(place) = static_cast<Real>(pulls_[o].slope) * (rest.r.row(place) + rest.pull.row(static_cast<Index>(o)));
    }
    d.setZero();
    const auto ended = connections.relax(d.data(), rest.plane, most_cycles, tolerance<Real>, [&](Index place, const Real* sum, Real* out) {
      for (Index s = 0; s < rest.plane; ++s) out[s] = D(place, s) * (sum[s] - push(place, s));
    });
    for (Index s = 0; s < rest.samples; ++s)
      if (!ended.settled && !(ended.moved[at(s)] < Real(0.1) * tolerance<Real>)) answered_[at(first + s)] = 0;
    for (Index place = 0; place < places(); ++place)
      measured.lambda.row(network_.membrane[at(neuron(place))]).segment(first, rest.samples) = d.row(place).head(rest.samples).template cast<double>() / leak_[neuron(place)];
  });
  silence(measured);
  return measured;
}

/// w_ji of the circuit, w_ij W / a: a_j lambda_j arrives over what r_j leaves by.
template <class Real>
const typename CrowdOf<Real>::Back& CrowdOf<Real>::back(double error) {
  if (back_ && back_->error == error) return *back_;
  Eigen::MatrixXd T = network_.W.transpose() * leak_.cwiseInverse().asDiagonal();
  const Stream stream(job_.seed, "learning.dyadic");
  if (error > 0.0)
    for (Index k = 0; k < T.size(); ++k)
      if (T.data()[k] != 0.0) T.data()[k] *= 1.0 + error * stream.normal_at(static_cast<std::uint64_t>(k));
  return back_.emplace(Back{error, Connections<Real>(layering_, T)});
}

template <class Real>
const typename CrowdOf<Real>::Corrected& CrowdOf<Real>::corrected(const AsymmetryOptions& options) {
  if (corrected_ && corrected_->options.factor == options.factor && corrected_->options.error == options.error) return *corrected_;
  Eigen::MatrixXd K = options.factor * (network_.W - network_.W.transpose());
  const Stream stream(job_.seed, "learning.asymmetry");
  if (options.error > 0.0)
    for (Index j = 0; j < K.cols(); ++j)
      for (Index i = 0; i < K.rows(); ++i)
        if (K(i, j) != 0.0) K(i, j) *= 1.0 + options.error * stream.normal_at(static_cast<std::uint64_t>(i * K.cols() + j));
  return corrected_.emplace(Corrected{options, connections(network_.W - K), connections(K)});
}

/// In two halves, whatever the number of threads: buffered crossbars as products, others by their elements.
template <class Real>
void CrowdOf<Real>::add_gradients(const ErrorSignal& measured, Vector<double>& gradient) {
  const Index count = measured.x.cols(), half = count >= 2 * least_half ? (count + 1) / 2 : count;
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

Crowd::Crowd(const Job& job, const Lesson& lesson, const Weights& weights, Network network, int threads)
    : job_(job), lesson_(lesson), weights_(weights), network_(std::move(network)), feed_(job.circuit, lesson), cost_(term_of(lesson.teaching.cost, job.circuit)), team_(threads), last_(static_cast<std::size_t>(lesson.samples)) {
  const Index fixed = job.circuit.rows().fixed_count();
  for (const std::string& output : lesson.teaching.outputs) outputs_.push_back(job.circuit.find_row(output) - fixed);
  std::vector<char> activity(static_cast<std::size_t>(job.circuit.rows().count()), 0);
  for (const Index r : network_.activity)
    if (r >= 0) activity[static_cast<std::size_t>(fixed + r)] = 1;
  for (const Weights::Group& group : weights.groups()) {
    reads_activities_.push_back(0);
    for (const Index device : group.device)
      for (const Index row : group.element->rows(device)) reads_activities_.back() |= activity[static_cast<std::size_t>(row)];
  }
}

std::unique_ptr<Crowd> Crowd::of(const Job& job, const Lesson& lesson, const Weights& weights, int threads, bool single) {
  if (!job.netlist.initial.empty() || !job.netlist.guesses.empty()) return {};  // .ic and .nodeset choose among rest states
  auto network = Network::of(job.netlist, Neurons(job.netlist, job.circuit), job.circuit);
  if (!network || !network->only_leaks()) return {};
  auto pulls = pulls_of(nudge_terms(lesson.teaching, job.circuit), *network, lesson.targets.rows());
  if (!pulls) return {};
  if (single) return std::make_unique<CrowdOf<float>>(job, lesson, weights, std::move(*network), std::move(*pulls), threads);
  return std::make_unique<CrowdOf<double>>(job, lesson, weights, std::move(*network), std::move(*pulls), threads);
}

double Crowd::cost(Index column) const { return value_of(cost_, x_, given_, column); }

Vector<double> Crowd::outputs(Index column) const {
  Vector<double> outputs(static_cast<Index>(outputs_.size()));
  for (std::size_t k = 0; k < outputs_.size(); ++k) outputs[static_cast<Index>(k)] = x_(outputs_[k], column);
  return outputs;
}

/// dL/dJ_ij = 2 (J_ij - J_ji), L = |J - J^T|^2 / 2; dJ_ij/dw is how the current into i grows with r_j.
void Crowd::add_homeostasis(double factor, Vector<double>& gradient) {
  const Index fixed = job_.circuit.rows().fixed_count(), count = network_.count();
  const Eigen::MatrixXd slope = 2.0 * factor * (network_.W - network_.W.transpose());
  Block<double> moved = Block<double>::Zero(job_.circuit.rows().count(), count + 1), currents = moved;
  for (Index j = 0; j < count; ++j) {
    if (network_.activity[static_cast<std::size_t>(j)] >= 0) moved(fixed + network_.activity[static_cast<std::size_t>(j)], j) = 1.0;
    currents.row(fixed + network_.membrane[static_cast<std::size_t>(j)]).head(count) = slope.row(j);
    currents(fixed + network_.membrane[static_cast<std::size_t>(j)], count) = -slope.row(j).sum();  // what flows without any movement
  }
  const Modes modes(job_.circuit.rows().modes(), 1);
  weights_.add_pullback<double>(moved, Moment{.modes = &modes}, currents, gradient, &reads_activities_);
}

}  // namespace settle
