// Current-controlled voltage source: v(p,n) = gain i(control); its current is an algebraic state.
#include "devices/bank.hpp"

namespace settle {
namespace {

struct Ccvs : DeviceBase {
  using Shape = settle::Shape<2, 1, 0, 1>;
  double gain = 1.0;

  static Description<Ccvs> describe() {
    return {.help = "current-controlled voltage source",
            .letter = 'h',
            .terminals = {"p", "n"},
            .states = {{"current", "A", 0.0, true}},
            .branches = {{Branch::Tie::voltage, 0, 1}},
            .principal = "gain",
            .fields = {{{"gain", "V/A", "v(p,n) / i(control)", 1.0}, &Ccvs::gain}},
            .linear = true};
  }

  static constexpr bool depends(std::size_t row, std::size_t unknown) { return row < 2 ? unknown == 2 : unknown != 2; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T& i = port.state[0];
    return {{i, -i}, {port.v[0] - port.v[1] - gain * port.control[0]}, {}};
  }
};

const RegisteredDevice<Ccvs> registered("ccvs");

}  // namespace
}  // namespace settle
