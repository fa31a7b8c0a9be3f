// Rates of a Grid: two matrix products where both sides are ideal lines, otherwise a loop over crossings.
#include "devices/grid.hpp"

#include <algorithm>
#include <mutex>

namespace settle {
namespace {

using Real = Block<double>;
using View = Eigen::Map<const Real>;

/// Consecutive rows are used where they lie.
bool consecutive(const std::vector<Index>& rows) {
  for (std::size_t k = 1; k < rows.size(); ++k)
    if (rows[k] != rows[0] + static_cast<Index>(k)) return false;
  return true;
}

/// The rows as a real matrix, a complex sample as two columns: conductances are real.
template <Scalar S>
class Gathered {
 public:
  Gathered(const Block<S>& x, const std::vector<Index>& rows) : count_(static_cast<Index>(rows.size())), width_(x.cols() * (sizeof(S) / sizeof(double))) {
    const double* data = reinterpret_cast<const double*>(x.data());
    if (consecutive(rows)) {
      start_ = data + rows[0] * width_;
      return;
    }
    copy_.resize(count_, width_);
    for (Index k = 0; k < count_; ++k) std::copy_n(data + rows[static_cast<std::size_t>(k)] * width_, width_, copy_.row(k).data());
    start_ = copy_.data();
  }
  View view() const { return View(start_, count_, width_); }

 private:
  Index count_, width_;
  Real copy_;
  const double* start_;
};

template <Scalar S>
void scatter(const Real& currents, const std::vector<Index>& rows, const std::vector<double>& sign, double all, Block<S>& f) {
  double* data = reinterpret_cast<double*>(f.data());
  const Index width = currents.cols();
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const double times = sign.empty() ? all : all * sign[k];
    double* to = data + rows[k] * width;
    const double* from = currents.data() + static_cast<Index>(k) * width;
    for (Index s = 0; s < width; ++s) to[s] += times * from[s];
  }
}

}  // namespace

Grid::Grid(const Kind& kind, GridPlan plan) : kind_(kind), plan_(std::move(plan)), g_field_(kind.field_index(kind.weight)) {
  if (const auto m = plan_.values.find("m"); m != plan_.values.end()) parallel_ = m->second;
  g_ = parallel_ * Eigen::Map<const Real>(plan_.conductance.data(), plan_.names.rows, plan_.names.columns);
  plan_.conductance = {};
}

void Grid::sum_up() const {
  if (summed_up_) return;
  static std::mutex one;  // several threads may ask first
  const std::lock_guard lock(one);
  if (summed_up_) return;
  of_row_ = g_.rowwise().sum();
  of_column_ = g_.colwise().sum().transpose();
  summed_up_ = true;
}

template <Scalar S>
void Grid::rate(const Block<S>& x, Block<S>& f) const {
  if (ideal())
    products(x, f);
  else
    crossing_by_crossing(x, f);
}

template <Scalar S>
void Grid::products(const Block<S>& x, Block<S>& f) const {
  const Gathered<S> row(x, plan_.row.line), column(x, plan_.column.line);
  const bool grounded = plan_.column.line.front() == Rows::ground;  // a virtual ground: all columns at 0 V
  if (plan_.into_row || !grounded) sum_up();
  if (plan_.into_column) {
    Real current(g_.cols(), row.view().cols());
    current.noalias() = g_.transpose() * row.view();
    if (!grounded) current.noalias() -= of_column_.asDiagonal() * column.view();
    scatter<S>(current, plan_.into.empty() ? plan_.column.line : plan_.into, plan_.sign, 1.0, f);
  }
  if (plan_.into_row) {
    Real current(g_.rows(), row.view().cols());
    current.noalias() = of_row_.asDiagonal() * row.view();
    if (!grounded) current.noalias() -= g_ * column.view();
    scatter<S>(current, plan_.row.line, {}, -1.0, f);
  }
}

template <Scalar S>
void Grid::crossing_by_crossing(const Block<S>& x, Block<S>& f) const {
  const Index samples = x.cols();
  for (Index k = 0; k < g_.size(); ++k) {
    const double g = g_.data()[k], column_sign = sign_of(k);
    const Index row = row_of(k), column = column_of(k), into = into_of(k);
    const S *vr = x.data() + row * samples, *vc = x.data() + column * samples;
    S *fr = f.data() + row * samples, *fc = f.data() + into * samples;
    for (Index s = 0; s < samples; ++s) {
      const S i = g * (vr[s] - vc[s]);
      if (plan_.into_row) fr[s] -= i;
      if (plan_.into_column) fc[s] += column_sign * i;
    }
  }
}

template <Scalar S>
void Grid::jacobian(Stamps<S>& J) const {
  for (Index k = 0; k < g_.size(); ++k) {
    const double g = g_.data()[k], signed_g = g * sign_of(k);
    const Index row = row_of(k), column = column_of(k), into = into_of(k);
    if (plan_.into_row) {
      J.add(row, row, S(-g));
      J.add(row, column, S(g));
    }
    if (plan_.into_column) {
      J.add(into, row, S(signed_g));
      J.add(into, column, S(-signed_g));
    }
  }
}

void Grid::add_rate(const Block<double>& x, const Moment&, Block<double>& f) const { rate(x, f); }
void Grid::add_rate(const Block<Complex>& x, const Moment&, Block<Complex>& f) const { rate(x, f); }
void Grid::add_jacobian(const Block<double>&, const Moment&, Stamps<double>& J) const { jacobian(J); }
void Grid::add_jacobian(const Block<Complex>&, const Moment&, Stamps<Complex>& J) const { jacobian(J); }

template <Scalar S>
bool Grid::pullback(std::size_t field, const Block<S>& x, const Block<S>& lambda, S* gradient) const {
  if (field != g_field_) return false;
  if (ideal()) return pullback_of_lines(x, lambda, gradient), true;
  const Index samples = x.cols();
  for (Index k = 0; k < g_.size(); ++k) {
    const S *vr = x.data() + row_of(k) * samples, *vc = x.data() + column_of(k) * samples;
    const S *lr = lambda.data() + row_of(k) * samples, *lc = lambda.data() + into_of(k) * samples;
    const double to_row = plan_.into_row ? -parallel_ : 0.0, to_column = plan_.into_column ? parallel_ * sign_of(k) : 0.0;
    S sum(0.0);
    for (Index s = 0; s < samples; ++s) sum += (to_row * lr[s] + to_column * lc[s]) * (vr[s] - vc[s]);
    gradient[k] += sum;
  }
  return true;
}

/// On ideal lines sum_s (c_j - l_i)(v_i - u_j), l and v of the row, c what arrives from the column, u its voltage: products over all samples.
template <Scalar S>
void Grid::pullback_of_lines(const Block<S>& x, const Block<S>& lambda, S* gradient) const {
  const Index rows = g_.rows(), columns = g_.cols();
  const auto gathered = [&](Index count, const auto& row_at, const Block<S>& from) {
    Block<S> all(count, from.cols());
    for (Index k = 0; k < count; ++k) all.row(k) = from.row(row_at(k));
    return all;
  };
  const auto first_of_row = [&](Index i) { return row_of(i * columns); };
  Eigen::Map<Block<S>> g(gradient, rows, columns);
  const bool grounded = plan_.column.line.front() == Rows::ground;
  const Block<S> v = gathered(rows, first_of_row, x);
  const Block<S> u = grounded ? Block<S>() : gathered(columns, [&](Index j) { return column_of(j); }, x);
  if (plan_.into_column) {
    Block<S> arriving = gathered(columns, [&](Index j) { return into_of(j); }, lambda);
    for (Index j = 0; j < columns; ++j) arriving.row(j) *= parallel_ * sign_of(j);
    g.noalias() += v * arriving.transpose();
    if (!grounded) g.rowwise() -= arriving.cwiseProduct(u).rowwise().sum().transpose();
  }
  if (plan_.into_row) {
    const Block<S> leaving = parallel_ * gathered(rows, first_of_row, lambda);
    g.colwise() -= leaving.cwiseProduct(v).rowwise().sum();
    if (!grounded) g.noalias() += leaving * u.transpose();
  }
}

template bool Grid::pullback(std::size_t, const Block<double>&, const Block<double>&, double*) const;
template bool Grid::pullback(std::size_t, const Block<Complex>&, const Block<Complex>&, Complex*) const;

void Grid::add_noise(const Block<double>&, const Moment&, const Environment& environment, std::vector<NoiseSource>& sources) const {
  const double per_siemens = 4.0 * boltzmann * environment.temperature;
  for (Index k = 0; k < g_.size(); ++k)
    if (const double g = g_.data()[k]; g > 0.0)
      sources.push_back({.device = k, .what = "thermal", .from = row_of(k), .to = into_of(k), .density = per_siemens * g,
                         .out = plan_.into_row ? 1.0 : 0.0, .in = plan_.into_column ? sign_of(k) : 0.0});
}

std::vector<Quantity> Grid::quantities(Index) const { return {{"i", "A", "current from row to column"}, {"p", "W", "power taken up"}}; }

double Grid::observe(Index k, std::size_t quantity, const Solution<double>& at, Index sample) const {
  const double v = drop(k, at.x(), sample);
  return g_.data()[k] * v * (quantity == 0 ? 1.0 : v);
}

Complex Grid::observe(Index k, std::size_t quantity, const Solution<Complex>& at, Index sample) const {
  const Complex v = drop(k, at.x(), sample);
  return g_.data()[k] * v * (quantity == 0 ? 1.0 : v);
}

Complex Grid::observe_small(Index k, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const {
  return g_.data()[k] * drop(k, small.x(), 0) * (quantity == 0 ? 1.0 : 2.0 * drop(k, rest.x(), 0));
}

double Grid::field(Index k, std::size_t field) const {
  if (field == g_field_) return g_.data()[k] / parallel_;
  const auto shared = plan_.values.find(kind_.fields[field].name);
  return shared == plan_.values.end() ? kind_.fields[field].initial : shared->second;
}

void Grid::set_field(Index k, std::size_t field, double value) {
  if (field != g_field_)
    throw Error(Fault::usage, "'" + kind_.fields[field].name + "' is the same for all devices of the array of '" + name(k) + "'; set it on the array's card");
  const Index i = k / g_.cols(), j = k % g_.cols();
  g_(i, j) = value * parallel_;
  summed_up_ = false;
}

void Grid::set_fields(std::size_t field, std::span<const double> values) {
  if (field != g_field_) return Element::set_fields(field, values);
  g_ = parallel_ * Eigen::Map<const Real>(values.data(), g_.rows(), g_.cols());
  summed_up_ = false;
}

}  // namespace settle
