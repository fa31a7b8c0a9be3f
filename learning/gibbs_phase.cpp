// Choosing steps, walking, averaging.
#include "learning/gibbs_phase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace settle {

GibbsPhases::GibbsPhases(const Stage& stage, const GibbsSettings& settings, double beta, bool scatter) : stage_(stage), settings_(settings), inputs_(noise()) {
  const TimeConstants free = time_constants(at(0.0), stage.rest()), nudged = time_constants(at(beta), stage.rest());
  const double slowest = std::max(free.slowest, nudged.slowest), fastest = std::min(free.fastest, nudged.fastest);
  constexpr double standard = 0.2, explicit_most = 1.0;  // of the fastest time constant; explicit steps are stable to 2
  steps_.h = settings.step > 0.0 ? settings.step : standard * fastest;
  steps_.implicit = !free.all_move || !nudged.all_move || steps_.h > explicit_most * fastest;
  burn_ = static_cast<long>(std::ceil(settings.burn * slowest / steps_.h));
  constexpr long longest_piece = 4096;
  const long most_pieces = scatter ? 256 : (settings.samples + longest_piece - 1) / longest_piece;
  piece_ = (settings.samples + most_pieces - 1) / most_pieces;
  pieces_ = (settings.samples + piece_ - 1) / piece_;
}

std::vector<NoiseInput> GibbsPhases::noise() const {
  Environment environment = stage_.job().environment;
  if (settings_.thermal) environment.temperature = settings_.temperature;
  const NoiseChoice choice{.thermal = settings_.thermal, .inject = settings_.thermal ? 0.0 : settings_.temperature, .silent = false};
  const std::vector<NoiseInput> inputs = noise_inputs(stage_.dynamics(), stage_.rest(), 0.0, environment, choice);
  const std::vector<char> massless = massless_rows(stage_.system());
  for (const NoiseInput& input : inputs)
    for (const Index row : {input.from, input.to})
      if (row >= 0 && massless[static_cast<std::size_t>(row)])
        throw Error(Fault::netlist, fmt::format("rule=thermo: the white noise of '{}' moves {} at once, with an infinite mean square, because it has no capacitance; give it a capacitor, or take noise=injected", input.name(),
                                                stage_.dynamics().name(row)));
  return inputs;
}

PhaseMeans GibbsPhases::run(double beta, const std::string& name, std::uint64_t drawing, bool products, Block<double>& x) const {
  const Nudged<double> system = at(beta);
  GibbsWalk walk(system, inputs_, steps_);
  walk.start(stage_.job().seed, name, drawing);
  for (long k = 0; k < burn_; ++k) walk.step(x);
  const Index weights = stage_.weights().count();
  PhaseMeans means{.energy = Eigen::MatrixXd::Zero(weights, pieces_), .cost = Eigen::RowVectorXd::Zero(pieces_), .product = Eigen::MatrixXd::Zero(products ? weights : 0, pieces_)};
  measure(walk, products, x, means);
  return means;
}

/// dP/dw between x and rest is their difference as an error signal at their mean; driven nodes do not move.
void GibbsPhases::measure(GibbsWalk& walk, bool products, Block<double>& x, PhaseMeans& means) const {
  const double share = 1.0 / static_cast<double>(piece_), rest = stage_.cost();
  Block<double> moved(x.rows(), piece_);
  Eigen::RowVectorXd cost = Eigen::RowVectorXd::Zero(piece_);
  for (long piece = 0; piece < pieces_; ++piece) {
    for (long k = 0; k < piece_; ++k) {
      walk.step(x);
      moved.col(k) = x.col(0) - stage_.rest().col(0);
      if (products) cost[k] = stage_.cost(x) - rest;
    }
    if (!x.allFinite()) throw Error(Fault::simulation, fmt::format("the noisy voltages of {} run away; take a smaller dt or temperature", stage_.named()));
    const Block<double> between = stage_.rest().replicate(1, piece_) + 0.5 * moved;
    const auto add = [&](const Block<double>& lambda, Eigen::MatrixXd& into) {
      Vector<double> sum = Vector<double>::Zero(into.rows());
      stage_.add_gradients(between, lambda, sum);
      into.col(piece) = share * sum;
    };
    add(moved, means.energy);
    if (!products) continue;
    means.cost[piece] = share * cost.sum();
    add(Block<double>(moved * cost.asDiagonal()), means.product);
  }
}

}  // namespace settle
