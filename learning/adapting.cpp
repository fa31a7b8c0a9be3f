// Rates of voltages, filters and conductances together.
#include "learning/adapting.hpp"

#include <algorithm>

namespace settle {

Adapting::Adapting(const Stage& stage, Weights& weights, const AdaptingSettings& settings)
    : stage_(stage), weights_(weights), settings_(settings), signal_{.shape = Signal::Shape::rotating, .beta = settings.beta, .period = settings.period}, n_(stage.rest().rows()), set_(weights.values()) {
  circuit_ = std::make_unique<NudgedCircuit<Complex>>(stage.job().circuit, stage.lesson().teaching, Strength<Complex>(signal_), NudgedOptions{.frozen = true}, &stage.given());
  make_pattern();
}

/// Columns: voltages (their own entries, then the filters that watch them), p, m, w.
void Adapting::make_pattern() {
  const Pattern& inner = circuit_->system().pattern();
  pattern_.size = size();
  std::vector<double> mass;
  const auto add = [&](Index row, double value) {
    pattern_.row.push_back(static_cast<int>(row));
    mass.push_back(value);
    return static_cast<int>(pattern_.row.size()) - 1;
  };
  for (Index j = 0; j < n_; ++j) {
    for (int k = inner.start[static_cast<std::size_t>(j)]; k < inner.start[static_cast<std::size_t>(j) + 1]; ++k)
      inner_place_.push_back(add(inner.row[static_cast<std::size_t>(k)], circuit_->system().mass()[k]));
    from_x_to_p_.push_back(add(n_ + j, 0.0));
    from_x_to_m_.push_back(add(2 * n_ + j, 0.0));
    pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
  }
  for (Index j = n_; j < size(); ++j) {
    (j < 2 * n_ ? p_ : j < 3 * n_ ? m_ : w_).push_back(add(j, 1.0));
    pattern_.start.push_back(static_cast<int>(pattern_.row.size()));
  }
  mass_ = Eigen::Map<const Vector<double>>(mass.data(), static_cast<Index>(mass.size()));
}

void Adapting::set_weights(const Block<Complex>& x) const {
  const Vector<double> now = weights_of(x);
  if (now == set_) return;
  weights_.set(now);
  set_ = now;
}

Vector<double> Adapting::gradient(const Block<Complex>& x) const {
  const Vector<double> response = x.middleRows(n_, n_).real() / settings_.beta;
  Vector<double> gradient = Vector<double>::Zero(weights_.count());
  stage_.add_gradient(Block<double>(x.middleRows(2 * n_, n_).real()), stage_.read_at_activities(response), gradient);
  return gradient;
}

void Adapting::rate(const Block<Complex>& x, double t, Block<Complex>& f) const {
  set_weights(x);
  f.resize(size(), 1);
  const Block<Complex> v = voltages_of(x);
  circuit_->system().rate(v, t, inner_rate_);
  f.topRows(n_) = inner_rate_;
  f.middleRows(n_, n_) = (v * std::polar(1.0, -signal_.omega() * t) - x.middleRows(n_, n_)) / settings_.filter;
  f.middleRows(2 * n_, n_) = (v - x.middleRows(2 * n_, n_)) / settings_.filter;
  if (learning_) f.bottomRows(weights_.count()) = (-settings_.rate * gradient(x)).cast<Complex>();
  else f.bottomRows(weights_.count()).setZero();
}

/// Conductances move slowly: what they do to the others within a step is left out, so that steppers iterate.
void Adapting::jacobian(const Block<Complex>& x, double t, Index sample, Vector<Complex>& J) const {
  set_weights(x);
  circuit_->system().jacobian(voltages_of(x), t, sample, inner_);
  J.setZero(pattern_.entries());
  for (std::size_t k = 0; k < inner_place_.size(); ++k) J[inner_place_[k]] = inner_[static_cast<Index>(k)];
  const Complex turn = std::polar(1.0 / settings_.filter, -signal_.omega() * t);
  for (std::size_t k = 0; k < from_x_to_p_.size(); ++k) {
    J[from_x_to_p_[k]] = turn, J[from_x_to_m_[k]] = 1.0 / settings_.filter;
    J[p_[k]] = J[m_[k]] = -1.0 / settings_.filter;
  }
}

void Adapting::time_slope(const Block<Complex>& x, double t, Block<Complex>& ft) const {
  ft.setZero(size(), 1);
  circuit_->system().time_slope(voltages_of(x), t, inner_rate_);
  ft.topRows(n_) = inner_rate_;
  ft.middleRows(n_, n_) = voltages_of(x) * std::polar(1.0 / settings_.filter, -signal_.omega() * t) * Complex(0.0, -signal_.omega());
}

std::string Adapting::name(Index unknown) const {
  if (unknown < n_) return circuit_->system().name(unknown);
  if (unknown < 2 * n_) return "lock-in at " + circuit_->system().name(unknown - n_);
  if (unknown < 3 * n_) return "mean of " + circuit_->system().name(unknown - 2 * n_);
  return "'" + weights_.name(unknown - 3 * n_) + "'";
}

double Adapting::tolerance(Index unknown) const {
  if (unknown < 3 * n_) return circuit_->system().tolerance(unknown % n_);
  return 1e-9 * std::max(1e-12, std::abs(set_[unknown - 3 * n_]));
}

Block<Complex> Adapting::start() const {
  Block<Complex> x = Block<Complex>::Zero(size(), 1);
  x.topRows(n_) = stage_.rest().cast<Complex>();
  x.middleRows(2 * n_, n_) = x.topRows(n_);
  x.bottomRows(weights_.count()) = set_.cast<Complex>();
  return x;
}

void Adapting::renew(const Block<Complex>& x) {
  set_weights(x);
  circuit_ = std::make_unique<NudgedCircuit<Complex>>(stage_.job().circuit, stage_.lesson().teaching, Strength<Complex>(signal_), NudgedOptions{.frozen = true}, &stage_.given());
}

}  // namespace settle
