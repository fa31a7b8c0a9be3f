// Capacitor: q = C(T) v, C(T) = c (1 + tc1 dT + tc2 dT^2).
#include "devices/bank.hpp"

namespace settle {
namespace {

struct Capacitor : DeviceBase, Thermal {
  using Shape = settle::Shape<2, 0, 1>;
  static constexpr bool conducts = false;

  double c = not_given, ic = not_given, tc1 = 0.0, tc2 = 0.0, scale = 1.0;
  double l = not_given, w = not_given, cj = not_given, cjsw = 0.0, defw = 1e-5, narrow = 0.0, shorten = 0.0;
  double farads = 0.0;  // at temperature: what the equation uses

  static Description<Capacitor> describe() {
    using C = Capacitor;
    return {.help = "linear capacitor",
            .letter = 'c',
            .terminals = {"p", "n"},
            .charges = {{"q", 0, 1}},
            .model_types = {"c", "cap"},
            .branches = {{Branch::Tie::charge, 0, 1}},
            .principal = "c",
            .fields = join<C>({{{"c", "F", "capacitance at the nominal temperature; by default from cj, cjsw, l and w"}, &C::c},
                               {{"ic", "V", "initial voltage of a transient with uic"}, &C::ic},
                               {{"tc1", "1/K", "linear temperature coefficient", 0.0}, &C::tc1},
                               {{"tc2", "1/K^2", "quadratic temperature coefficient", 0.0}, &C::tc2},
                               {{"scale", "", "factor on the capacitance", 1.0}, &C::scale},
                               {{"l", "m", "length", not_given, 0.0}, &C::l},
                               {{"w", "m", "width; by default defw", not_given, 0.0}, &C::w},
                               {model_field("cj", "F/m^2", "capacitance of the bottom per area", not_given), &C::cj},
                               {model_field("cjsw", "F/m", "capacitance of the sides per length", 0.0), &C::cjsw},
                               {model_field("defw", "m", "default width", 1e-5, 0.0), &C::defw},
                               {model_field("narrow", "m", "narrowing of the width by side etching", 0.0), &C::narrow},
                               {model_field("short", "m", "shortening of the length by side etching", 0.0), &C::shorten},
                               multiplicity_field<C>()},
                              thermal_fields<C>()),
            .linear = true};
  }

  void prepare(const Environment& e) {
    const double length = l - shorten, width = (w == w ? w : defw) - narrow;
    const double drawn = cj * length * width + 2.0 * cjsw * (length + width);
    const double nominal_farads = c == c ? c : drawn == drawn ? drawn : 0.0;
    const double dt = above_nominal(e);
    farads = nominal_farads * scale * (1.0 + (tc1 + tc2 * dt) * dt);
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    return {{}, {}, {farads * (port.v[0] - port.v[1])}};
  }
};

const RegisteredDevice<Capacitor> registered("capacitor");

}  // namespace
}  // namespace settle
