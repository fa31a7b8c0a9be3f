// Matrices in files: CSV, NumPy's npy, a dataset of an HDF5 file. A format is one file that registers itself (matrix_csv.cpp is the pattern).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sim/scalar.hpp"

namespace settle {

/// A matrix and what its file says of it; both texts are empty where the file says nothing.
struct NamedMatrix {
  Block<double> values;
  std::string name = {}, unit = {};
};

/// Reads `table.csv`, `table.npy` or `table.h5:/path/of/dataset`; a vector is one row. Throws Error(Fault::file) with the place in
/// the file for whatever is not a finite number in a full rectangle, Error(Fault::usage) for an unknown kind of file.
NamedMatrix read_named_matrix(const std::string& spec);
Block<double> read_matrix(const std::string& spec);

/// Rows and columns of what read_matrix would return; of an HDF5 file no values are read for it.
std::pair<Index, Index> matrix_shape(const std::string& spec);

/// Writes the same kinds of file in full precision. A dataset is added to an HDF5 file that exists, or replaced in it.
void write_matrix(const std::string& spec, const Block<double>& values, const std::string& name, const std::string& unit);

/// Throws Error(Fault::usage) for an unknown kind of file.
void require_matrix_format(const std::string& spec);

/// One kind of file.
class MatrixFormat {
 public:
  virtual ~MatrixFormat() = default;
  virtual bool owns(std::string_view spec) const = 0;
  virtual std::string_view pattern() const = 0;  ///< how its files are named, for messages
  virtual NamedMatrix read(const std::string& spec) const = 0;
  virtual std::pair<Index, Index> shape(const std::string& spec) const;
  virtual void write(const std::string& spec, const NamedMatrix& matrix) const = 0;
};

/// For formats: the file must exist; whether a name ends so, without regard to case; a value that is not finite is an error.
void require_file(const std::string& path);
bool ends_with(std::string_view name, std::string_view ending);
void require_finite(const std::string& spec, const Block<double>& values);

}  // namespace settle
