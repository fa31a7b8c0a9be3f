// NeuroSim's potentiation and depression (Chen, Peng, Yu 2018, doi:10.1109/TCAD.2018.2789723): after P of N pulses up from the lower bound
//   x(P) = B (1 - exp(-P / A)), B = 1 / (1 - exp(-N / A)), x = (w - bmin) / (bmax - bmin),
// and a pulse down goes back by one pulse along the curve of depression. The label NL of nonlinearity fixes A: see neurosim_shape.
#include "devices/write_neurosim.hpp"

#include <cmath>

#include "devices/write_pulses.hpp"

namespace settle {

double neurosim_shape(double label) {
  if (label == 0.0) return 0.0;
  // The largest distance of the curve from the diagonal, which the label gives, rises with the bend k = 1 / A of the normalized curve.
  const double wanted = std::abs(label) * 0.07 * std::sqrt(2.0);
  const auto distance = [](double k) {
    if (k < 1e-3) return k / 8.0;  // the next term is k^2/1000 of it
    const double slope = -std::expm1(-k) / k;
    return (1.0 - slope) / -std::expm1(-k) + std::log(slope) / k;
  };
  double low = 0.0, high = 1.0;
  while (distance(high) < wanted && high < 1e6) high *= 2.0;
  for (int n = 0; n < 200 && high - low > 1e-15 * high; ++n) (distance(0.5 * (low + high)) < wanted ? low : high) = 0.5 * (low + high);
  const double k = 0.5 * (low + high);
  return label < 0.0 ? -k : k;
}

namespace {

struct NeuroSim : WriteModelBase {
  double nl_ltp = 1.0, nl_ltd = -1.0, p_ltp = 100.0, p_ltd = 100.0, nl_d2d = 0.0;

  static WriteDescription<NeuroSim> describe() {
    using N = NeuroSim;
    return {.help = "x <- B - (B - x) exp(-1 / A) up, x <- B - (B - x) exp(1 / A) down, B = 1 / (1 - exp(-P / A)), x from 0 to 1 between the bounds; "
                    "c2c is relative to the whole range",
            .source = "Chen, Peng and Yu 2018, doi:10.1109/TCAD.2018.2789723",
            .fields = {{{{"nl_ltp", "", "label of the nonlinearity of potentiation; 0: linear", 1.0, -9.0, 9.0}}, &N::nl_ltp},
                       {{{"nl_ltd", "", "the same of depression; below 0 it falls fast at first", -1.0, -9.0, 9.0}}, &N::nl_ltd},
                       {{{"p_ltp", "", "pulses from the lower to the upper bound", 100.0, 1.0}}, &N::p_ltp},
                       {{{"p_ltd", "", "pulses from the upper to the lower bound", 100.0, 1.0}}, &N::p_ltd},
                       {{{"nl_d2d", "", "spread of both labels from device to device", 0.0, 0.0}}, &N::nl_d2d}},
            .fits = {"gmin", "gmax", "nl_ltp", "nl_ltd"},
            .without = {"dw"},
            .defaults = {{"wmin", 0.0}, {"wmax", 1.0}}};
  }

  bool spread() const { return nl_d2d > 0.0; }
  void prepare(const WriteValues&) { dw = nominal_step(); }
  double nominal_step() const { return 2.0 * (wmax - wmin) / (p_ltp + p_ltd); }

  /// The bends of both curves; 0 is a straight line.
  void finish(WriteCell& cell, const Draws& draws) const {
    const double shift = nl_d2d > 0.0 ? nl_d2d * draws.normal(drawn::own) : 0.0;
    cell.slope_up = neurosim_shape(std::clamp(nl_ltp + shift, -9.0, 9.0));
    cell.slope_down = neurosim_shape(std::clamp(nl_ltd - shift, -9.0, 9.0));
  }

  /// k = N / A. Up: (B - x)(1 - exp(-k/N)); down: (B - x)(exp(k/N) - 1); k -> 0: 1/N.
  static double move(double x, double k, double pulses, bool up) {
    if (std::abs(k) < 1e-9) return 1.0 / pulses;
    const double left = -1.0 / std::expm1(-k) - x;
    return up ? left * -std::expm1(-k / pulses) : left * std::expm1(k / pulses);
  }

  WriteStep step(const WriteCell& cell, double w, bool up) const {
    const double range = cell.high - cell.low;
    if (!(range > 0.0)) return {0.0, 0.0};
    const double x = (w - cell.low) / range, gain = (up ? cell.up : cell.down) / dw;
    return {gain * range * move(x, up ? cell.slope_up : cell.slope_down, up ? p_ltp : p_ltd, up), range};
  }
};

const RegisteredWrite<NeuroSim> registered("neurosim");

}  // namespace
}  // namespace settle
