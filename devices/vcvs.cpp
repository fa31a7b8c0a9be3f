// Voltage-controlled voltage source: v(p,n) = gain v(cp,cn); its current is an algebraic state.
#include "devices/bank.hpp"

namespace settle {
namespace {

struct Vcvs : DeviceBase {
  using Shape = settle::Shape<4, 1>;
  double gain = 1.0;

  static Description<Vcvs> describe() {
    return {.help = "voltage-controlled voltage source",
            .letter = 'e',
            .terminals = {"p", "n", "cp", "cn"},
            .states = {{"current", "A", 0.0, true}},
            .branches = {{Branch::Tie::voltage, 0, 1}},
            .principal = "gain",
            .fields = {{{"gain", "V/V", "v(p,n) / v(cp,cn)", 1.0}, &Vcvs::gain}},
            .linear = true};
  }

  static constexpr bool depends(std::size_t row, std::size_t unknown) { return row < 2 ? unknown == 4 : row == 4 && unknown < 4; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const auto& v = port.v;
    const T& i = port.state[0];
    return {{i, -i}, {v[0] - v[1] - gain * (v[2] - v[3])}, {}};
  }
};

const RegisteredDevice<Vcvs> registered("vcvs");

}  // namespace
}  // namespace settle
