// ErrorNorm: what counts, what does not, and that idle unknowns dilute nothing.
#include "sim/error_norm.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/written_system.hpp"

using namespace settle;

namespace {

WrittenSystem<double> unknowns(Index n, Index samples = 1) {
  WrittenSystem<double> s;
  s.M = Eigen::MatrixXd::Identity(n, n);
  s.count = samples;
  s.atol = 1e-6;
  s.ready();
  return s;
}

}  // namespace

TEST_CASE("one active unknown among idle ones is judged as if it were alone", "[sim][error_norm]") {
  for (Norm norm : {Norm::wrms, Norm::max}) {
    const auto many = unknowns(100), one = unknowns(1);
    Block<double> x0 = Block<double>::Zero(100, 1), x1 = x0, e = x0;
    x1(7, 0) = 1.0;
    e(7, 0) = 2e-3;
    const StepError crowd = ErrorNorm<double>(many, {.reltol = 1e-3, .norm = norm})(x0, x1, e);
    const StepError alone = ErrorNorm<double>(one, {.reltol = 1e-3, .norm = norm})(x0.row(7), x1.row(7), e.row(7));
    CHECK(crowd.ratio == Approx(2e-3 / (1e-6 + 1e-3)).epsilon(1e-12));
    CHECK(crowd.ratio == alone.ratio);
    CHECK(crowd.unknown == 7);
  }
}

TEST_CASE("the worst sample decides and is named", "[sim][error_norm]") {
  const auto s = unknowns(2, 3);
  const Block<double> x0 = Block<double>::Ones(2, 3), x1 = 2.0 * x0;
  Block<double> e = Block<double>::Constant(2, 3, 1e-4);
  e(1, 2) = 5e-3;
  const StepError error = ErrorNorm<double>(s, {.reltol = 1e-3})(x0, x1, e);
  CHECK(error.unknown == 1);
  CHECK(error.sample == 2);
  CHECK(error.ratio == Approx(std::sqrt((25e-6 + 1e-8) / 2.0) / (1e-6 + 2e-3)).epsilon(1e-12));
}

TEST_CASE("a number that is not finite is an infinite error at its unknown", "[sim][error_norm]") {
  const auto s = unknowns(3);
  const Block<double> x = Block<double>::Ones(3, 1);
  Block<double> e = Block<double>::Zero(3, 1), bad = x;
  bad(2, 0) = NAN;
  const ErrorNorm<double> norm(s, {});
  CHECK(std::isinf(norm(x, bad, e).ratio));
  CHECK(norm(x, bad, e).unknown == 2);
  e(1, 0) = INFINITY;
  CHECK(norm(x, x, e).unknown == 1);
}
