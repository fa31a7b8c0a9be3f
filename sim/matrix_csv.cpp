// Matrices as delimited text. The first comment, "# conductance [S]", is the name and the unit.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "sim/csv_table.hpp"
#include "sim/error.hpp"
#include "sim/matrix_file.hpp"
#include "sim/number.hpp"
#include "sim/registry.hpp"

namespace settle {
namespace {

class Csv : public MatrixFormat {
 public:
  bool owns(std::string_view spec) const override {
    return ends_with(spec, ".csv") || ends_with(spec, ".tsv") || ends_with(spec, ".txt") || ends_with(spec, ".dat");
  }
  std::string_view pattern() const override { return "FILE.csv (or .tsv .txt .dat)"; }

  NamedMatrix read(const std::string& spec) const override {
    CsvTable table = read_csv(spec);
    const TableColumn title = table.comments.empty() ? TableColumn{} : column_of(table.comments.front());
    return {std::move(table.values), title.name, title.unit};
  }

  void write(const std::string& spec, const NamedMatrix& matrix) const override {
    std::ofstream out(spec, std::ios::binary | std::ios::trunc);
    out << fmt::format("# {} [{}]\n", matrix.name, matrix.unit.empty() ? "1" : matrix.unit);
    std::string line;
    for (const auto& row : matrix.values.rowwise()) {
      line.clear();
      for (const double value : row) line += (line.empty() ? "" : ",") + format_exact(value);
      out << (line += '\n');
    }
    if (!out.flush()) throw Error(Fault::file, fmt::format("cannot write '{}': {}", spec, std::strerror(errno)));
  }
};

const Registered<MatrixFormat, Csv> registered("csv");

}  // namespace
}  // namespace settle
