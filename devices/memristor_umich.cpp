// Michigan tungsten-oxide memristor (Chang et al., 10.1007/s00339-011-6296-1): entire in voltage and state.
//   i = (1 - w) alpha (1 - e^(-beta v)) + w gamma sinh(delta v), dw/dt = lambda (eta1 sinh(eta2 v) - w/tau)
// Without a voltage w decays with the time constant tau/lambda. Programs often clip w to 0 .. 1; nothing is clipped here, so that the device
// stays complex-differentiable: keep eta1 tau sinh(eta2 v) below 1, or the pulses short.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Umich : DeviceBase {
  using Shape = settle::Shape<2, 1>;

  double alpha = 0.5e-6, beta = 0.5, gamma = 4e-6, delta = 2.0, lambda = 4.5, eta1 = 0.004, eta2 = 4.0, tau = 10.0, w0 = 0.1;

  static Description<Umich> describe() {
    using U = Umich;
    return {.help = "Michigan memristor: Schottky and tunnelling currents, a state that voltages push and time lets decay",
            .terminals = {"plus", "minus"},
            .states = {{.name = "w", .unit = "", .tolerance = 1e-6, .memory = true}},
            .model_types = {"umich", "memristor"},
            .levels = {14},
            .principal = "w0",
            .weight = "w0",
            .fields = {{{"w0", "", "initial state", 0.1, 0.0, 1.0}, &U::w0},
                       {model_field("alpha", "A", "Schottky current at w = 0", 0.5e-6, 0.0), &U::alpha},
                       {model_field("beta", "1/V", "bend of the Schottky current", 0.5, 0.0), &U::beta},
                       {model_field("gamma", "A", "tunnelling current at w = 1", 4e-6, 0.0), &U::gamma},
                       {model_field("delta", "1/V", "bend of the tunnelling current", 2.0, 0.0), &U::delta},
                       {model_field("lambda", "", "speed", 4.5, 0.0), &U::lambda},
                       {model_field("eta1", "1/s", "growth", 0.004, 0.0), &U::eta1},
                       {model_field("eta2", "1/V", "bend of the growth", 4.0, 0.0), &U::eta2},
                       {model_field("tau", "s", "decay of w, divided by lambda", 10.0, 1e-15), &U::tau},
                       multiplicity_field<U>()}};
  }

  double initial(std::size_t) const { return w0; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T v = port.v[0] - port.v[1];
    const T& w = port.state[0];
    const T i = -(1.0 - w) * alpha * expm1(T(-beta * v)) + w * gamma * limited_sinh(T(delta * v));
    return {{i, -i}, {lambda * (eta1 * limited_sinh(T(eta2 * v)) - w / tau)}, {}};
  }

  Formula formula() const {
    return {{{0, 1, "(1-v(w))*alpha*(1-exp(-beta*v(plus,minus)))+v(w)*gamma*sinh(delta*v(plus,minus))"}},
            {{"w", w0, 1.0, "lambda*(eta1*sinh(eta2*v(plus,minus))-v(w)/tau)"}}};
  }
};

const RegisteredDevice<Umich> registered("umich");

}  // namespace
}  // namespace settle
