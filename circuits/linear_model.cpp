// Reduction of M x' = J x + b. Where rows of M depend on each other (a floating capacitor gives its two nodes one charge), sums of rows are
// algebraic. With the independent rows of M x as states z, W = [M_independent; (algebraic sums) J] gives x = W^-1 [z; -(sums of b)].
#include "circuits/linear_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "circuits/sparse_scaling.hpp"

namespace settle {
namespace {

constexpr double rank_threshold = 1e-12;  // of rows scaled to one: capacitances are stored with 16 digits, sums of them with fewer
constexpr double singular_below = 1e-14;  // reciprocal condition of W, rows and columns scaled to one

/// Sets of rows of M that share columns.
std::vector<std::vector<Index>> connected_rows(const std::vector<MatrixEntry>& mass, Index size) {
  std::vector<Index> parent(static_cast<std::size_t>(2 * size));  // rows, then columns
  std::iota(parent.begin(), parent.end(), Index{0});
  const auto root = [&](Index k) {
    while (parent[static_cast<std::size_t>(k)] != k) k = parent[static_cast<std::size_t>(k)] = parent[static_cast<std::size_t>(parent[static_cast<std::size_t>(k)])];
    return k;
  };
  for (const MatrixEntry& m : mass) parent[static_cast<std::size_t>(root(m.row))] = root(size + m.column);
  std::map<Index, std::vector<Index>> sets;
  for (Index row = 0; row < size; ++row)
    if (root(row) != row || parent[static_cast<std::size_t>(row)] != row) sets[root(row)].push_back(row);
  std::vector<std::vector<Index>> rows;
  for (auto& [key, set] : sets) rows.push_back(std::move(set));
  return rows;
}

/// Powers of two that even out rows and columns (Parlett and Reinsch 1969, doi:10.1007/BF02165404).
Eigen::VectorXd balance(Eigen::MatrixXd& A) {
  Eigen::VectorXd scale = Eigen::VectorXd::Ones(A.rows());
  bool moved = true;
  for (int pass = 0; moved && pass < 100; ++pass) {
    moved = false;
    for (Index i = 0; i < A.rows(); ++i) {
      const double diagonal = std::abs(A(i, i));
      const double column = A.col(i).lpNorm<1>() - diagonal, row = A.row(i).lpNorm<1>() - diagonal;
      if (!(column > 0.0 && row > 0.0)) continue;
      const double factor = std::exp2(std::round(0.5 * std::log2(row / column)));
      if ((column * factor + row / factor) >= 0.95 * (column + row)) continue;
      A.col(i) *= factor;
      A.row(i) /= factor;
      scale[i] *= factor;
      moved = true;
    }
  }
  return scale;
}

}  // namespace

class LinearModelMaker {
 public:
  LinearModelMaker(const Dynamics<double>& dynamics, const LinearModelOptions& options) : dynamics_(dynamics), options_(options), size_(dynamics.size()) {}

  LinearModel make(const Block<double>& x, double t) {
    read(x, t);
    split();
    require_size();
    factor();
    reduce();
    return std::move(model_);
  }

 private:
  bool held(Index unknown) const {
    const Rows& rows = dynamics_.circuit().rows();
    return options_.hold_memory && rows.kind_of(rows.fixed_count() + unknown).memory;
  }

  void read(const Block<double>& x, double t) {
    Vector<double> J;
    dynamics_.jacobian(x, t, 0, J);
    const Pattern& p = dynamics_.pattern();
    for (Index j = 0; j < size_; ++j)
      for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) {
        const Index i = p.row[static_cast<std::size_t>(k)];
        if (held(i)) {
          if (i == j) jacobian_.push_back({i, j, -1.0});
          continue;
        }
        if (J[k] != 0.0) jacobian_.push_back({i, j, J[k]});
        if (dynamics_.mass()[k] != 0.0 && !held(j)) mass_.push_back({i, j, dynamics_.mass()[k]});
      }
  }

  /// Into independent rows of M and sums of rows that have no mass.
  void split() {
    std::vector<bool> massless(static_cast<std::size_t>(size_), true);
    for (const MatrixEntry& m : mass_) massless[static_cast<std::size_t>(m.row)] = false;
    for (Index row = 0; row < size_; ++row)
      if (massless[static_cast<std::size_t>(row)]) add_constraint(row, {{row, 1.0}});
    std::vector<std::vector<const MatrixEntry*>> of_row(static_cast<std::size_t>(size_));
    for (const MatrixEntry& m : mass_) of_row[static_cast<std::size_t>(m.row)].push_back(&m);
    for (const std::vector<Index>& rows : connected_rows(mass_, size_)) {
      if (rows.size() == 1)
        model_.charge_of.push_back(rows[0]);
      else
        split(rows, of_row);
    }
    std::sort(model_.charge_of.begin(), model_.charge_of.end());
  }

  /// The same among rows that share columns.
  void split(const std::vector<Index>& rows, const std::vector<std::vector<const MatrixEntry*>>& of_row) {
    std::map<Index, Index> column;
    std::vector<MatrixEntry> entries;
    for (std::size_t k = 0; k < rows.size(); ++k)
      for (const MatrixEntry* m : of_row[static_cast<std::size_t>(rows[k])]) {
        const Index at = column.emplace(m->column, static_cast<Index>(column.size())).first->second;
        entries.push_back({static_cast<Index>(k), at, m->value});
      }
    const Index n = static_cast<Index>(rows.size());
    const Scaling scaling(entries, n, static_cast<Index>(column.size()));
    Eigen::MatrixXd transposed = Eigen::MatrixXd::Zero(static_cast<Index>(column.size()), n);
    for (const MatrixEntry& m : entries) transposed(m.column, m.row) += scaling.row[m.row] * m.value * scaling.column[m.column];
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(transposed);
    qr.setThreshold(rank_threshold);
    const Index rank = qr.rank();
    const auto pivot = [&](Index k) { return qr.colsPermutation().indices()[k]; };
    for (Index k = 0; k < rank; ++k) model_.charge_of.push_back(rows[static_cast<std::size_t>(pivot(k))]);
    if (rank == n) return;
    const Eigen::MatrixXd shares = qr.matrixR().topLeftCorner(rank, rank).triangularView<Eigen::Upper>().solve(qr.matrixR().topRightCorner(rank, n - rank));
    for (Index d = rank; d < n; ++d) {
      const Index dependent = pivot(d);
      LinearModel::Combination sum{{rows[static_cast<std::size_t>(dependent)], 1.0}};
      for (Index k = 0; k < rank; ++k) {
        const double share = shares(k, d - rank);
        if (std::abs(share) > rank_threshold) sum.emplace_back(rows[static_cast<std::size_t>(pivot(k))], -share * scaling.row[pivot(k)] / scaling.row[dependent]);
      }
      add_constraint(rows[static_cast<std::size_t>(dependent)], std::move(sum));
    }
  }

  void add_constraint(Index row, LinearModel::Combination sum) {
    model_.constraint_row_.push_back(row);
    model_.constraint_.push_back(std::move(sum));
  }

  void require_size() const {
    const auto states = static_cast<Index>(model_.charge_of.size());
    if (states <= options_.most_states && states * size_ <= 100'000'000) return;
    throw Error(Fault::simulation, fmt::format("{} works on dense matrices of the circuit's states (node charges, inductor fluxes); here are {} states in {} unknowns, "
                                               "and {} states, or 1e8 states times unknowns, is the most; leave out capacitances that do not matter, such as "
                                               "those of wires (cwire), or take a smaller array", options_.purpose, states, size_, options_.most_states));
  }

  /// W, with an independent row of M or a constraint's sum of rows of J in the place of each row.
  std::vector<MatrixEntry> stacked() const {
    std::vector<char> independent(static_cast<std::size_t>(size_), 0);
    for (Index row : model_.charge_of) independent[static_cast<std::size_t>(row)] = 1;
    std::vector<std::vector<std::pair<Index, double>>> goes_to(static_cast<std::size_t>(size_));
    for (std::size_t c = 0; c < model_.constraint_.size(); ++c)
      for (const auto& [row, factor] : model_.constraint_[c]) goes_to[static_cast<std::size_t>(row)].emplace_back(model_.constraint_row_[c], factor);
    std::map<std::pair<Index, Index>, double> sums;  // column, row
    for (const MatrixEntry& m : mass_)
      if (independent[static_cast<std::size_t>(m.row)]) sums[{m.column, m.row}] += m.value;
    for (const MatrixEntry& j : jacobian_)
      for (const auto& [row, factor] : goes_to[static_cast<std::size_t>(j.row)]) sums[{j.column, row}] += factor * j.value;
    for (Index k = 0; k < size_; ++k) sums.try_emplace({k, k}, 0.0);
    std::vector<MatrixEntry> entries;
    for (const auto& [place, value] : sums) entries.push_back({place.second, place.first, value});
    return entries;
  }

  void factor() {
    const std::vector<MatrixEntry> entries = stacked();
    const Scaling scaling(entries, size_, size_);
    model_.row_scale_ = scaling.row;
    model_.column_scale_ = scaling.column;
    model_.pattern_ = std::make_shared<Pattern>();
    Pattern& pattern = *model_.pattern_;
    pattern.size = size_;
    pattern.start.assign(static_cast<std::size_t>(size_) + 1, 0);
    Vector<double> values(static_cast<Index>(entries.size()));
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const MatrixEntry& e = entries[k];
      pattern.row.push_back(static_cast<int>(e.row));
      pattern.start[static_cast<std::size_t>(e.column) + 1] = static_cast<int>(k) + 1;
      values[static_cast<Index>(k)] = scaling.row[e.row] * e.value * scaling.column[e.column];
    }
    for (std::size_t k = 1; k < pattern.start.size(); ++k) pattern.start[k] = std::max(pattern.start[k], pattern.start[k - 1]);
    model_.factors_ = std::make_shared<Factorization<double>>(pattern);
    try {
      model_.factors_->factor(values);
    } catch (const SingularMatrix& e) {
      refuse_index(e.unknown());
    }
    require_regular();
  }

  /// Power iteration on (W^T W)^-1: a matrix singular but for rounding has a vector it hardly moves.
  void require_regular() {
    Vector<double> v(size_);
    for (Index k = 0; k < size_; ++k) v[k] = 1.0 + 0.25 * std::sin(static_cast<double>(k));  // nothing a circuit would be orthogonal to
    if (size_ == 0) return;
    double growth = 0.0;
    for (int pass = 0; pass < 4; ++pass) {
      v.normalize();
      model_.factors_->solve_transposed(v);
      v.normalize();
      model_.factors_->solve(v);
      growth = v.norm();
    }
    if (growth * singular_below < 1.0) return;
    Index worst = 0;
    v.cwiseAbs().maxCoeff(&worst);
    refuse_index(worst);
  }

  [[noreturn]] void refuse_index(Index unknown) const {
    throw Error(Fault::simulation, fmt::format("{} needs a circuit whose algebraic unknowns follow from its charges and fluxes, but {} does not (its index is above one): "
                                               "a capacitor in a loop with voltage sources, a source that fixes the voltage of a capacitor, or an inductor in series "
                                               "with a current source; put a small resistance in series with it (parallel to the inductor), or leave the capacitor out",
                                               options_.purpose, dynamics_.name(unknown)));
  }

  void reduce() {
    const Index r = static_cast<Index>(model_.charge_of.size());
    std::vector<Index> state_of(static_cast<std::size_t>(size_), -1);
    for (Index k = 0; k < r; ++k) state_of[static_cast<std::size_t>(model_.charge_of[static_cast<std::size_t>(k)])] = k;
    Block<double> X = Block<double>::Zero(size_, r);
    for (Index k = 0; k < r; ++k) X(model_.charge_of[static_cast<std::size_t>(k)], k) = model_.row_scale_[model_.charge_of[static_cast<std::size_t>(k)]];
    if (r > 0) model_.factors_->solve(X);
    model_.X = model_.column_scale_.asDiagonal() * X;

    Block<double> g = Block<double>::Zero(size_, r);  // W^-T (independent rows of J)^T
    model_.A = Eigen::MatrixXd::Zero(r, r);
    for (const MatrixEntry& j : jacobian_)
      if (const Index k = state_of[static_cast<std::size_t>(j.row)]; k >= 0) {
        model_.A.row(k) += j.value * model_.X.row(j.column);
        g(j.column, k) += model_.column_scale_[j.column] * j.value;
      }
    if (r > 0) model_.factors_->solve_transposed(g);
    model_.B = Eigen::MatrixXd::Zero(r, size_);
    for (Index k = 0; k < r; ++k) model_.B(k, model_.charge_of[static_cast<std::size_t>(k)]) = 1.0;
    for (std::size_t c = 0; c < model_.constraint_.size(); ++c) {
      const Index at = model_.constraint_row_[c];
      for (const auto& [row, factor] : model_.constraint_[c]) model_.B.col(row) -= factor * model_.row_scale_[at] * g.row(at).transpose();
    }
    const Eigen::VectorXd scale = balance(model_.A);
    model_.X = model_.X * scale.asDiagonal();
    model_.B = scale.cwiseInverse().asDiagonal() * model_.B;
  }

  const Dynamics<double>& dynamics_;
  const LinearModelOptions& options_;
  Index size_;
  std::vector<MatrixEntry> mass_, jacobian_;
  LinearModel model_;
};

Eigen::MatrixXd LinearModel::direct(const Eigen::MatrixXd& b) const {
  Block<double> y = Block<double>::Zero(b.rows(), b.cols());
  for (std::size_t c = 0; c < constraint_.size(); ++c)
    for (const auto& [row, factor] : constraint_[c]) y.row(constraint_row_[c]) -= factor * row_scale_[constraint_row_[c]] * b.row(row);
  if (y.size() > 0) factors_->solve(y);
  return column_scale_.asDiagonal() * y;
}

Eigen::VectorXcd LinearModel::eigenvalues() const {
  if (states() == 0) return {};
  Eigen::VectorXcd values = Eigen::EigenSolver<Eigen::MatrixXd>(A, false).eigenvalues();
  std::sort(values.begin(), values.end(), [](const Complex& a, const Complex& b) { return a.real() != b.real() ? a.real() > b.real() : a.imag() < b.imag(); });
  return values;
}

LinearModel linear_model(const Dynamics<double>& dynamics, const Block<double>& x, double t, const LinearModelOptions& options) {
  return LinearModelMaker(dynamics, options).make(x, t);
}

}  // namespace settle
