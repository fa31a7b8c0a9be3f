// The gradient of L through dJ/dw: sum_ij G_ij dJ_ij/dw is a slope of the pullback of G along movements of neurons.
#include "learning/homeostasis.hpp"

#include "circuits/held.hpp"
#include "learning/activity.hpp"
#include "learning/rest_point.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

using Eigen::VectorXd;

/// A circuit at rest seen from its neurons: movements of them with all that follows at once, currents into them with all that passes them on.
class Bilinear {
 public:
  Bilinear(const Stage& stage, bool membrane) : stage_(stage), membrane_(membrane), model_(stage.job().netlist, stage.dynamics(), stage.rest(), 0.0), holds_(stage.rest().rows()) {
    if (!membrane && model_.saturated() >= 0)
      throw Error(Fault::simulation, "the activity of neuron '" + model_.name(model_.saturated()) + "' is saturated and does not move with its membrane at " + stage.named() + ", so homeostasis in activities is not defined; take coordinates=membrane");
    for (Index k = 0; k < model_.count(); ++k) holds_.hold(model_.membrane_unknown(k), stage.rest()(model_.membrane_unknown(k), 0));
    held_ = std::make_unique<Held<double>>(stage.system(), holds_);
    linear_ = std::make_unique<Linearized<double>>(*held_, 1);
    linear_->at(stage.rest(), 0.0);
    linear_->shift(0.0);
    stage.system().jacobian(stage.rest(), 0.0, 0, J_values_);
  }

  Index count() const { return model_.count(); }
  SparseMatrix J() const { return membrane_ ? model_.membrane() : model_.activity(); }

  /// Adds sum_ij u_i e_j dJ_ij/dw times `factor` to the gradient.
  void add(const VectorXd& u, const VectorXd& e, double factor, Vector<double>& gradient) {
    const Block<double> direction = moved(e);
    const double size = direction.cwiseAbs().maxCoeff();
    if (size == 0.0) return;
    const Vector<double> lambda = passed_on(u);
    const double h = 1e-3 * std::max(stage_.rest().cwiseAbs().maxCoeff(), 1e-3) / size;
    const auto at = [&](double by, double weight) {
      Vector<double> slope = Vector<double>::Zero(gradient.size());
      stage_.add_gradient(Block<double>(stage_.rest() + by * direction), lambda, slope);  // -lambda^T df/dw
      gradient -= factor * weight / (12.0 * h) * slope;
    };
    at(h, 8.0), at(-h, -8.0), at(2.0 * h, -1.0), at(-2.0 * h, 1.0);
  }

 private:
  /// All unknowns, for a movement of the neurons' coordinates.
  Block<double> moved(const VectorXd& e) {
    Block<double> y = Block<double>::Zero(stage_.rest().rows(), 1);
    for (Index k = 0; k < count(); ++k) y(model_.membrane_unknown(k), 0) = membrane_ ? e[k] : e[k] / model_.gain()[k];
    linear_->solve(y);  // rows of held unknowns: -J y = y
    return y;
  }

  /// All rows, for currents into the neurons: lambda_o = -J_oo^-T J_no^T u.
  Vector<double> passed_on(const VectorXd& u) {
    Block<double> b = Block<double>::Zero(stage_.rest().rows(), 1);
    const Pattern& p = stage_.system().pattern();
    Vector<double> into = Vector<double>::Zero(b.rows());
    for (Index k = 0; k < count(); ++k) into[model_.membrane_unknown(k)] = u[k];
    for (Index j = 0; j < p.size; ++j)
      for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k)
        if (!holds_.has(j)) b(j, 0) += J_values_[k] * into[p.row[static_cast<std::size_t>(k)]];
    linear_->solve_transposed(b);  // -H^T z = b
    for (Index k = 0; k < count(); ++k) b(model_.membrane_unknown(k), 0) = u[k];
    return b.col(0);
  }

  const Stage& stage_;
  bool membrane_;
  ActivityModel model_;
  Holds holds_;
  std::unique_ptr<Held<double>> held_;
  std::unique_ptr<Linearized<double>> linear_;
  Vector<double> J_values_;
};

double loss(const SparseMatrix& J) { return 0.5 * SparseMatrix(J - SparseMatrix(J.transpose())).squaredNorm(); }

/// L with the membranes elsewhere and everything else following.
double loss_at(const Stage& stage, const ActivityModel& at_rest, Index neuron, double by, bool membrane) {
  Holds holds(stage.rest().rows());
  Block<double> x = stage.rest();
  for (Index k = 0; k < at_rest.count(); ++k) {
    double& u = x(at_rest.membrane_unknown(k), 0);
    if (k == neuron) u += by;
    holds.hold(at_rest.membrane_unknown(k), u);
  }
  polish(Held<double>(stage.system(), holds), x);
  const ActivityModel model(stage.job().netlist, stage.dynamics(), x, 0.0);
  return loss(membrane ? model.membrane() : model.activity());
}

/// -(J^-T h)^T df/dw with h = dL/du.
void add_through_state(const Stage& stage, bool membrane, double factor, Vector<double>& gradient) {
  const ActivityModel model(stage.job().netlist, stage.dynamics(), stage.rest(), 0.0);
  Vector<double> h = Vector<double>::Zero(stage.rest().rows());
  const double d = 1e-3 * std::max(stage.rest().cwiseAbs().maxCoeff(), 1e-3);
  for (Index k = 0; k < model.count(); ++k) {
    const auto at = [&](double by) { return loss_at(stage, model, k, by, membrane); };
    h[model.membrane_unknown(k)] = (8.0 * (at(d) - at(-d)) - (at(2.0 * d) - at(-2.0 * d))) / (12.0 * d);
  }
  stage.add_gradient(stage.rest(), factor * stage.solve_transposed(h), gradient);
}

void add_probes(const Stage& stage, const HomeostasisSettings& settings, std::uint64_t step, Bilinear& bilinear, Vector<double>& gradient) {
  const SparseMatrix J = bilinear.J();
  const double factor = settings.coefficient / settings.probes;
  for (int k = 0; k < settings.probes; ++k) {
    Stream stream(stage.job().seed, "learning.homeostasis", "", step * static_cast<std::uint64_t>(settings.probes) + static_cast<std::uint64_t>(k));
    VectorXd e(bilinear.count());
    for (double& each : e) each = stream.normal();
    const VectorXd Je = J * e;
    if (settings.how == HomeostasisSettings::How::probe) {
      bilinear.add(2.0 * Je - J.transpose() * e, e, factor, gradient);
      bilinear.add(e, Je, -factor, gradient);
    } else {
      bilinear.add(2.0 * Je, e, factor, gradient);
      bilinear.add(2.0 * e, Je, -factor, gradient);
    }
  }
}

}  // namespace

double homeostatic_loss(const Stage& stage, bool membrane) {
  const ActivityModel model(stage.job().netlist, stage.dynamics(), stage.rest(), 0.0);
  return loss(membrane ? model.membrane() : model.activity());
}

void add_homeostasis(Stage& stage, const HomeostasisSettings& settings, std::uint64_t step, Vector<double>& gradient) {
  using How = HomeostasisSettings::How;
  Bilinear bilinear(stage, settings.membrane);
  if (settings.how == How::probe || settings.how == How::local) return add_probes(stage, settings, step, bilinear, gradient);
  const SparseMatrix J = bilinear.J(), A2 = J - SparseMatrix(J.transpose());
  for (Index j = 0; j < bilinear.count(); ++j) {
    const VectorXd u = A2.col(j);
    if (u.isZero(0.0)) continue;
    bilinear.add(2.0 * u, VectorXd::Unit(bilinear.count(), j), settings.coefficient, gradient);
  }
  if (settings.how == How::total) add_through_state(stage, settings.membrane, settings.coefficient, gradient);
}

}  // namespace settle
