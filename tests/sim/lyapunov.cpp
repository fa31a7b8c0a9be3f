// Lyapunov equations, exact steps and blocked errors against closed forms.
#include <catch2/catch.hpp>

#include <cmath>

#include "sim/blocking.hpp"
#include "sim/lyapunov.hpp"
#include "sim/random.hpp"

using namespace settle;

namespace {

/// A stable matrix that is far from normal, with complex eigenvalues.
Eigen::MatrixXd rotating(Eigen::Index n) {
  const Stream stream(3, "test");
  Eigen::MatrixXd A(n, n);
  for (Eigen::Index k = 0; k < A.size(); ++k) A.data()[k] = stream.normal_at(static_cast<std::uint64_t>(k));
  return A - 2.5 * std::sqrt(static_cast<double>(n)) * Eigen::MatrixXd::Identity(n, n);
}
Eigen::MatrixXd positive(Eigen::Index n) {
  const Eigen::MatrixXd R = rotating(n);
  return R * R.transpose() / static_cast<double>(n);
}
double relative(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) { return (a - b).norm() / b.norm(); }

}  // namespace

TEST_CASE("a Lyapunov equation and its transpose leave no residual", "[sim][lyapunov]") {
  for (const Eigen::Index n : {1, 2, 7, 60}) {
    const Eigen::MatrixXd A = rotating(n), Q = positive(n);
    const Lyapunov lyapunov(A);
    const Eigen::MatrixXd S = lyapunov.solve(Q), P = lyapunov.solve_transposed(Q);
    CHECK((A * S + S * A.transpose() + Q).norm() <= 1e-13 * (2.0 * A.norm() * S.norm()));
    CHECK((A.transpose() * P + P * A + Q).norm() <= 1e-13 * (2.0 * A.norm() * P.norm()));
    CHECK((S * Q).trace() == Approx((P * Q).trace()).epsilon(1e-12));  // tr(S Q') = tr(P Q) for Q' = Q
  }
}

TEST_CASE("a damped oscillator has energy in equal parts", "[sim][lyapunov]") {
  // L i' = v - R i + noise 2kTR, C v' = -i: <v^2> = kT/C, <i^2> = kT/L, no correlation.
  const double L = 2.0, C = 0.5, R = 0.1;
  Eigen::Matrix2d A, Q;
  A << -R / L, 1.0 / L, -1.0 / C, 0.0;
  Q << 2.0 * R / (L * L), 0.0, 0.0, 0.0;
  const Eigen::MatrixXd S = Lyapunov(A).solve(Q);
  CHECK(S(0, 0) == Approx(1.0 / L).epsilon(1e-12));
  CHECK(S(1, 1) == Approx(1.0 / C).epsilon(1e-12));
  CHECK(std::abs(S(0, 1)) <= 1e-13);
}

TEST_CASE("an exact step composes, keeps the stationary covariance, and is the closed form in one dimension", "[sim][lyapunov]") {
  const Eigen::MatrixXd A = rotating(6), Q = positive(6), S = Lyapunov(A).solve(Q);
  for (const double h : {1e-6, 0.01, 0.3, 40.0}) {
    const ExactStep one = exact_step(A, Q, h), two = exact_step(A, Q, 2.0 * h);
    CHECK((one.E * one.E - two.E).norm() <= 1e-12);
    CHECK(relative(one.E * one.W * one.E.transpose() + one.W, two.W) <= 1e-12);
    CHECK(relative(one.E * S * one.E.transpose() + one.W, S) <= 1e-12);
    CHECK(relative(one.L * one.L.transpose(), one.W) <= 1e-13);
    CHECK(relative(stationary(one.E, one.W), S) <= 1e-10);  // after 1/(lambda h) = 1e6 steps rounding of 1e-16 each
  }
  const Eigen::MatrixXd a = Eigen::MatrixXd::Constant(1, 1, -3.0), q = Eigen::MatrixXd::Constant(1, 1, 2.0);
  const ExactStep step = exact_step(a, q, 0.7);
  CHECK(step.E(0, 0) == Approx(std::exp(-2.1)).epsilon(1e-14));
  CHECK(step.W(0, 0) == Approx((1.0 - std::exp(-4.2)) / 3.0).epsilon(1e-14));
}

TEST_CASE("a singular covariance has a square root", "[sim][lyapunov]") {
  Eigen::MatrixXd b(3, 1);
  b << 1.0, -2e-6, 0.0;
  const Eigen::MatrixXd W = b * b.transpose(), L = square_root(W);
  CHECK((L * L.transpose() - W).norm() <= 1e-15);
  CHECK(L.allFinite());
}

TEST_CASE("blocked errors are those of an autoregressive sequence", "[sim][blocking]") {
  // x' = a x + sqrt(1 - a^2) xi: variance 1; the mean of n has variance (1 + a)/(1 - a)/n, the variance's (1 + a^2)/(1 - a^2) 2/n.
  constexpr double a = 0.9;
  constexpr int n = 1 << 17;
  Stream stream(5, "blocking");
  Blocking blocking(0.3);
  double x = stream.normal();
  for (int k = 0; k < n; ++k) {
    blocking.add(1.0 + x);
    x = a * x + std::sqrt(1.0 - a * a) * stream.normal();
  }
  const double mean = std::sqrt((1.0 + a) / (1.0 - a) / n), deviation = 0.5 * std::sqrt((1.0 + a * a) / (1.0 - a * a) * 2.0 / n);
  CHECK(std::abs(blocking.mean() - 1.0) <= 4.0 * mean);
  CHECK(std::abs(blocking.deviation() - 1.0) <= 4.0 * deviation);
  // The largest of some ten estimates, from 32 blocks at the coarsest: each good to 13 %, so up to 2.5 of that above.
  CHECK(blocking.error_of_mean() == Approx(mean * 1.1).epsilon(0.25));
  CHECK(blocking.error_of_deviation() == Approx(deviation * 1.1).epsilon(0.25));
  CHECK(blocking.correlation() >= (1.0 + a) / (1.0 - a) * 0.7);
}
