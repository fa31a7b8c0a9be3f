// What rules measure on one sample: nudged states followed from its rest state, with the circuit's asymmetry taken back if they ask for it, read with
// noise; and the error signal of a transposed circuit whose connections are their own.
#include <Eigen/LU>
#include <fmt/format.h>

#include "learning/activity.hpp"
#include "learning/nudging.hpp"
#include "learning/stage.hpp"
#include "sim/random.hpp"
#include "sim/symmetrized.hpp"

namespace settle {
namespace {

using SparseMatrix = Eigen::SparseMatrix<double>;

/// Equilibria of the circuit with its asymmetry taken back: of the whole circuit, or of its small matrices where it has them.
template <Scalar S>
class Corrected {
 public:
  Corrected(const Stage& stage, SparseMatrix K) : stage_(stage), K_(std::move(K)) {
    if (stage.reduced()) small_ = stage.reduced()->correction(K_);
  }

  Block<S> at(S beta) {
    Block<S> x;
    if (small_ && stage_.reduced()->nudged(stage_.rest(), stage_.terms(), stage_.given(), beta, x, &*small_)) return x;
    if (!whole_) whole_ = std::make_unique<Whole>(stage_, K_);
    x = whole_->branch.start();
    if (!whole_->branch.follow(x, S(0.0), beta))
      throw Error(Fault::simulation, fmt::format("asymmetric equilibrium propagation finds no rest state at |beta| = {:.4g} of {}; take a smaller beta", std::abs(beta), stage_.named()));
    return x;
  }

 private:
  struct Whole {
    NudgedCircuit<S> circuit;
    Symmetrized<S> system;
    RestBranch<S> branch;
    Whole(const Stage& stage, const SparseMatrix& K)
        : circuit(stage.job().circuit, {.frozen = true}), system(circuit.free(), K, stage.rest().cast<S>()), branch(system, stage.terms(), stage.rest(), &stage.given()) {}
  };

  const Stage& stage_;
  SparseMatrix K_;
  std::optional<Reduced::Correction> small_;
  std::unique_ptr<Whole> whole_;
};

/// A state at beta as it is read, the k-th one of this sample.
template <Scalar S>
Block<S> read(Block<S> x, const Stage& stage, const Nudge& nudge, S beta, std::uint64_t k) {
  if (nudge.read_noise == 0.0) return x;
  const Stream stream(stage.job().seed, "learning.read", "", nudge.drawing + static_cast<std::uint64_t>(stage.sample()));
  const Index fixed = stage.job().circuit.rows().fixed_count(), count = static_cast<Index>(stage.neurons().all().size());
  for (Index n = 0; n < count; ++n) {
    const auto noise = [&](std::uint64_t rail) { return deviation(nudge, beta) * stream.normal_at((2 * k + rail) * static_cast<std::uint64_t>(count) + static_cast<std::uint64_t>(n)); };
    S& r = x(stage.neurons().all()[static_cast<std::size_t>(n)].activity - fixed, 0);
    if constexpr (std::same_as<S, double>) r += noise(0);
    else r += Complex(noise(0), noise(1));
  }
  return x;
}

}  // namespace

ErrorSignal Stage::response(const Nudge& nudge) {
  std::uint64_t k = 0;
  const bool corrected = nudge.correction.factor != 0.0;
  const auto take = [&](const Nudging& nudging) { return ErrorSignal{read_at_activities(Vector<double>(nudging.response.col(0))), nudging.mean}; };
  if (nudge.points > 0) {
    std::optional<Corrected<Complex>> correction;
    if (corrected) correction.emplace(*this, asymmetry_of(*this, nudge.correction));
    return take(nudged_around([&](Complex beta) { return read<Complex>(corrected ? correction->at(beta) : nudged(beta), *this, nudge, beta, k++); }, nudge.beta, nudge.points));
  }
  std::optional<Corrected<double>> correction;
  if (corrected) correction.emplace(*this, asymmetry_of(*this, nudge.correction));
  const auto at = [&](double beta) { return read<double>(corrected ? correction->at(beta) : nudged(beta), *this, nudge, beta, k++); };
  return take(nudged_once(at, nudge.centred ? x_ : read<double>(x_, *this, nudge, 0.0, 2), nudge.beta, nudge.centred));
}

ErrorSignal Stage::error_signal(double error) {
  if (error == 0.0) return {solve_transposed(cost_slope_), x_};
  const ActivityModel model(job_.netlist, dynamics(), x_, 0.0);
  if (const Index saturated = model.saturated(); saturated >= 0)
    throw Error(Fault::simulation, "the activity of neuron '" + model.name(saturated) + "' is saturated and does not move with its membrane, so there is no path back through it at " + named());
  Eigen::MatrixXd back = Eigen::MatrixXd(model.activity()).transpose();
  const Stream stream(job_.seed, "learning.dyadic");
  for (Index k = 0; k < back.size(); ++k)
    if (k / back.rows() != k % back.rows()) back.data()[k] *= 1.0 + error * stream.normal_at(static_cast<std::uint64_t>(k));
  Eigen::VectorXd c(model.count());
  for (Index k = 0; k < model.count(); ++k) c[k] = push_[model.membrane_unknown(k)];
  const Eigen::VectorXd d = back.partialPivLu().solve(c);
  Vector<double> lambda = Vector<double>::Zero(x_.rows());
  for (Index k = 0; k < model.count(); ++k) lambda[model.membrane_unknown(k)] = d[k];
  return {lambda, x_};
}

}  // namespace settle
