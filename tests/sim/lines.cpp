// Solving along lines: every sort of wired array against LU, and every way an iteration may fail.
#include <catch2/catch.hpp>

#include "sim/factorization.hpp"
#include "tests/support/line_grid.hpp"

using namespace settle;

namespace {

template <Scalar S>
S siemens(double g) {
  if constexpr (std::same_as<S, double>)
    return g;
  else
    return g * Complex(1.0, 0.3);
}

template <Scalar S>
using Grid = LineGrid<S>;
template <Scalar S>
using Array = typename LineGrid<S>::Array;

/// Each crossing sends a current into its column and takes another one from its row.
template <Scalar S>
void pairs(Grid<S>& grid, const Array<S>& array, double forward, double back) {
  for (int k = 0; k < array.m * array.n; ++k) {
    const int r = array.row[k], c = array.column[k];
    const S there = siemens<S>(forward * grid.scatter()), here = siemens<S>(back * grid.scatter());
    if (forward > 0.0) grid.current(-1, c, r, c, there);
    if (back > 0.0) grid.current(-1, r, c, r, here);
  }
}

/// A selector in series with each cell: a node per crossing; `gain` makes it depend on the row's voltage.
template <Scalar S>
void selected(Grid<S>& grid, const Array<S>& array, double gain) {
  for (int k = 0; k < array.m * array.n; ++k) {
    const int m = grid.unknown();
    grid.conductance(array.row[k], m, siemens<S>(1e-4 * grid.scatter()));
    grid.conductance(m, array.column[k], siemens<S>(1e-3));
    if (gain > 0.0) grid.current(m, array.column[k], array.row[k], m, siemens<S>(gain));
  }
}

/// Two states per crossing, coupled with each other; the first moves with the crossing's voltage and changes its current.
template <Scalar S>
void states(Grid<S>& grid, const Array<S>& array) {
  for (int k = 0; k < array.m * array.n; ++k) {
    const int x = grid.unknown(), y = grid.unknown(), r = array.row[k], c = array.column[k];
    grid.conductance(r, c, siemens<S>(1e-4 * grid.scatter()));
    grid.add(x, x, siemens<S>(1e9));
    grid.add(y, y, siemens<S>(2e9));
    grid.add(x, y, siemens<S>(3e7));
    grid.add(y, x, siemens<S>(-5e7));
    grid.add(x, r, siemens<S>(2e5 * grid.scatter()));
    grid.add(x, c, siemens<S>(-2e5));
    grid.add(r, x, siemens<S>(1e-4 * grid.scatter()));
    grid.add(c, x, siemens<S>(-1e-4));
  }
}

/// Capacitances between neighbouring wires, as conductances of one step of time.
template <Scalar S>
void neighbours(Grid<S>& grid, const Array<S>& array, bool rows, bool columns) {
  for (int i = 0; i < array.m; ++i)
    for (int j = 0; j < array.n; ++j) {
      const int k = i * array.n + j;
      if (rows && i) grid.conductance(array.row[k], array.row[k - array.n], siemens<S>(1e-3));
      if (columns && j) grid.conductance(array.column[k], array.column[k - 1], siemens<S>(2e-3));
    }
}

/// The columns end in a common node behind amplifiers and a voltage source; the rows begin at drivers that see it.
template <Scalar S>
void surroundings(Grid<S>& grid, const Array<S>& array, double feedback) {
  const int common = grid.unknown(), supply = grid.unknown(), current = grid.unknown();
  for (int j = 0; j < array.n; ++j) {
    const int end = grid.unknown();
    grid.conductance(end, array.column[(array.m - 1) * array.n + j], siemens<S>(1.0));
    grid.conductance(end, common, siemens<S>(1e-3));
    grid.conductance(end, -1, siemens<S>(1e-4));
  }
  for (int i = 0; i < array.m; ++i) {
    const int start = grid.unknown();
    grid.conductance(start, array.row[i * array.n], siemens<S>(0.5));
    grid.conductance(start, supply, siemens<S>(0.1));
    if (feedback > 0.0) grid.current(start, -1, common, -1, siemens<S>(feedback));
  }
  grid.conductance(common, -1, siemens<S>(1e-2));
  grid.conductance(supply, common, siemens<S>(1e-3));
  for (auto [row, column] : {std::pair{supply, current}, std::pair{current, supply}}) grid.add(row, column, S(1.0));
}

/// The largest difference of the two ways relative to the largest value, with one and several right sides, transposed or not.
template <Scalar S>
double difference(Grid<S>& grid) {
  grid.finish();
  Factorization<S> lines(grid.pattern, Solver::lines), klu(grid.pattern, Solver::klu);
  lines.factor(grid.values);
  klu.factor(grid.values);
  double worst = 0.0;
  for (bool transposed : {false, true}) {
    Block<S> b = Block<S>::Random(grid.pattern.size, 3), x = b, y = b;
    transposed ? lines.solve_transposed(x) : lines.solve(x);
    transposed ? klu.solve_transposed(y) : klu.solve(y);
    CHECK(lines.used() == Solver::lines);
    for (Index k = 0; k < 3; ++k) worst = std::max(worst, (x.col(k) - y.col(k)).cwiseAbs().maxCoeff() / y.col(k).cwiseAbs().maxCoeff());
  }
  return worst;
}

}  // namespace

// Condition numbers lie below 1e5 (wires of 1 S in chains of at most 40, ends of 1 S): 1e-10 is ten thousand roundings more than LU leaves.
TEMPLATE_TEST_CASE("passive arrays of any shape are solved along their lines as by LU", "[sim][lines]", double, Complex) {
  using S = TestType;
  for (auto [m, n] : {std::pair{1, 1}, {1, 7}, {7, 1}, {2, 3}, {16, 16}, {17, 9}, {9, 31}, {40, 24}}) {
    INFO(m << " x " << n);
    Grid<S> grid;
    const Array<S> array = grid.wires(m, n, siemens<S>(1.0));
    grid.cells(array, siemens<S>(1e-3));
    CHECK(difference(grid) < 1e-10);
  }
}

TEMPLATE_TEST_CASE("crossings that are not reciprocal are solved along their lines as by LU", "[sim][lines]", double, Complex) {
  using S = TestType;
  for (auto [forward, back] : {std::pair{1e-3, 0.0}, {0.0, 1e-3}, {1e-3, 1e-4}}) {
    INFO("forward " << forward << " S, back " << back << " S");
    Grid<S> grid;
    pairs(grid, grid.wires(20, 13, siemens<S>(1.0)), forward, back);
    CHECK(difference(grid) < 1e-10);
  }
}

TEMPLATE_TEST_CASE("unknowns of one crossing are eliminated there", "[sim][lines]", double, Complex) {
  using S = TestType;
  for (int sort : {0, 1, 2}) {
    INFO("0 selectors, 1 selectors with gain, 2 states: " << sort);
    Grid<S> grid;
    const Array<S> array = grid.wires(12, 19, siemens<S>(1.0));
    sort == 2 ? states(grid, array) : selected(grid, array, sort * 3e-4);
    CHECK(difference(grid) < 1e-10);
  }
}

TEMPLATE_TEST_CASE("wires coupled with their neighbours are solved along their lines as by LU", "[sim][lines]", double, Complex) {
  using S = TestType;
  for (auto [rows, columns] : {std::pair{true, false}, {false, true}, {true, true}})
    for (double back : {0.0, 1e-3}) {
      INFO("rows " << rows << " columns " << columns << " back " << back);
      Grid<S> grid;
      const Array<S> array = grid.wires(14, 11, siemens<S>(1.0));
      back > 0.0 ? pairs(grid, array, 1e-3, back) : grid.cells(array, siemens<S>(1e-3));
      neighbours(grid, array, rows, columns);
      CHECK(difference(grid) < 1e-10);
    }
}

TEMPLATE_TEST_CASE("what lies outside of lines is solved with them", "[sim][lines]", double, Complex) {
  using S = TestType;
  for (double feedback : {0.0, 1e-3}) {
    INFO("feedback " << feedback << " S");
    Grid<S> grid;
    const Array<S> array = grid.wires(15, 10, siemens<S>(1.0));
    grid.cells(array, siemens<S>(1e-3));
    surroundings(grid, array, feedback);
    CHECK(difference(grid) < 1e-10);
  }
}

TEMPLATE_TEST_CASE("two arrays one behind the other are solved together", "[sim][lines]", double, Complex) {
  using S = TestType;
  Grid<S> grid;
  const Array<S> first = grid.wires(12, 9, siemens<S>(1.0)), second = grid.wires(9, 14, siemens<S>(0.5));
  grid.cells(first, siemens<S>(1e-3));
  pairs(grid, second, 1e-3, 2e-3);
  for (int j = 0; j < first.n; ++j)
    grid.current(-1, second.row[j * second.n], first.column[(first.m - 1) * first.n + j], -1, siemens<S>(1e-2));
  CHECK(difference(grid) < 1e-10);
}

TEMPLATE_TEST_CASE("lines without resistance are chains of one", "[sim][lines]", double, Complex) {
  using S = TestType;
  for (bool swapped : {false, true}) {
    Grid<S> grid;
    const int m = 13, n = 17;
    std::vector<int> rows, columns;
    for (int i = 0; i < m; ++i) rows.push_back(grid.unknown());
    for (int k = 0; k < m * n; ++k) columns.push_back(grid.unknown());
    Lines::Family& single = swapped ? grid.lines.columns : grid.lines.rows;
    Lines::Family& wired = swapped ? grid.lines.rows : grid.lines.columns;
    for (int i = 0; i < m; ++i) {
      single.unknown.push_back(rows[i]);
      single.start.push_back(i + 1);
      grid.conductance(rows[i], -1, siemens<S>(1e-2));
    }
    for (int j = 0; j < n; ++j) {
      for (int i = 0; i < m; ++i) {
        const int c = columns[i * n + j];
        wired.unknown.push_back(c);
        grid.conductance(c, rows[i], siemens<S>(1e-3 * grid.scatter()));
        grid.conductance(c, i ? columns[(i - 1) * n + j] : -1, siemens<S>(1.0));
      }
      wired.start.push_back(static_cast<int>(wired.unknown.size()));
    }
    CHECK(difference(grid) < 1e-10);
  }
}

TEST_CASE("where cells conduct well a coarse grid keeps iterations from growing with the array", "[sim][lines]") {
  std::vector<long> iterations;
  for (int n : {40, 80}) {
    Grid<double> grid;
    grid.cells(grid.wires(n, n, 1.0), 0.1);
    grid.finish();
    Factorization<double> lines(grid.pattern, Solver::lines), ldlt(grid.pattern, Solver::ldlt);
    lines.factor(grid.values);
    ldlt.factor(grid.values);
    Vector<double> b = Vector<double>::Zero(grid.pattern.size);
    b[0] = 1.0;
    Vector<double> x = b, y = b;
    lines.solve(Eigen::Ref<Vector<double>>(x));
    ldlt.solve(Eigen::Ref<Vector<double>>(y));
    CHECK(lines.used() == Solver::lines);
    CHECK((x - y).norm() < 1e-10 * y.norm());
    iterations.push_back(lines.iterations());
  }
  CHECK(static_cast<double>(iterations[1]) < 1.3 * static_cast<double>(iterations[0]));  // without: 1.9 times, in proportion to n
}

TEST_CASE("a symmetric matrix that is not positive definite is left to LU", "[sim][lines]") {
  Grid<double> grid;
  const Array<double> array = grid.wires(30, 30, 1.0);
  grid.cells(array, 1e-3);
  for (int i = 0; i < 30; ++i) grid.conductance(array.row[i * 30 + 7], -1, -3.0);
  grid.finish();
  Factorization<double> f(grid.pattern);
  f.factor(grid.values);
  const Vector<double> x = Vector<double>::Random(grid.pattern.size);
  Vector<double> b = grid.times(x);
  f.solve(Eigen::Ref<Vector<double>>(b));
  CHECK(f.used() == Solver::klu);
  CHECK(f.gave_up() == 1);
  CHECK((grid.times(b) - grid.times(x)).norm() < 1e-11 * grid.times(x).norm());
}

TEST_CASE("an array that floats is singular and says so, whichever way is tried first", "[sim][lines]") {
  Grid<double> grid;
  const Array<double> array = grid.wires(24, 24, 1.0);
  grid.cells(array, 1e-3);
  for (int k = 0; k < 24; ++k) {
    grid.conductance(array.row[k * 24], -1, -1.0);
    grid.conductance(array.column[23 * 24 + k], -1, -1.0);
  }
  grid.finish();
  Factorization<double> f(grid.pattern);
  Vector<double> b = Vector<double>::Zero(grid.pattern.size);
  b[5] = 1.0;  // no solution: the currents do not sum to zero
  bool thrown = false;
  try {
    f.factor(grid.values);
    f.solve(Eigen::Ref<Vector<double>>(b));
  } catch (const SingularMatrix&) {
    thrown = true;
  }
  // LU may also meet a pivot of rounding size instead of zero; then the solution is as large as that pivot is small.
  CHECK((thrown || b.cwiseAbs().maxCoeff() > 1e9));
}

TEST_CASE("the lines of small arrays are left to direct methods, those of large ones are used", "[sim][lines]") {
  for (auto [n, way] : {std::pair{8, Solver::klu}, {40, Solver::lines}}) {
    Grid<double> grid;
    grid.cells(grid.wires(n, n, 1.0), 1e-3);
    grid.finish();
    Factorization<double> f(grid.pattern);
    f.factor(grid.values);
    CHECK(f.used() == way);
  }
}
