// Voltage-controlled current source: i = gain v(cp,cn), from p through the source to n.
#include "devices/bank.hpp"

namespace settle {
namespace {

struct Vccs : DeviceBase {
  using Shape = settle::Shape<4>;
  double gain = 1.0;

  static Description<Vccs> describe() {
    return {.help = "voltage-controlled current source",
            .letter = 'g',
            .terminals = {"p", "n", "cp", "cn"},
            .branches = {{Branch::Tie::current, 0, 1}},
            .principal = "gain",
            .fields = {{{"gain", "A/V", "i(p to n) / v(cp,cn)", 1.0}, &Vccs::gain}, multiplicity_field<Vccs>()},
            .linear = true};
  }

  static constexpr bool depends(std::size_t row, std::size_t unknown) { return row < 2 && unknown >= 2; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T i = gain * (port.v[2] - port.v[3]);
    return {{i, -i}, {}, {}};
  }
};

const RegisteredDevice<Vccs> registered("vccs");

}  // namespace
}  // namespace settle
