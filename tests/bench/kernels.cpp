// What a relaxation of many samples is made of: logistic functions in bulk against std::, and packed products against Eigen's, in single and double
// precision. Prints times and ratios: activities are bound by arithmetic (about 20 operations each), products by the machine's rate of multiplications.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <vector>

#include "sim/logistic.hpp"
#include "sim/panels.hpp"

using namespace settle;

namespace {

/// Best of many, in ns.
template <class Act>
double best(Act act) {
  double least = 1e300;
  for (int n = 0; n < 300; ++n) {
    const auto start = std::chrono::steady_clock::now();
    act();
    least = std::min(least, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  return least;
}

template <class Real>
void activities(const char* name) {
  constexpr Index count = 2048;
  std::vector<Real> x(count), y(count), s(count), t(count);
  for (Index k = 0; k < count; ++k) x[k] = Real(0.003) * static_cast<Real>(k) - Real(3.0), y[k] = Real(0.7);
  const double real = best([&] { logistic(x.data(), s.data(), count); }) / count;
  const double complex = best([&] { logistic(x.data(), y.data(), s.data(), t.data(), count); }) / count;
  const double plain = best([&] {
    for (Index k = 0; k < count; ++k) s[k] = Real(1.0) / (Real(1.0) + std::exp(-x[k]));
  }) / count;
  const double plain_complex = best([&] {
    for (Index k = 0; k < count; ++k) {
      const std::complex<Real> z = Real(1.0) / (Real(1.0) + std::exp(-std::complex<Real>(x[k], y[k])));
      s[k] = z.real(), t[k] = z.imag();
    }
  }) / count;
  fmt::print("logistic, {}: real {:.2f} ns, std {:.2f} ns, {:.1f}x; complex {:.2f} ns, std {:.1f} ns, {:.1f}x\n", name, real, plain, plain / real, complex, plain_complex, plain_complex / complex);
}

template <class Real>
void products(const char* name, Index rows, Index columns, Index width) {
  using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Matrix W = Matrix::Random(rows, columns), x = Matrix::Random(columns, width);
  Matrix y(rows, width);
  Panels<Real> panels(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) panels(i, j) = W(i, j);
  const double flops = 2.0 * static_cast<double>(rows * columns * width);
  const double packed = flops / best([&] { panels.multiply(x.data(), y.data(), width); });
  const double eigen = flops / best([&] { y.noalias() = W * x; });
  fmt::print("{} x {} times {} columns, {}: packed {:.0f} GFLOP/s, Eigen {:.0f}, {:.2f}x\n", rows, columns, width, name, packed, eigen, packed / eigen);
}

}  // namespace

int main() {
  activities<double>("double");
  activities<float>("single");
  for (const Index width : {32, 64}) {
    products<double>("double", 10, 256, width), products<double>("double", 256, 256, width), products<double>("double", 256, 784, width);
    products<float>("single", 10, 256, width), products<float>("single", 256, 256, width), products<float>("single", 256, 784, width);
  }
}
