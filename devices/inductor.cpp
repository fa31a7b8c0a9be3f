// Inductor: L(T) di/dt = v, L(T) = l (1 + tc1 dT + tc2 dT^2); its current is a state.
#include "devices/bank.hpp"

namespace settle {
namespace {

struct Inductor : DeviceBase, Thermal {
  using Shape = settle::Shape<2, 1>;

  double l = 1e-9, ic = not_given, tc1 = 0.0, tc2 = 0.0, scale = 1.0;
  double parallel = 1.0;  // the state is the current of all of them, so they count in the inductance
  double henries = 0.0;   // at temperature

  static Description<Inductor> describe() {
    using I = Inductor;
    return {.help = "linear inductor",
            .letter = 'l',
            .terminals = {"p", "n"},
            .states = {{"current", "A"}},
            .model_types = {"l", "ind"},
            .branches = {{Branch::Tie::flux, 0, 1}},
            .principal = "l",
            .fields = join<I>({{{"l", "H", "inductance at the nominal temperature", 1e-9}, &I::l},
                               {{"ic", "A", "initial current of a transient with uic"}, &I::ic},
                               {{"tc1", "1/K", "linear temperature coefficient", 0.0}, &I::tc1},
                               {{"tc2", "1/K^2", "quadratic temperature coefficient", 0.0}, &I::tc2},
                               {{"scale", "", "factor on the inductance", 1.0}, &I::scale},
                               {{"m", "", "identical devices in parallel", 1.0, 0.0}, &I::parallel}},
                              thermal_fields<I>()),
            .linear = true};
  }

  void prepare(const Environment& e) {
    const double dt = above_nominal(e);
    henries = l * scale * (1.0 + (tc1 + tc2 * dt) * dt) / parallel;
  }
  double mass(std::size_t) const { return henries; }

  static constexpr bool depends(std::size_t row, std::size_t unknown) { return row < 2 ? unknown == 2 : unknown < 2; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T& i = port.state[0];
    return {{i, -i}, {port.v[0] - port.v[1]}, {}};
  }
};

const RegisteredDevice<Inductor> registered("inductor");

}  // namespace
}  // namespace settle
