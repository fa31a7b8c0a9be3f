// Grid: a linear conductance at every crossing of rows and columns, i = G (v_row - v_column); on ideal lines a matrix product over all samples.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/kind.hpp"

namespace settle {

/// The rows of one side of the crossings: one per line, or one per crossing, following each other.
struct GridSide {
  std::vector<Index> line;  // if the lines are ideal
  Index first = 0;          // otherwise: row of crossing (0, 0)
};

struct GridPlan {
  Lattice names;                           // rows x columns
  Location where;
  GridSide row, column;                    // where voltages are read
  std::vector<Index> into;                 // where the columns' currents go, per column, if not to `column`
  std::vector<double> sign;                // times what, per column; empty: 1
  bool into_row = true, into_column = true;  // false: a buffer supplies or takes that side's current
  std::map<std::string, double> values;    // fields given
  std::vector<double> conductance;         // S, per crossing, row by row
};

/// A grid between ideal lines whose row voltages are buffered and whose columns are virtual grounds: currents into `into` are sign g^T v, and nothing else.
struct GridProduct {
  const Block<double>& g;          // S, rows by columns, times m
  const std::vector<Index>& read;  // rows whose voltages are read, per row of the grid
  const std::vector<Index>& into;  // per column
  const std::vector<double>& sign; // per column; empty: 1
  double parallel = 1.0;           // m
};

class Grid final : public Element {
 public:
  Grid(const Kind& kind, GridPlan plan);

  std::optional<GridProduct> product() const {
    if (!ideal() || plan_.into_row || !plan_.into_column || plan_.column.line.front() != Rows::ground || plan_.into.empty()) return {};
    return GridProduct{g_, plan_.row.line, plan_.into, plan_.sign, parallel_};
  }

  const Kind& kind() const override { return kind_; }
  Index count() const override { return g_.size(); }
  std::string name(Index k) const override { return plan_.names.name(k); }
  Index find(std::string_view name) const override { return plan_.names.find(name); }
  Location where(Index) const override { return plan_.where; }
  std::vector<Index> rows(Index k) const override { return {row_of(k), column_of(k)}; }
  bool linear() const override { return true; }

  void add_rate(const Block<double>& x, const Moment&, Block<double>& f) const override;
  void add_rate(const Block<Complex>& x, const Moment&, Block<Complex>& f) const override;
  void add_noise(const Block<double>&, const Moment&, const Environment& environment, std::vector<NoiseSource>& sources) const override;
  void add_jacobian(const Block<double>&, const Moment&, Stamps<double>& J) const override;
  void add_jacobian(const Block<Complex>&, const Moment&, Stamps<Complex>& J) const override;

  bool add_pullback(std::size_t field, const Block<double>& x, const Moment&, const Block<double>& lambda, double* gradient) const override { return pullback(field, x, lambda, gradient); }
  bool add_pullback(std::size_t field, const Block<Complex>& x, const Moment&, const Block<Complex>& lambda, Complex* gradient) const override {
    return pullback(field, x, lambda, gradient);
  }

  std::vector<Quantity> quantities(Index) const override;
  double observe(Index k, std::size_t quantity, const Solution<double>& at, Index sample) const override;
  Complex observe(Index k, std::size_t quantity, const Solution<Complex>& at, Index sample) const override;
  Complex observe_small(Index k, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const override;

  double field(Index k, std::size_t field) const override;
  void set_field(Index k, std::size_t field, double value) override;
  void set_fields(std::size_t field, std::span<const double> values) override;
  void prepare(const Environment&) override {}

 private:
  bool ideal() const { return !plan_.row.line.empty() && !plan_.column.line.empty(); }
  Index row_of(Index k) const { return plan_.row.line.empty() ? plan_.row.first + k : plan_.row.line[static_cast<std::size_t>(k / g_.cols())]; }
  Index column_of(Index k) const { return plan_.column.line.empty() ? plan_.column.first + k : plan_.column.line[static_cast<std::size_t>(k % g_.cols())]; }
  Index into_of(Index k) const { return plan_.into.empty() ? column_of(k) : plan_.into[static_cast<std::size_t>(k % g_.cols())]; }
  double sign_of(Index k) const { return plan_.sign.empty() ? 1.0 : plan_.sign[static_cast<std::size_t>(k % g_.cols())]; }
  template <Scalar S>
  S drop(Index k, const Block<S>& x, Index sample) const {
    return x(row_of(k), sample) - x(column_of(k), sample);
  }
  template <Scalar S>
  void rate(const Block<S>& x, Block<S>& f) const;
  template <Scalar S>
  void products(const Block<S>& x, Block<S>& f) const;
  template <Scalar S>
  void crossing_by_crossing(const Block<S>& x, Block<S>& f) const;
  template <Scalar S>
  void jacobian(Stamps<S>& J) const;
  template <Scalar S>
  bool pullback(std::size_t field, const Block<S>& x, const Block<S>& lambda, S* gradient) const;
  template <Scalar S>
  void pullback_of_lines(const Block<S>& x, const Block<S>& lambda, S* gradient) const;
  void sum_up() const;

  const Kind& kind_;
  GridPlan plan_;
  std::size_t g_field_;
  double parallel_ = 1.0;         // m=
  Block<double> g_;               // rows x columns, times m
  mutable Vector<double> of_row_, of_column_;  // sums of g_, made when first asked for after a change
  mutable std::atomic<bool> summed_up_ = false;
};

}  // namespace settle
