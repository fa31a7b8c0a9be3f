// Exponential step: w <- w +- D y, y_up = max(1 - A_up exp(gamma_up z), 0), y_down = max(1 - A_down exp(-gamma_down z), 0),
// z = 2 a w / (bmax - bmin) + b (Gong et al. 2018, doi:10.1038/s41467-018-04485-1).
#include "devices/write_pulses.hpp"

namespace settle {
namespace {

struct ExpStep : WriteModelBase {
  double a = 0.244, b = 0.2425, a_up = 0.00081, a_down = 0.36833, gamma_up = 12.44625, gamma_down = 12.78785, noise_add = 0.0, noise_slope = 0.0;

  static WriteDescription<ExpStep> describe() {
    using E = ExpStep;
    return {.help = "w <- w +- (D y + c2c (D y + noise_add + noise_slope |w|) xi); y_up = max(1 - a_up exp(gamma_up z), 0), "
                    "y_down = max(1 - a_down exp(-gamma_down z), 0), z = 2 a w / (bmax - bmin) + b",
            .source = "Gong et al. 2018, doi:10.1038/s41467-018-04485-1",
            .fields = {{{{"a", "", "slope of z", 0.244}}, &E::a},
                       {{{"b", "", "offset of z", 0.2425}}, &E::b},
                       {{{"a_up", "", "factor of the exponential for pulses up", 0.00081}}, &E::a_up},
                       {{{"a_down", "", "factor of the exponential for pulses down", 0.36833}}, &E::a_down},
                       {{{"gamma_up", "", "exponent for pulses up", 12.44625}}, &E::gamma_up},
                       {{{"gamma_down", "", "exponent for pulses down", 12.78785}}, &E::gamma_down},
                       {{{"noise_add", "", "what c2c is relative to besides the step, as a weight", 0.0, 0.0}}, &E::noise_add},
                       {{{"noise_slope", "", "what c2c is relative to besides the step, per weight", 0.0, 0.0}}, &E::noise_slope}},
            .fits = {"dw", "up_down", "a_up", "a_down", "gamma_up", "gamma_down"}};
  }

  WriteStep step(const WriteCell& cell, double w, bool up) const {
    const double range = cell.high - cell.low;
    if (!(range > 0.0)) return {0.0, 0.0};
    const double z = 2.0 * a * w / range + b;
    const double y = up ? 1.0 - a_up * std::exp(gamma_up * z) : 1.0 - a_down * std::exp(-gamma_down * z);
    const double mean = (up ? cell.up : cell.down) * std::max(y, 0.0);
    return {mean, mean + noise_add + noise_slope * std::abs(w)};
  }
};

const RegisteredWrite<ExpStep> registered("exp_step");

}  // namespace
}  // namespace settle
