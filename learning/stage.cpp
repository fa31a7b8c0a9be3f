// Presenting samples, following nudges, pulling error signals back.
#include "learning/stage.hpp"

#include <fmt/format.h>

#include "circuits/linear_model.hpp"
#include "circuits/operating_point.hpp"
#include "learning/rest_point.hpp"

namespace settle {

Stage::Stage(const Job& job, const Lesson& lesson, Weights& weights, const Recorder& recorder)
    : job_(job), lesson_(lesson), weights_(weights), recorder_(recorder), neurons_(job.netlist, job.circuit), memories_(job.circuit.rows().unknowns()), given_(lesson.targets.rows(), 1) {
  terms_ = nudge_terms(lesson.teaching, job.circuit);
  cost_ = term_of(lesson.teaching.cost, job.circuit);
  for (const std::string& name : lesson.sources) source_.push_back(job.circuit.find_device(name));
}

Stage::~Stage() = default;

void Stage::forget() {
  circuit_.reset(), linear_.reset(), line_.reset(), plane_.reset(), reduced_.reset();
  reduced_here_ = false;
}

void Stage::forget_samples() {
  if (!reduced_) forget();
}

void Stage::build() {
  circuit_ = std::make_unique<NudgedCircuit<double>>(job_.circuit, lesson_.teaching, Strength<double>(Signal{}), NudgedOptions{.frozen = true}, &given_);
  linear_ = std::make_unique<Linearized<double>>(circuit_->free(), 1);
  memories_ = memories(job_.circuit);
  const bool chosen = !job_.netlist.initial.empty() || !job_.netlist.guesses.empty();  // .ic and .nodeset choose among rest states
  reduced_.reset();
  if (memories_.empty() && !chosen) reduced_ = Reduced::of(job_.netlist, neurons_, circuit_->dynamics());
}

std::string Stage::named() const { return lesson_.samples > 1 ? fmt::format("sample {}", sample_) : std::string("the circuit"); }

void Stage::show(Index sample) {
  sample_ = sample;
  for (std::size_t k = 0; k < source_.size(); ++k) {
    const Kind& kind = source_[k].element->kind();
    source_[k].element->set_field(source_[k].index, kind.field_index("dc"), lesson_.drive(static_cast<Index>(k), sample));
  }
  given_ = lesson_.targets.col(sample);
  if (!circuit_) build();
}

void Stage::present(Index sample, const Block<double>& guess) {
  show(sample);
  line_here_ = plane_here_ = linear_here_ = false;
  settle_at(guess);
  push_ = cost_slope_ = Vector<double>::Zero(x_.rows());
  for (const NudgeTerm& term : terms_) push_[term.row] += value_of(term, x_, given_, 0);
  add_slopes_of(cost_, x_, given_, 0, cost_slope_);
}

Linearized<double>& Stage::linear() const {
  if (!linear_here_) {
    linear_->at(x_, 0.0);
    linear_->shift(0.0);
    linear_here_ = true;
  }
  return *linear_;
}

void Stage::settle_at(const Block<double>& guess) {
  x_ = guess;
  if (reduced_) iterations_ = reduced_->rest(circuit_->dynamics(), x_);
  reduced_here_ = reduced_ && iterations_ > 0;
  if (reduced_here_) return;
  try {
    x_ = guess;
    iterations_ = static_cast<int>(operating_point(job_, circuit_->dynamics(), x_, 0.0, true, recorder_).iterations);
    polish(circuit_->free(), x_);
  } catch (const Error& error) {
    throw Error(error.fault(), lesson_.samples > 1 ? fmt::format("{}: {}", named(), error.what()) : std::string(error.what()));
  }
}

double Stage::cost(const Block<double>& x) const { return value_of(cost_, x, given_, 0); }

double Stage::slowest() const {
  constexpr Index most = 400;  // states
  if (x_.rows() > 4 * most) return NAN;
  try {
    const LinearModel model = linear_model(circuit_->dynamics(), x_, 0.0, {.most_states = most});
    return model.states() > 0 ? -1.0 / model.eigenvalues()[0].real() : NAN;
  } catch (const Error&) {
    return NAN;
  }
}

Vector<double> Stage::outputs(const Block<double>& x) const {
  Vector<double> outputs(static_cast<Index>(lesson_.teaching.outputs.size()));
  for (Index k = 0; k < outputs.size(); ++k) outputs[k] = x(job_.circuit.find_row(lesson_.teaching.outputs[static_cast<std::size_t>(k)]) - job_.circuit.rows().fixed_count(), 0);
  return outputs;
}

/// True if b speaks of membranes, or membranes and activities, alone.
bool Stage::only_at(const Vector<double>& b, bool activities) const {
  const Index fixed = job_.circuit.rows().fixed_count();
  double there = 0.0;
  for (const Neuron& neuron : neurons_.all()) {
    there += std::abs(b[neuron.membrane - fixed]);
    if (activities && neuron.activity != neuron.membrane) there += std::abs(b[neuron.activity - fixed]);
  }
  return there >= b.cwiseAbs().sum() * (1.0 - 1e-15);
}

Vector<double> Stage::solve(const Vector<double>& b) const {
  if (reduced_here_ && only_at(b, false)) return reduced_->solve(b);
  Block<double> y = -b;  // (0 M - J) y = b
  linear().solve(y);
  return y.col(0);
}

Vector<double> Stage::solve_transposed(const Vector<double>& b) const {
  if (reduced_here_ && only_at(b, true)) return reduced_->solve_transposed(b);
  Block<double> y = -b;
  linear().solve_transposed(y);
  return y.col(0);
}

template <Scalar S>
Block<S> Stage::follow(std::unique_ptr<RestBranch<S>>& branch, S beta) {
  if (Block<S> x; reduced_here_ && reduced_->nudged(x_, terms_, given_, beta, x)) return x;
  bool& here = std::same_as<S, double> ? line_here_ : plane_here_;
  if (!branch) branch = std::make_unique<RestBranch<S>>(job_.circuit, lesson_.teaching, x_, &given_);
  else if (!here) branch->start_at(x_);
  here = true;
  Block<S> x = branch->start();
  S reached;
  if (branch->follow(x, S(0.0), beta, &reached)) return x;
  const Complex wanted(beta), ended(reached);
  throw Error(Fault::simulation, fmt::format("{} has no rest state at beta = {:.6g} {:+.6g}i {}: the branch from beta = 0 ends at {:.6g} {:+.6g}i. Take a smaller beta; .betamap shows how far it may go",
                                             named(), wanted.real(), wanted.imag(), lesson_.teaching.beta_unit, ended.real(), ended.imag()));
}

Block<double> Stage::nudged(double beta) { return follow(line_, beta); }
Block<Complex> Stage::nudged(Complex beta) { return follow(plane_, beta); }

template <Scalar S>
Vector<S> Stage::read_at_activities(const Vector<S>& moved) const {
  const Index fixed = job_.circuit.rows().fixed_count();
  Vector<S> lambda = Vector<S>::Zero(moved.size());
  for (Index row = fixed; row < job_.circuit.rows().count(); ++row)
    if (const auto neuron = neurons_.neuron_of(row); neuron && neuron->membrane == row && neuron->activity == row) lambda[row - fixed] = moved[row - fixed];
  for (const Neuron& neuron : neurons_.all()) lambda[neuron.membrane - fixed] = moved[neuron.activity - fixed];
  return lambda;
}
template Vector<double> Stage::read_at_activities(const Vector<double>&) const;
template Vector<Complex> Stage::read_at_activities(const Vector<Complex>&) const;

template <Scalar S>
void Stage::pull(const Block<S>& x, const Block<S>& lambda, Vector<S>& gradient) const {
  const Moment now = circuit_->dynamics().moment(0.0);
  const Index fixed = job_.circuit.rows().fixed_count();
  const Block<double> driven = circuit_->dynamics().extended(x_, now).topRows(fixed);
  Block<S> all(fixed + x.rows(), x.cols()), errors = Block<S>::Zero(fixed + x.rows(), x.cols());
  all.topRows(fixed) = driven.template cast<S>().replicate(1, x.cols());
  all.bottomRows(x.rows()) = x;
  errors.bottomRows(x.rows()) = lambda;
  memories_.each([&](Index k, double) { errors.row(fixed + k).setZero(); });  // what holds a memory state is no drift
  weights_.add_pullback<S>(all, now, errors, gradient);
}

void Stage::add_gradient(const Block<double>& x, const Vector<double>& lambda, Vector<double>& gradient) const { add_gradients(x, lambda, gradient); }

void Stage::add_gradients(const Block<double>& x, const Block<double>& lambda, Vector<double>& gradient) const {
  pull<double>(x, -lambda, gradient);
}

void Stage::add_gradient(const Block<Complex>& x, const Vector<Complex>& lambda, Vector<double>& gradient) const {
  Vector<Complex> sum = Vector<Complex>::Zero(weights_.count());
  pull<Complex>(x, lambda, sum);
  gradient -= sum.real();
}

void keep_weights(Job& job, const Weights& weights) {
  if (!job.keep) return;
  for (const Weights::Group& group : weights.groups())
    for (const Index device : group.device) job.keep({group.element, device}, group.field, group.element->field(device, group.field));
}

}  // namespace settle
