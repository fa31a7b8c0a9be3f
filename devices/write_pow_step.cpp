// Power step: the step is a power of what is left of the range: up D u^gamma, down D (1 - u)^gamma, u = (bmax - w) / (bmax - bmin)
// (Rasch et al. 2021, doi:10.1109/AICAS51828.2021.9458494).
#include "devices/write_pulses.hpp"

namespace settle {
namespace {

struct PowStep : WriteModelBase {
  double gamma_up = 1.0, gamma_down = 1.0, gamma_d2d = 0.0, gamma_up_down_d2d = 0.0;

  static WriteDescription<PowStep> describe() {
    using P = PowStep;
    return {.help = "up w <- w + D u^gamma_up (1 + c2c xi), down w <- w - D (1 - u)^gamma_down (1 + c2c xi), u = (bmax - w) / (bmax - bmin)",
            .source = "Rasch et al. 2021, doi:10.1109/AICAS51828.2021.9458494",
            .fields = {{{{"gamma_up", "", "exponent for pulses up", 1.0, 0.0}}, &P::gamma_up},
                       {{{"gamma_down", "", "exponent for pulses down", 1.0, 0.0}}, &P::gamma_down},
                       {{{"gamma_d2d", "", "spread of both exponents together, relative", 0.0, 0.0}}, &P::gamma_d2d},
                       {{{"gamma_up_down_d2d", "", "spread of their difference, relative", 0.0, 0.0}}, &P::gamma_up_down_d2d}},
            .fits = {"dw", "up_down", "gamma_up", "gamma_down"}};
  }

  bool spread() const { return gamma_d2d > 0.0 || gamma_up_down_d2d > 0.0; }

  void finish(WriteCell& cell, const Draws& draws) const {
    const double gain = gamma_d2d > 0.0 ? 1.0 + gamma_d2d * draws.normal(drawn::own) : 1.0;
    const double r = gamma_up_down_d2d > 0.0 ? gamma_up_down_d2d * draws.normal(drawn::own + 1) : 0.0;
    cell.slope_up = std::abs(gamma_up * (gain + r));
    cell.slope_down = std::abs(gamma_down * (gain - r));
  }

  WriteStep step(const WriteCell& cell, double w, bool up) const {
    const double range = cell.high - cell.low;
    if (!(range > 0.0)) return {0.0, 0.0};
    const double left = (up ? cell.high - w : w - cell.low) / range;
    const double mean = (up ? cell.up : cell.down) * std::pow(left, up ? cell.slope_up : cell.slope_down);
    return {mean, mean};
  }
};

const RegisteredWrite<PowStep> registered("pow_step");

}  // namespace
}  // namespace settle
