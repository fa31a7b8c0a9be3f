// Speed of solving along lines: wired arrays of n x n crossings, cells of 10 kohm to 1 Mohm, wires of 1 ohm per segment, rows driven and columns sensed at one
// end, against the direct ways. Times are of this process's processor, the best of several.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>

#include "sim/factorization.hpp"

using namespace settle;

namespace {

/// Seconds of the fastest of several runs.
template <class Work>
double seconds(int runs, Work work) {
  double best = 1e9;
  for (int run = 0; run < runs; ++run) {
    const std::clock_t start = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

double megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

template <Scalar S>
struct Crossbar {
  Pattern pattern;
  Vector<S> values, right;

  /// `back` scales what the rows feel of the columns: 1 is passive, 0 buffered. Cells are `cell` on average in the logarithm, a decade either way.
  Crossbar(int n, double cell, double back, S unit) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> decade(-1.0, 1.0);
    std::vector<S> g(static_cast<std::size_t>(n) * n), v;
    for (S& x : g) x = unit * cell * std::pow(10.0, decade(random));
    const int half = n * n;
    auto add = [&](int row, S value) {
      pattern.row.push_back(row);
      v.push_back(value);
    };
    pattern.size = 2 * half;
    for (int column = 0; column < 2 * half; ++column) {
      const bool is_row = column < half;
      const int k = column % half, i = k / n, j = k % n, along = is_row ? j : i, step = is_row ? 1 : n, ends = is_row ? along == n - 1 : along == 0;
      if (!is_row) add(k, -back * g[k]);
      if (along > 0) add(column - step, -unit);
      add(column, (2.0 - ends) * unit + (is_row ? back : 1.0) * g[k]);
      if (along < n - 1) add(column + step, -unit);
      if (is_row) add(column + half, -g[k]);
      pattern.start.push_back(static_cast<int>(pattern.row.size()));
    }
    values = Eigen::Map<Vector<S>>(v.data(), static_cast<Index>(v.size()));
    right = Vector<S>::Zero(pattern.size);
    for (int i = 0; i < n; ++i) right[i * n] = unit * (0.5 + 0.5 * decade(random));
    make_lines(n);
  }

  void make_lines(int n) {
    auto lines = std::make_shared<Lines>();
    for (int a = 0; a < n; ++a) {
      for (int b = 0; b < n; ++b) {
        lines->rows.unknown.push_back(a * n + b);
        lines->columns.unknown.push_back(n * n + b * n + a);
      }
      for (Lines::Family* family : {&lines->rows, &lines->columns}) family->start.push_back((a + 1) * n);
    }
    pattern.lines = lines;
  }
};

template <Scalar S>
void row(const char* what, int n, double cell, double back, S unit, Solver direct, int direct_up_to) {
  const Crossbar<S> array(n, cell, back, unit);
  const double before = megabytes();
  Factorization<S> lines(array.pattern, Solver::lines);
  const double first = seconds(1, [&] { lines.factor(array.values); });
  const int runs = n <= 256 ? 7 : 3;
  const double factor = seconds(runs, [&] { lines.factor(array.values); });
  Vector<S> x;
  const long iterations = lines.iterations();
  const double solve = seconds(runs, [&] {
    x = array.right;
    lines.solve(Eigen::Ref<Vector<S>>(x));
  });
  std::printf("%-22s %5d %9.1f %9.2f %9.2f %5ld %7.0f", what, n, 1e3 * first, 1e3 * factor, 1e3 * solve, (lines.iterations() - iterations) / runs,
              megabytes() - before);
  if (lines.used() != Solver::lines) std::printf("  gave up");
  if (n <= direct_up_to) {
    Factorization<S> other(array.pattern, direct);
    other.factor(array.values);
    const double other_factor = seconds(3, [&] { other.factor(array.values); });
    Vector<S> y;
    const double other_solve = seconds(3, [&] {
      y = array.right;
      other.solve(Eigen::Ref<Vector<S>>(y));
    });
    std::printf(" %10.2f %8.2f %7.1f %7.1f  %.1e", 1e3 * other_factor, 1e3 * other_solve, (other_factor + other_solve) / (factor + solve),
                (other_factor + 6.0 * other_solve) / (factor + 6.0 * solve), (x - y).norm() / y.norm());
  }
  std::puts("");
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
  const int top = count > 1 ? std::stoi(words[1]) : 1024;
  std::puts("                           n  first ms factor ms  solve ms  its      MB  direct ms solve ms ratio, with 6 solves, difference");
  for (int n = 16; n <= top; n *= 2) row<double>("passive", n, 1e-5, 1.0, 1.0, Solver::ldlt, 256);
  for (int n = 64; n <= top; n *= 4) row<double>("passive, cells 1k", n, 1e-3, 1.0, 1.0, Solver::ldlt, 64);
  for (int n = 64; n <= top; n *= 4) row<double>("passive, cells 10 ohm", n, 1e-1, 1.0, 1.0, Solver::ldlt, 64);
  for (int n = 16; n <= top; n *= 2) row<double>("back 0.5", n, 1e-5, 0.5, 1.0, Solver::klu, 128);
  for (int n = 64; n <= top; n *= 4) row<double>("buffered", n, 1e-5, 0.0, 1.0, Solver::klu, 128);
  for (int n = 16; n <= top; n *= 2) row<Complex>("complex", n, 1e-5, 1.0, {1.0, 0.3}, Solver::klu, 128);
  for (int n = 64; n <= top; n *= 4) row<Complex>("complex, back 0.5", n, 1e-5, 0.5, {1.0, 0.3}, Solver::klu, 64);
}
