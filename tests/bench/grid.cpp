// Speed of an ideal array on a batch: its rate is one or two matrix products, so it should run at the speed of those.
#include <chrono>
#include <cstdio>
#include <numeric>

#include "devices/grid.hpp"

using namespace settle;

namespace {

/// Seconds of the fastest of several runs.
template <class Work>
double seconds(Work work) {
  double best = 1e9;
  for (int run = 0; run < 15; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

/// Real flops per second of a square product large enough to reach the machine's limit.
double product_rate() {
  constexpr Index n = 1024;
  const Eigen::MatrixXd a = Eigen::MatrixXd::Random(n, n), b = Eigen::MatrixXd::Random(n, n);
  Eigen::MatrixXd c(n, n);
  return 2.0 * n * n * n / seconds([&] { c.noalias() = a * b; });
}

template <Scalar S>
void array(const char* name, Index m, Index n, Index samples, bool into_row, bool scattered, double limit) {
  const auto kind = Registry<Kind>::find("conductance");
  GridPlan plan{.names = {"xb", m, n}, .where = {}, .row = {}, .column = {}, .into = {}, .sign = {}, .into_row = into_row, .into_column = true, .values = {}, .conductance = {}};
  plan.conductance.assign(static_cast<std::size_t>(m * n), 1e-6);
  for (Index i = 0; i < m; ++i) plan.row.line.push_back(1 + i);
  for (Index j = 0; j < n; ++j) plan.column.line.push_back(1 + m + j);
  if (scattered) std::swap(plan.row.line.front(), plan.column.line.back());
  const Grid grid(*kind, std::move(plan));
  const Block<S> x = Block<S>::Random(1 + m + n, samples);
  Block<S> f = Block<S>::Zero(1 + m + n, samples);
  const double time = seconds([&] { grid.add_rate(x, {}, f); });
  const double flops = 2.0 * static_cast<double>(m * n * samples) * (sizeof(S) / sizeof(double)) * (into_row ? 2 : 1);
  std::printf("%-58s %7.2f ms %7.1f GFLOP/s, %3.0f %% of a matrix product's\n", name, 1e3 * time, 1e-9 * flops / time, 100.0 * flops / time / limit);
}

}  // namespace

int main() {
  const double limit = product_rate();
  std::printf("matrix product 1024 x 1024 x 1024: %.1f GFLOP/s, one thread\n", 1e-9 * limit);
  array<double>("784 x 256, 256 samples, forward", 784, 256, 256, false, false, limit);
  array<double>("784 x 256, 256 samples, passive", 784, 256, 256, true, false, limit);
  array<double>("784 x 256, 256 samples, passive, nodes not in one piece", 784, 256, 256, true, true, limit);
  array<Complex>("784 x 256, 256 complex samples, forward", 784, 256, 256, false, false, limit);
  array<double>("256 x 10, 256 samples, passive", 256, 10, 256, true, false, limit);
}
