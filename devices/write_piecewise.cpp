// Step from a table: w <- w +- D y(w), y interpolated between measured points from the lower to the upper bound.
#include <fmt/format.h>

#include "devices/write_pulses.hpp"
#include "sim/error.hpp"
#include "sim/matrix_file.hpp"

namespace settle {
namespace {

struct Piecewise : WriteModelBase {
  Block<double> table;  // place in the range (0 ... 1), step up, step down, in steps dw

  static WriteDescription<Piecewise> describe() {
    return {.help = "w <- w +- D y (1 + c2c xi), y interpolated in a table over the place between the bounds",
            .source = "Rasch et al. 2021, doi:10.1109/AICAS51828.2021.9458494",
            .fields = {{{{"file", "", "table of three columns: place from 0 (lower bound) to 1, step up and step down in units of dw (any matrix file)"}, {}, true}}}};
  }

  void prepare(const WriteValues& values) {
    const auto given = values.files.find("file");
    if (given == values.files.end()) throw Error(Fault::netlist, "piecewise needs file=TABLE with columns place, step up, step down");
    table = read_matrix(given->second);
    if (table.cols() != 3 || table.rows() < 2) {
      throw Error(Fault::file, fmt::format("{} is {} x {}; expected are 2 rows or more of place, step up, step down", given->second, table.rows(), table.cols()));
    }
    for (Index k = 1; k < table.rows(); ++k)
      if (!(table(k, 0) > table(k - 1, 0))) throw Error(Fault::file, fmt::format("{}: the places of rows {} and {} do not rise", given->second, k, k + 1));
    if (table(0, 0) != 0.0 || table(table.rows() - 1, 0) != 1.0) throw Error(Fault::file, fmt::format("{}: places must go from 0 to 1", given->second));
  }

  WriteStep step(const WriteCell& cell, double w, bool up) const {
    const double range = cell.high - cell.low;
    if (!(range > 0.0)) return {0.0, 0.0};
    const double place = std::clamp((w - cell.low) / range, 0.0, 1.0);
    Index k = 1;
    while (k + 1 < table.rows() && table(k, 0) < place) ++k;
    const double t = (place - table(k - 1, 0)) / (table(k, 0) - table(k - 1, 0));
    const Index column = up ? 1 : 2;
    const double mean = (up ? cell.up : cell.down) * ((1.0 - t) * table(k - 1, column) + t * table(k, column));
    return {mean, mean};
  }
};

const RegisteredWrite<Piecewise> registered("piecewise");

}  // namespace
}  // namespace settle
