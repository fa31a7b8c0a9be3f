// The rest point and its linear model, and refusals of what has no finite variance.
#include "circuits/noisy_rest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/small_solution.hpp"
#include "sim/number.hpp"

namespace settle {

NoiseSettings read_noise(CardOptions& options) {
  NoiseSettings settings;
  settings.choice.thermal = options.word("thermal", {"on", "off"}, 0) == 0;
  settings.choice.inject = options.number("inject", 0.0, {0.0, INFINITY});
  settings.celsius = options.number("temp", not_given, {-zero_celsius, INFINITY});
  return settings;
}

std::vector<CardParameter> noise_parameters() {
  return {{"thermal=", "", "on", "on or off: thermal noise of resistors, wires, cells and channels, shot noise of junctions"},
          {"inject=", "W", "0", "T_e: white current noise of one-sided density 4 T_e C into every node, C its capacitance; samples exp(-co-content/T_e)"},
          {"temp=", "degC", "that of the circuit", "temperature of all devices that have none of their own"}};
}

void warn_of_flicker(Job& job) {
  for (const FlatDevice& device : job.netlist.devices)
    if (const auto kf = device.values.find("kf"); kf != device.values.end() && kf->second != 0.0)
      return job.diagnostics.warning(device.where, fmt::format("the flicker noise of '{}' (kf = {:g}) is left out: noise is white here", device.name, kf->second));
}

AtTemperature::AtTemperature(Job& job, double celsius) : job_(job), environment_(job.environment) {
  if (!(celsius == celsius)) return;
  environment_.temperature = zero_celsius + celsius;
  job_.circuit.prepare(environment_);
}

AtTemperature::~AtTemperature() {
  if (environment_.temperature != job_.environment.temperature) job_.circuit.prepare(job_.environment);
}

ProbeSlopes::ProbeSlopes(const Job& job, const Dynamics<double>& dynamics, const Block<double>& x)
    : job_(job), dynamics_(dynamics), rest_(dynamics, x, 0.0), jacobian_(dynamics.full_jacobian(rest_.x(), rest_.moment())) {}

Eigen::MatrixXd ProbeSlopes::of(const Eigen::MatrixXd& unknowns, double rate) const {
  const Index rows = job_.circuit.rows().count();
  Eigen::MatrixXd seen(static_cast<Index>(job_.probes.size()), unknowns.cols());
  for (Index k = 0; k < unknowns.cols(); ++k) {
    Block<Complex> all = Block<Complex>::Zero(rows, 1);
    all.bottomRows(unknowns.rows()) = unknowns.col(k).cast<Complex>();
    const SmallSolution small(job_.circuit, jacobian_, rate, std::move(all));
    for (std::size_t p = 0; p < job_.probes.size(); ++p) seen(static_cast<Index>(p), k) = job_.probes[p]->small(rest_, small).real();
  }
  return seen;
}

NoisyRest::NoisyRest(Job& job, const NoiseSettings& settings, const Recorder& recorder, const std::string& card)
    : job_(job), card_(card), choice_(settings.choice), temperature_(job, settings.celsius), dynamics_(job.circuit, 1, false) {
  warn_of_flicker(job);
  if (!job.netlist.initial.empty()) x_ = initial_state(job, dynamics_);  // of several rest states the one nearest to .ic
  newton_ = operating_point(job, dynamics_, x_, 0.0, false, recorder);
  polish();
  inputs_ = noise_inputs(dynamics_, x_, 0.0, environment(), settings.choice);
  model_ = linear_model(dynamics_, x_, 0.0, {.most_states = 1000, .purpose = card});
  slopes_.emplace(job, dynamics_, x_);
  seen_ = slopes_->of(model_->X);
}

/// The point as exactly as Newton's iteration can have it; densities and slopes are taken there.
void NoisyRest::polish() {
  Block<double> closer = x_;
  try {
    newton_.iterations += equilibrium(Held<double>(dynamics_, memories(job_.circuit)), closer, 0.0, {.reltol = 1e-6 * job_.options.reltol, .ladder = false}).iterations;
    x_ = closer;
  } catch (const NoEquilibrium&) {
  }
}

std::vector<NoiseInput> NoisyRest::sounding() const {
  std::vector<NoiseInput> found = inputs_;
  std::erase_if(found, [](const NoiseInput& input) { return input.density == 0.0 || (input.from < 0 && input.to < 0); });
  return found;
}

void NoisyRest::require_noise() const {
  if (sounding().empty())
    throw Error(Fault::simulation, fmt::format("{} finds no noise in this circuit: no resistor or other noisy device at a node that is free to move; leave thermal= on, give "
                                               "inject= or add a source such as Ynoise n1 out 0 density=1p", card_));
}

void NoisyRest::require_finite() const {
  const double rate = model_->states() > 0 ? model_->A.lpNorm<Eigen::Infinity>() : 1.0;
  const Eigen::MatrixXd moving = slopes_->of(model_->X, rate);
  for (Index p = 0; p < moving.rows(); ++p)
    if ((moving.row(p) - seen_.row(p)).norm() > 1e-9 * moving.row(p).norm())
      throw Error(Fault::simulation, fmt::format("'{}' follows the slopes of voltages (a capacitor's current), and white noise leaves slopes no finite variance; .print {} something else, "
                                                 "such as voltages", job_.probes[static_cast<std::size_t>(p)]->label().name, card_.substr(1)));
  require_no_direct_noise();
}

/// D b of each input that excites a sum of rows without mass.
void NoisyRest::require_no_direct_noise() const {
  const Index n = dynamics_.size();
  for (const NoiseInput& input : sounding()) {
    Eigen::MatrixXd b = Eigen::MatrixXd::Zero(n, 1);
    if (input.from >= 0) b(input.from, 0) -= input.out;
    if (input.to >= 0) b(input.to, 0) += input.in;
    Index massless = -1;
    for (const LinearModel::Combination& sum : model_->constraints()) {
      double total = 0.0, size = 0.0;
      for (const auto& [row, factor] : sum) total += factor * b(row, 0), size += std::abs(factor * b(row, 0));
      if (std::abs(total) > 1e-9 * size && massless < 0) massless = sum.front().first;
    }
    if (massless < 0) continue;
    const Eigen::MatrixXd x = model_->direct(b), seen = slopes_->of(x);
    for (Index p = 0; p < seen.rows(); ++p)
      if (std::abs(seen(p, 0)) > 1e-9 * x.cwiseAbs().maxCoeff()) refuse_direct(input, static_cast<std::size_t>(p), massless);
  }
}

void NoisyRest::refuse_direct(const NoiseInput& input, std::size_t probe, Index unknown) const {
  throw Error(Fault::simulation, fmt::format("'{}' has an infinite variance: {} has no capacitance, so the white noise of '{}' moves it at once; give it a capacitor, or look only at "
                                             "what has a capacitance (.print {} v(out))", job_.probes[probe]->label().name, dynamics_.name(unknown), input.name(), card_.substr(1)));
}

std::string NoisyRest::unstable(const Eigen::VectorXcd& eigenvalues) const {
  Index worst = -1;
  double largest = 0.0;
  for (Index k = 0; k < eigenvalues.size(); ++k) {
    largest = std::max(largest, std::abs(eigenvalues[k]));
    if (worst < 0 || eigenvalues[k].real() > eigenvalues[worst].real()) worst = k;
  }
  if (worst < 0 || eigenvalues[worst].real() < -1e-14 * largest) return "";
  const Eigen::EigenSolver<Eigen::MatrixXd> modes(model_->A);
  Index mode = 0, node = 0;
  modes.eigenvalues().real().maxCoeff(&mode);
  const Eigen::VectorXd shape = (model_->X * modes.eigenvectors().col(mode)).cwiseAbs();
  double highest = -1.0;
  for (Index k = 0; k < shape.size(); ++k) {
    const Rows& rows = job_.circuit.rows();
    if (rows.kind_of(rows.fixed_count() + k).is_node && shape[k] > highest) highest = shape[k], node = k;
  }
  const double growth = eigenvalues[worst].real();
  if (growth > 1e-14 * largest) return fmt::format("a mode grows with a time constant of {}, most of it at {}", format_engineering(1.0 / growth, "s"), dynamics_.name(node));
  return fmt::format("a mode, most of it at {}, neither grows nor decays, so noise carries it away without end", dynamics_.name(node));
}

}  // namespace settle
