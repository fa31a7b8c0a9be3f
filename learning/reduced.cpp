// Recognizing a circuit of membranes and activities, and solving it.
#include "learning/reduced.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace settle {
namespace {

constexpr Index most_neurons = 1500;
constexpr int most_iterations = 40;
constexpr double settled = 1e-13, rounding = 1e-9;  // of the largest voltage

/// The source that makes an activity of one membrane and nothing else: `v(r,0) = phi(v(u))`; null for a device of another form.
const Expression* activity_of(const FlatDevice& device, std::string& activity, std::string& membrane) {
  const bool plain = device.kind->name == "behavioural_voltage" && device.nodes[1] == "0" && device.expressions.size() == 1 && device.expressions[0].inputs.size() == 1;
  if (!plain) return nullptr;
  const InputSource& input = device.expressions[0].inputs[0];
  if (input.what != InputSource::What::voltage || !(input.minus.empty() || input.minus == "0")) return nullptr;
  activity = device.nodes[0], membrane = input.plus;
  return &device.expressions[0].expression;
}

}  // namespace

std::optional<Reduced> Reduced::of(const Netlist& netlist, const Neurons& neurons, const Dynamics<double>& dynamics) {
  const Circuit& circuit = dynamics.circuit();
  const Index fixed = circuit.rows().fixed_count();
  for (const auto& element : circuit.elements())
    if (!element->linear() && element->kind().name != "behavioural_voltage") return {};
  Reduced reduced;
  reduced.unknowns_ = dynamics.size();
  std::map<Index, Index> neuron_of;  // by unknown of the membrane
  for (const Neuron& neuron : neurons.all()) {
    neuron_of[neuron.membrane - fixed] = reduced.count();
    reduced.membrane_.push_back(neuron.membrane - fixed), reduced.activity_.push_back(-1), reduced.current_.push_back(-1), reduced.phi_.emplace_back();
  }
  Index known = reduced.count();
  for (const FlatDevice& device : netlist.devices) {
    if (device.kind->name != "behavioural_voltage") continue;
    std::string activity, membrane;
    const Expression* phi = activity_of(device, activity, membrane);
    if (!phi) return {};
    const auto neuron = neuron_of.find(circuit.find_row(membrane) - fixed);
    if (neuron == neuron_of.end() || reduced.activity_[static_cast<std::size_t>(neuron->second)] >= 0) return {};
    reduced.activity_[static_cast<std::size_t>(neuron->second)] = circuit.find_row(activity) - fixed;
    reduced.phi_[static_cast<std::size_t>(neuron->second)] = *phi;
    reduced.current_[static_cast<std::size_t>(neuron->second)] = circuit.find_row(device.name + "#current") - fixed;
    known += 2;  // the activity and the current of its source
  }
  if (known != reduced.unknowns_ || reduced.count() == 0 || reduced.count() > most_neurons) return {};

  std::vector<Index> row(static_cast<std::size_t>(reduced.unknowns_), -1), of_u = row, of_r = row;
  for (Index k = 0; k < reduced.count(); ++k) {
    const std::size_t n = static_cast<std::size_t>(k);
    row[static_cast<std::size_t>(reduced.membrane_[n])] = of_u[static_cast<std::size_t>(reduced.membrane_[n])] = k;
    if (reduced.activity_[n] >= 0) of_r[static_cast<std::size_t>(reduced.activity_[n])] = k;
  }
  const Block<double> nothing = Block<double>::Zero(reduced.unknowns_, 1);
  Vector<double> J;
  dynamics.jacobian(nothing, 0.0, 0, J);
  reduced.A_ = reduced.W_ = Eigen::MatrixXd::Zero(reduced.count(), reduced.count());
  const Pattern& p = dynamics.pattern();
  for (Index j = 0; j < p.size; ++j)
    for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) {
      const Index i = row[static_cast<std::size_t>(p.row[static_cast<std::size_t>(k)])];
      if (i < 0 || J[k] == 0.0) continue;
      if (of_u[static_cast<std::size_t>(j)] >= 0) reduced.A_(i, of_u[static_cast<std::size_t>(j)]) += J[k];
      else if (of_r[static_cast<std::size_t>(j)] >= 0) reduced.W_(i, of_r[static_cast<std::size_t>(j)]) += J[k];
      else return {};  // a current of a source flows into a membrane
    }
  return reduced;
}

void Reduced::take_drive(const Dynamics<double>& dynamics) {
  Block<double> f;
  dynamics.rate(Block<double>::Zero(unknowns_, 1), 0.0, f);
  b_.resize(count());
  for (Index k = 0; k < count(); ++k) b_[k] = f(membrane_[static_cast<std::size_t>(k)], 0);
}

/// Membranes as all unknowns; currents of sources stay zero: nothing that learns looks at them.
template <Scalar S>
void Reduced::spread(const Vector<S>& u, Block<S>& x) const {
  x.setZero(unknowns_, 1);
  for (Index k = 0; k < count(); ++k) {
    const std::size_t n = static_cast<std::size_t>(k);
    x(membrane_[n], 0) = u[k];
    if (activity_[n] >= 0) x(activity_[n], 0) = phi_[n].eval<S>(std::span<const S>(&u[k], 1));
  }
}

template <Scalar S>
Vector<S> Reduced::balance(const Vector<S>& u, const Block<S>& x) const {
  Vector<S> r = Vector<S>::Zero(count());
  for (Index k = 0; k < count(); ++k)
    if (activity_[static_cast<std::size_t>(k)] >= 0) r[k] = x(activity_[static_cast<std::size_t>(k)], 0);
  return b_ + A_ * u + W_ * r;
}

/// What sources must bring to their nodes.
void Reduced::fill_currents(const Dynamics<double>& dynamics, Block<double>& x) const {
  Block<double> f;
  dynamics.rate(x, 0.0, f);
  for (std::size_t n = 0; n < activity_.size(); ++n)
    if (activity_[n] >= 0) x(current_[n], 0) = f(activity_[n], 0);
}

Vector<double> Reduced::gains(const Vector<double>& u) const {
  Vector<double> D = Vector<double>::Zero(count());
  for (Index k = 0; k < count(); ++k) {
    double slope = 0.0;
    if (activity_[static_cast<std::size_t>(k)] >= 0) phi_[static_cast<std::size_t>(k)].gradient<double>(std::span<const double>(&u[k], 1), std::span<double>(&slope, 1));
    D[k] = slope;
  }
  return D;
}

void Reduced::factor(const Vector<double>& u) const {
  D_ = gains(u);
  factors_.compute(A_ + W_ * D_.asDiagonal());
}

/// Newton's iteration, with factors kept as long as they serve.
int Reduced::rest(const Dynamics<double>& dynamics, Block<double>& x) {
  take_drive(dynamics);
  Vector<double> u = Vector<double>::Zero(count());
  for (Index k = 0; k < count() && x.rows() == unknowns_; ++k) u[k] = x(membrane_[static_cast<std::size_t>(k)], 0);
  double before = INFINITY;
  bool stale = true;
  for (int n = 1; n <= most_iterations; ++n) {
    spread(u, x);
    if (stale) factor(u);
    const Vector<double> step = factors_.solve(balance(u, x));
    const double size = step.cwiseAbs().maxCoeff(), scale = std::max(u.cwiseAbs().maxCoeff(), 1e-6);
    if (!std::isfinite(size)) return -1;
    constexpr double near = 1e-2, serving = 0.2;  // far from rest only Newton itself says which rest state is found
    stale = size > near * scale || size > serving * before;
    u -= step;
    if (size < settled * scale || (size > 0.5 * before && size < rounding * scale)) {
      spread(u, x);
      fill_currents(dynamics, x);
      u_ = u, here_ = false;
      return n;
    }
    before = size;
  }
  return -1;
}

void Reduced::factor_here() const {
  if (!here_) factor(u_), here_ = true;
}

Reduced::Correction Reduced::correction(const Eigen::SparseMatrix<double>& K) const {
  factor_here();
  std::vector<Index> neuron(static_cast<std::size_t>(unknowns_), -1), of_r = neuron;
  for (Index k = 0; k < count(); ++k) {
    const std::size_t n = static_cast<std::size_t>(k);
    neuron[static_cast<std::size_t>(membrane_[n])] = k;
    of_r[static_cast<std::size_t>(activity_[n] >= 0 ? activity_[n] : membrane_[n])] = k;
  }
  Correction correction{Eigen::MatrixXd::Zero(count(), count()), {}};
  for (Index j = 0; j < K.cols(); ++j)
    for (Eigen::SparseMatrix<double>::InnerIterator it(K, j); it; ++it) correction.K(neuron[static_cast<std::size_t>(it.row())], of_r[static_cast<std::size_t>(j)]) += it.value();
  Vector<double> D = D_;
  for (Index k = 0; k < count(); ++k)
    if (activity_[static_cast<std::size_t>(k)] < 0) D[k] = 1.0;
  correction.factors.compute(A_ + W_ * D_.asDiagonal() - correction.K * D.asDiagonal());
  return correction;
}

template <Scalar S>
bool Reduced::nudged(const Block<double>& rest, const std::vector<NudgeTerm>& terms, const Given& given, S beta, Block<S>& x, const Correction* correction) const {
  std::vector<Index> neuron(static_cast<std::size_t>(unknowns_), -1);
  for (Index k = 0; k < count(); ++k) neuron[static_cast<std::size_t>(membrane_[static_cast<std::size_t>(k)])] = k;
  Vector<S> u(count());
  for (Index k = 0; k < count(); ++k) u[k] = rest(membrane_[static_cast<std::size_t>(k)], 0);
  const Vector<S> u0 = u;
  Vector<S> moved(count());
  const auto& factors = correction ? correction->factors : factors_;
  double before = INFINITY, first = 0.0;
  for (int n = 1; n <= most_iterations; ++n) {
    spread(u, x);
    Vector<S> f = balance(u, x);
    for (const NudgeTerm& term : terms) f[neuron[static_cast<std::size_t>(term.row)]] -= beta * value_of(term, x, given, 0);
    if (correction) {
      for (Index k = 0; k < count(); ++k) {
        const std::size_t n = static_cast<std::size_t>(k);
        const Index at = activity_[n] >= 0 ? activity_[n] : membrane_[n];
        moved[k] = x(at, 0) - rest(at, 0);
      }
      f -= correction->K * moved;
    }
    Vector<S> step;
    if constexpr (std::same_as<S, double>) step = factors.solve(f);
    else {
      step.resize(count());
      step.real() = factors.solve(Vector<double>(f.real()));
      step.imag() = factors.solve(Vector<double>(f.imag()));
    }
    const double size = step.cwiseAbs().maxCoeff(), scale = std::max(u.cwiseAbs().maxCoeff(), 1e-6);
    if (n == 1) first = size;  // what a small nudge would do
    constexpr double far = 3.0;
    if (!std::isfinite(size) || (size > before && size > rounding * scale) || (u - u0).cwiseAbs().maxCoeff() > far * std::max(first, settled * scale)) return false;
    u -= step;
    if (size < settled * scale || (size > 0.9 * before && size < rounding * scale)) {
      spread(u, x);
      return true;
    }
    before = size;
  }
  return false;
}

Vector<double> Reduced::solve(const Vector<double>& b) const {
  Vector<double> into(count()), x = Vector<double>::Zero(unknowns_);
  for (Index k = 0; k < count(); ++k) into[k] = b[membrane_[static_cast<std::size_t>(k)]];
  factor_here();
  const Vector<double> u = factors_.solve(into);
  for (Index k = 0; k < count(); ++k) {
    x[membrane_[static_cast<std::size_t>(k)]] = u[k];
    if (activity_[static_cast<std::size_t>(k)] >= 0) x[activity_[static_cast<std::size_t>(k)]] = D_[k] * u[k];
  }
  return x;
}

Vector<double> Reduced::solve_transposed(const Vector<double>& b) const {
  factor_here();
  Vector<double> on(count()), x = Vector<double>::Zero(unknowns_);
  for (Index k = 0; k < count(); ++k) {
    on[k] = b[membrane_[static_cast<std::size_t>(k)]];
    if (activity_[static_cast<std::size_t>(k)] >= 0) on[k] += D_[k] * b[activity_[static_cast<std::size_t>(k)]];
  }
  const Vector<double> lambda = factors_.transpose().solve(on);
  for (Index k = 0; k < count(); ++k) x[membrane_[static_cast<std::size_t>(k)]] = lambda[k];
  return x;
}

template bool Reduced::nudged(const Block<double>&, const std::vector<NudgeTerm>&, const Given&, double, Block<double>&, const Correction*) const;
template bool Reduced::nudged(const Block<double>&, const std::vector<NudgeTerm>&, const Given&, Complex, Block<Complex>&, const Correction*) const;

}  // namespace settle
