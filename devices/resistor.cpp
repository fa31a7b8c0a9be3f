// Resistor: i = v / R(T), R(T) = r (1 + tc1 dT + tc2 dT^2), or r 1.01^(tce dT).
#include "devices/bank.hpp"

namespace settle {
namespace {

constexpr double shortest = 1e-3;  // Ohm; SPICE's value for a resistor given as zero

struct Resistor : DeviceBase, Thermal {
  using Shape = settle::Shape<2>;

  double r = not_given, tc1 = 0.0, tc2 = 0.0, tce = not_given, scale = 1.0, noise = 1.0;
  double rsh = not_given, l = not_given, w = not_given, defw = 1e-5, narrow = 0.0, shorten = 0.0;
  double g = 1e-3;  // S, at temperature: what the equation uses

  static Description<Resistor> describe() {
    using R = Resistor;
    return {.help = "linear resistor",
            .letter = 'r',
            .terminals = {"p", "n"},
            .model_types = {"r", "res"},
            .principal = "r",
            .fields = join<R>({{{"r", "Ohm", "resistance at the nominal temperature; by default rsh l/w. 0 is taken as 1 mOhm"}, &R::r},
                               {{"tc1", "1/K", "linear temperature coefficient", 0.0}, &R::tc1},
                               {{"tc2", "1/K^2", "quadratic temperature coefficient", 0.0}, &R::tc2},
                               {{"tce", "%/K", "exponential temperature coefficient, instead of tc1 and tc2"}, &R::tce},
                               {{"scale", "", "factor on the resistance", 1.0}, &R::scale},
                               {{"noise", "", "0: without thermal noise", 1.0, 0.0, 1.0}, &R::noise},
                               {{"l", "m", "length", not_given, 0.0}, &R::l},
                               {{"w", "m", "width; by default defw", not_given, 0.0}, &R::w},
                               {model_field("rsh", "Ohm", "sheet resistance", not_given), &R::rsh},
                               {model_field("defw", "m", "default width", 1e-5, 0.0), &R::defw},
                               {model_field("narrow", "m", "narrowing of the width by side etching", 0.0), &R::narrow},
                               {model_field("short", "m", "shortening of the length by side etching", 0.0), &R::shorten},
                               multiplicity_field<R>()},
                              thermal_fields<R>()),
            .linear = true};
  }

  void prepare(const Environment& e) {
    const double width = w == w ? w : defw;
    const double drawn = rsh * (l - shorten) / (width - narrow);
    double ohms = r == r ? r : drawn == drawn ? drawn : 1e3;
    if (ohms == 0.0) ohms = shortest;
    const double dt = above_nominal(e);
    const double factor = tce == tce ? std::pow(1.01, tce * dt) : 1.0 + (tc1 + tc2 * dt) * dt;
    g = 1.0 / (ohms * scale * factor);
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T i = g * (port.v[0] - port.v[1]);
    return {{i, -i}, {}, {}};
  }

  void add_noise(const Port<double, Shape>&, const Environment& e, PortNoise& of) const { of.thermal(0, 1, noise * g, kelvin(e)); }
};

const RegisteredDevice<Resistor> registered("resistor");

}  // namespace
}  // namespace settle
