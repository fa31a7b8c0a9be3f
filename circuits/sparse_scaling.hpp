// Scaling: factors that bring the largest entry of every row and column of a sparse matrix to one (Ruiz 2001), so that volts, amperes and
// coulombs can be compared.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

struct MatrixEntry {
  Index row, column;
  double value;
};

struct Scaling {
  Eigen::VectorXd row, column;

  Scaling(const std::vector<MatrixEntry>& entries, Index rows, Index columns) : row(Eigen::VectorXd::Ones(rows)), column(Eigen::VectorXd::Ones(columns)) {
    for (int pass = 0; pass < 20; ++pass) {
      Eigen::VectorXd largest_row = Eigen::VectorXd::Zero(rows), largest_column = Eigen::VectorXd::Zero(columns);
      for (const MatrixEntry& e : entries) {
        const double size = std::abs(row[e.row] * e.value * column[e.column]);
        largest_row[e.row] = std::max(largest_row[e.row], size);
        largest_column[e.column] = std::max(largest_column[e.column], size);
      }
      const auto even_out = [](Eigen::VectorXd& scale, const Eigen::VectorXd& largest) {
        for (Index k = 0; k < scale.size(); ++k)
          if (largest[k] > 0.0) scale[k] = std::exp2(std::round(std::log2(scale[k]) - 0.5 * std::log2(largest[k])));
      };
      even_out(row, largest_row);
      even_out(column, largest_column);
    }
  }
};

}  // namespace settle
