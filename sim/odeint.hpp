// The wall around Boost.Odeint: our states as its states, our steppers as its steppers. No other file includes Odeint.
#pragma once

#include <boost/numeric/odeint/algebra/vector_space_algebra.hpp>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <boost/numeric/odeint/stepper/stepper_categories.hpp>
#include <boost/numeric/odeint/util/copy.hpp>
#include <boost/numeric/odeint/util/resize.hpp>
#include <stdexcept>

#include "sim/stepper.hpp"

namespace boost::numeric::odeint {

// Eigen 3.4 has begin() and end(), which Odeint takes for a range of numbers it may resize element by element.
template <class S, int R, int C, int O>
struct is_resizeable<Eigen::Matrix<S, R, C, O>> : boost::true_type {};

template <class S, int R, int C, int O>
struct same_size_impl<Eigen::Matrix<S, R, C, O>, Eigen::Matrix<S, R, C, O>> {
  using State = Eigen::Matrix<S, R, C, O>;
  static bool same_size(const State& a, const State& b) { return a.rows() == b.rows() && a.cols() == b.cols(); }
};

template <class S, int R, int C, int O>
struct resize_impl<Eigen::Matrix<S, R, C, O>, Eigen::Matrix<S, R, C, O>> {
  using State = Eigen::Matrix<S, R, C, O>;
  static void resize(State& a, const State& b) { a.resize(b.rows(), b.cols()); }
};

template <class S, int R, int C, int O>
struct copy_impl<Eigen::Matrix<S, R, C, O>, Eigen::Matrix<S, R, C, O>> {
  using State = Eigen::Matrix<S, R, C, O>;
  static void copy(const State& from, State& to) { to = from; }
};

}  // namespace boost::numeric::odeint

namespace settle {

/// A stepper of ours as one of Odeint's controlled steppers: hand it to integrate_adaptive by std::ref.
template <Scalar S>
class OdeintStepper {
 public:
  using state_type = Block<S>;
  using deriv_type = Block<S>;
  using value_type = double;
  using time_type = double;
  using stepper_category = boost::numeric::odeint::controlled_stepper_tag;

  OdeintStepper(const System<S>& system, Stepper<S>& stepper) : system_(system), stepper_(stepper) {}

  /// The stepper is bound to its system; Odeint passes one along, which must be the same.
  boost::numeric::odeint::controlled_step_result try_step(const System<S>& system, Block<S>& x, double& t, double& h) {
    if (&system != &system_) throw std::logic_error("this stepper belongs to another system");
    return stepper_.try_step(x, t, h) == StepResult::accepted ? boost::numeric::odeint::success : boost::numeric::odeint::fail;
  }

 private:
  const System<S>& system_;
  Stepper<S>& stepper_;
};

}  // namespace settle
