// The stages of a Rosenbrock method.
#include "sim/rosenbrock.hpp"

namespace settle {

template <Scalar S>
Rosenbrock<S>::Rosenbrock(const System<S>& system, const StepOptions& options, const RosenbrockTableau& tableau)
    : ControlledStepper<S>(system, options, tableau.error_order), tableau_(tableau), k_(tableau.c.size()), dense_(tableau.H.size()) {}

template <Scalar S>
void Rosenbrock<S>::advance(const Block<S>& x, double t, double h, bool again) {
  const double start = this->stage_time(t, h, 0.0);
  if (!again) {
    this->linear_.at(x, start);
    this->system_.rate(x, start, rate_);
    this->system_.time_slope(x, start, slope_);
    this->counts_.rates += 2;
  }
  this->linear_.shift(1.0 / (h * tableau_.gamma));
  for (std::size_t i = 0; i < k_.size(); ++i) stage(x, t, h, i);
  this->error_ = k_.back();
  this->next_ = point_ + k_.back();
}

template <Scalar S>
void Rosenbrock<S>::stage(const Block<S>& x, double t, double h, std::size_t i) {
  Block<S>& k = k_[i];
  if (i == 0) {
    k = rate_;
  } else {
    point_ = x;
    sum_.setZero(x.rows(), x.cols());
    for (std::size_t j = 0; j < i; ++j) {
      if (tableau_.a[i][j] != 0.0) point_ += tableau_.a[i][j] * k_[j];
      sum_ += tableau_.C[i][j] / h * k_[j];
    }
    this->system_.rate(point_, this->stage_time(t, h, tableau_.c[i]), k);
    ++this->counts_.rates;
    this->linear_.mass_times(sum_, right_);
    k += right_;
  }
  if (tableau_.d[i] != 0.0) k += h * tableau_.d[i] * slope_;
  this->linear_.solve(k);
}

template <Scalar S>
void Rosenbrock<S>::accepted() {
  end_ = this->next_;
  for (std::size_t m = 0; m < dense_.size(); ++m) {
    dense_[m].setZero(end_.rows(), end_.cols());
    for (std::size_t j = 0; j < k_.size(); ++j)
      if (tableau_.H[m][j] != 0.0) dense_[m] += tableau_.H[m][j] * k_[j];
  }
}

template <Scalar S>
void Rosenbrock<S>::interpolate(double t, Block<S>& x) const {
  const double u = (t - this->t0_) / this->h0_;
  x = dense_.back();
  for (std::size_t m = dense_.size() - 1; m-- > 0;) x = dense_[m] + u * x;
  x = (1.0 - u) * this->x0_ + u * (end_ + (1.0 - u) * x);
}

template class Rosenbrock<double>;
template class Rosenbrock<Complex>;

}  // namespace settle
