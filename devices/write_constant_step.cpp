// Constant step: every pulse moves the weight by as much, w <- w +- D (1 + c2c xi) (Gokmen and Vlasov 2016, doi:10.3389/fnins.2016.00333).
#include "devices/write_pulses.hpp"

namespace settle {
namespace {

struct ConstantStep : WriteModelBase {
  static WriteDescription<ConstantStep> describe() {
    return {.help = "w <- w +- D (1 + c2c xi): the same step everywhere between the bounds",
            .source = "Gokmen and Vlasov 2016, doi:10.3389/fnins.2016.00333",
            .fits = {"dw", "up_down"}};
  }
  WriteStep step(const WriteCell& cell, double, bool up) const {
    const double size = up ? cell.up : cell.down;
    return {size, size};
  }
};

const RegisteredWrite<ConstantStep> registered("constant_step");

}  // namespace
}  // namespace settle
