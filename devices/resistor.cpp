// Resistor: i = v / R(T), R(T) = r (1 + tc1 dT + tc2 dT^2).
#include "devices/bank.hpp"

namespace settle {
namespace {

struct Resistor : DeviceBase {
  using Shape = settle::Shape<2>;

  double r = 1e3, tc1 = 0.0, tc2 = 0.0, temp = not_given, dtemp = 0.0;
  double scale = 1.0, noise = 1.0;
  double g = 1e-3;  // S, at temperature: what the equation uses

  static Description<Resistor> describe() {
    return {.help = "linear resistor",
            .letter = 'r',
            .terminals = {"p", "n"},
            .model_types = {"r", "res"},
            .principal = "r",
            .fields = {{{"r", "Ohm", "resistance at the nominal temperature", 1e3}, &Resistor::r}},
            .linear = true};
  }
  void prepare(const Environment& e) { g = 1.0 / r; (void)e; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T i = g * (port.v[0] - port.v[1]);
    return {{i, -i}, {}, {}};
  }
};

const RegisteredDevice<Resistor> registered("resistor");

}  // namespace
}  // namespace settle
