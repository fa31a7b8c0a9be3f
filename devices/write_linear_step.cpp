// Linear step: the step falls off linearly with the weight: w <- w +- D (1 - gamma w / b) (1 + c2c xi), b the bound ahead
// (Rasch et al. 2021, doi:10.1109/AICAS51828.2021.9458494).
#include "devices/write_pulses.hpp"

namespace settle {
namespace {

struct LinearStep : WriteModelBase {
  double gamma_up = 0.0, gamma_down = 0.0, gamma_up_d2d = 0.0, gamma_down_d2d = 0.0, reference = 0.0, noise = 0.0;

  static WriteDescription<LinearStep> describe() {
    using L = LinearStep;
    return {.help = "w <- w +- D (1 - gamma w / b) (1 + c2c xi), b the bound ahead; with noise=additive w <- w +- D (1 - gamma w / b + c2c xi)",
            .source = "Rasch et al. 2021, doi:10.1109/AICAS51828.2021.9458494",
            .fields = {{{{"gamma_up", "", "part of the step up that is lost at wmax", 0.0}}, &L::gamma_up},
                       {{{"gamma_down", "", "part of the step down that is lost at wmin", 0.0}}, &L::gamma_down},
                       {{{"gamma_up_d2d", "", "spread of gamma_up", 0.0, 0.0}}, &L::gamma_up_d2d},
                       {{{"gamma_down_d2d", "", "spread of gamma_down", 0.0, 0.0}}, &L::gamma_down_d2d},
                       {{{"reference", "", "the bound b: the device's own, or wmin and wmax", 0.0}, {"device", "nominal"}}, &L::reference},
                       {{{"noise", "", "whether noise scales with the step at w or with that at w=0", 0.0}, {"multiplicative", "additive"}}, &L::noise}},
            .fits = {"dw", "up_down", "gamma_up", "gamma_down"}};
  }

  bool spread() const { return gamma_up_d2d > 0.0 || gamma_down_d2d > 0.0; }

  void finish(WriteCell& cell, const Draws& draws) const {
    const double high = reference > 0.5 ? wmax : cell.high, low = reference > 0.5 ? wmin : cell.low;
    const double up = gamma_up_d2d > 0.0 ? std::abs(gamma_up + gamma_up_d2d * draws.normal(drawn::own)) : gamma_up;
    const double down = gamma_down_d2d > 0.0 ? std::abs(gamma_down + gamma_down_d2d * draws.normal(drawn::own + 1)) : gamma_down;
    cell.slope_up = high != 0.0 ? -up * cell.up / high : 0.0;
    cell.slope_down = low != 0.0 ? -down * cell.down / low : 0.0;
  }

  WriteStep step(const WriteCell& cell, double w, bool up) const {
    const double scale = up ? cell.up : cell.down, mean = scale + (up ? cell.slope_up : cell.slope_down) * w;
    return {mean, noise > 0.5 ? scale : mean};
  }
};

const RegisteredWrite<LinearStep> registered("linear_step");

}  // namespace
}  // namespace settle
