// Reads SPICE rawfiles as ngspice writes them: binary or text, real or complex, any number of plots.
#pragma once

#include <complex>
#include <string>
#include <vector>

namespace settle::testing {

struct RawPlot {
  std::string title;
  std::string plotname;               ///< "Transient Analysis", "AC Analysis", ...
  bool complex = false;
  std::vector<std::string> names;     ///< as in the file: "time", "v(out)", "i(v1)"
  std::vector<std::string> types;     ///< "time", "voltage", "current", ...
  std::vector<std::vector<std::complex<double>>> columns;

  std::size_t points() const { return columns.empty() ? 0 : columns.front().size(); }
  /// The column of that name, whatever its case; throws naming those there are.
  const std::vector<std::complex<double>>& column(const std::string& name) const;
  std::vector<double> real(const std::string& name) const;
};

/// All plots of the file in order; throws std::runtime_error with the path where it is malformed.
std::vector<RawPlot> read_rawfile(const std::string& path);

}  // namespace settle::testing
