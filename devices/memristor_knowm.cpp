// Knowm memristor, metastable switches (Nugent and Molter, 10.1371/journal.pone.0085175): the mean of many switches with two states,
//   dx/dt = (P_on (1 - x) - P_off x) / tau, P_on = s((v - von)/vt), P_off = 1 - s((v + voff)/vt), s(z) = 1/(1 + e^-z), vt = kT/q
//   i = [x/ron + (1 - x)/roff] v
// Rates are never negative and add up, so x stays in 0 .. 1 by itself. Poles lie at v = von + i pi vt (2k + 1): |Im v| < 81 mV at 300 K.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Knowm : DeviceBase, Thermal {
  using Shape = settle::Shape<2, 1>;

  double ron = 500.0, roff = 1500.0, von = 0.27, voff = 0.27, tau = 1e-4, x0 = 0.5;
  double vt = 0.02585;  // V, at temperature

  static Description<Knowm> describe() {
    using K = Knowm;
    return {.help = "Knowm memristor: the mean of many metastable switches",
            .terminals = {"plus", "minus"},
            .states = {{.name = "x", .unit = "", .tolerance = 1e-6, .memory = true}},
            .model_types = {"knowm", "memristor"},
            .levels = {13},
            .principal = "x0",
            .weight = "x0",
            .fields = {{{"x0", "", "initial share of switches that are on", 0.5, 0.0, 1.0}, &K::x0},
                       {model_field("ron", "Ohm", "resistance at x = 1", 500.0, 1e-3), &K::ron},
                       {model_field("roff", "Ohm", "resistance at x = 0", 1500.0, 1e-3), &K::roff},
                       {model_field("von", "V", "voltage at which half of the switches that are off turn on", 0.27), &K::von},
                       {model_field("voff", "V", "voltage, reversed, at which half of those that are on turn off", 0.27), &K::voff},
                       {model_field("tau", "s", "time scale", 1e-4, 1e-15), &K::tau},
                       {{"temp", "degC", "temperature of this device; by default that of the circuit plus dtemp"}, &Thermal::temp},
                       {{"dtemp", "K", "temperature above that of the circuit", 0.0}, &Thermal::dtemp},
                       multiplicity_field<K>()}};
  }

  void prepare(const Environment& e) { vt = boltzmann * kelvin(e) / elementary_charge; }
  double initial(std::size_t) const { return x0; }

  template <class T>
  static T logistic(const T& z) {
    using std::exp;
    if (re(z) > 0.0) return 1.0 / (1.0 + exp(-z));
    const T e = exp(z);
    return e / (1.0 + e);
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T v = port.v[0] - port.v[1];
    const T& x = port.state[0];
    const T i = (x / ron + (1.0 - x) / roff) * v;
    return {{i, -i}, {(logistic(T((v - von) / vt)) * (1.0 - x) - logistic(T(-(v + voff) / vt)) * x) / tau}, {}};
  }

  Formula formula() const {
    const auto logistic = [&](const std::string& z) { return fmt::format("1/(1+exp(min(300,-({})/{})))", z, exact(vt)); };
    return {{{0, 1, "(v(x)/ron+(1-v(x))/roff)*v(plus,minus)"}},
            {{"x", x0, 1.0, fmt::format("({}*(1-v(x))-{}*v(x))/tau", logistic("v(plus,minus)-von"), logistic("-v(plus,minus)-voff"))}}};
  }
};

const RegisteredDevice<Knowm> registered("knowm");

}  // namespace
}  // namespace settle
