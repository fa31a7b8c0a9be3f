// Soft bounds: the step vanishes at the bound ahead: w <- w +- D (1 - w / b) (1 + c2c xi). Steps up and down are equal at the symmetry point
//   w* = (a - d) / (a / wmax - d / wmin)   (a, d: steps up and down at w = 0; Gong et al. 2022, doi:10.1109/IEDM45625.2022.10019569).
#include "devices/write_pulses.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

struct SoftBounds : WriteModelBase {
  double noise = 0.0, centre = 0.0, centre_std = 0.0;

  static WriteDescription<SoftBounds> describe() {
    using S = SoftBounds;
    return {.help = "w <- w +- D (1 - w / b) (1 + c2c xi), b the bound ahead: no step at the bound; with noise=additive w <- w +- D (1 - w / b + c2c xi)",
            .source = "Fusi and Abbott 2007, doi:10.1038/nn1859; Gong et al. 2022, doi:10.1109/IEDM45625.2022.10019569",
            .fields = {{{{"noise", "", "whether noise scales with the step at w or with that at w=0", 0.0}, {"multiplicative", "additive"}}, &S::noise},
                       {{{"centre", "", "whether each device's weights are counted from its symmetry point, as after subtracting a reference device", 0.0},
                         {"no", "yes"}}, &S::centre},
                       {{{"centre_std", "", "error of that reference: standard deviation as a weight", 0.0, 0.0}}, &S::centre_std}},
            .fits = {"gmin", "gmax", "dw", "up_down"}};
  }

  bool spread() const { return centre > 0.5 && centre_std > 0.0; }

  void prepare(const WriteValues&) const {
    if (!(wmin < 0.0 && wmax > 0.0)) throw Error(Fault::netlist, "soft bounds need wmin below 0 and wmax above 0: steps are given at w = 0");
  }

  /// Counted from s, the step a (1 - w / b) reads a (1 - s / b) (1 - w' / (b - s)): the same law with other scales and bounds.
  void finish(WriteCell& cell, const Draws& draws) const {
    if (centre < 0.5 || !(cell.low < 0.0 && cell.high > 0.0)) return;
    const double slopes = cell.up / cell.high - cell.down / cell.low;
    double s = slopes > 0.0 ? (cell.up - cell.down) / slopes : 0.0;
    if (centre_std > 0.0) s += centre_std * draws.normal(drawn::own);
    s = std::clamp(s, 0.999 * cell.low, 0.999 * cell.high);
    cell.up *= 1.0 - s / cell.high;
    cell.down *= 1.0 - s / cell.low;
    cell.low -= s;
    cell.high -= s;
  }

  WriteStep step(const WriteCell& cell, double w, bool up) const {
    const double scale = up ? cell.up : cell.down, bound = up ? cell.high : cell.low;
    if (bound == 0.0) return {0.0, 0.0};
    const double mean = scale * (1.0 - w / bound);
    return {mean, noise > 0.5 ? scale : mean};
  }
};

const RegisteredWrite<SoftBounds> registered("soft_bounds");

}  // namespace
}  // namespace settle
