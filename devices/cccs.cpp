// Current-controlled current source: i = gain i(control), from p through the source to n.
#include "devices/bank.hpp"

namespace settle {
namespace {

struct Cccs : DeviceBase {
  using Shape = settle::Shape<2, 0, 0, 1>;
  double gain = 1.0;

  static Description<Cccs> describe() {
    return {.help = "current-controlled current source",
            .letter = 'f',
            .terminals = {"p", "n"},
            .branches = {{Branch::Tie::current, 0, 1}},
            .principal = "gain",
            .fields = {{{"gain", "A/A", "i(p to n) / i(control)", 1.0}, &Cccs::gain}, multiplicity_field<Cccs>()},
            .linear = true};
  }

  static constexpr bool depends(std::size_t, std::size_t unknown) { return unknown == 2; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T i = gain * port.control[0];
    return {{i, -i}, {}, {}};
  }
};

const RegisteredDevice<Cccs> registered("cccs");

}  // namespace
}  // namespace settle
