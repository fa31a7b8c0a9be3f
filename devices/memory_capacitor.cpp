// Capacitor cell (Li et al., 10.1109/VLSIT.2018.8510648): the voltage of a leaking capacitor sets the conductance of a readout transistor.
//   i(p,n) = [gmin + k s ln(1 + e^((u - vt)/s))] v(p,n), c du/dt = i(g,n) - c u/lifetime, i(g,n) = [v(g,n) - u]/rw
// Write it through a switch or with current pulses into the gate; u is measured from n.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct CapacitorCell : DeviceBase {
  using Shape = settle::Shape<3, 1>;
  enum : std::size_t { drain, source, gate };

  double c = 1e-14, k = 1e-5, vt = 0.3, s = 0.04, gmin = 0.0, rw = 1e4, lifetime = not_given, u0 = 0.6;
  double leak = 0.0;  // 1/s

  static Description<CapacitorCell> describe() {
    using C = CapacitorCell;
    return {.help = "capacitor cell: the voltage of a leaking capacitor sets the conductance of a readout transistor",
            .terminals = {"p", "n", "g"},
            .states = {{.name = "u", .unit = "V", .tolerance = 1e-6, .memory = true}},
            .model_types = {"capacitor_cell"},
            .branches = {{Branch::Tie::conducts, 0, 1}, {Branch::Tie::conducts, 2, 1}},
            .principal = "u0",
            .weight = "u0",
            .written = gate,
            .fields = {{{"u0", "V", "initial voltage of the capacitor", 0.6, -5.0, 5.0}, &C::u0},
                       {model_field("c", "F", "capacitance", 1e-14, 1e-21), &C::c},
                       {model_field("k", "S/V", "slope of the conductance above the threshold", 1e-5, 0.0), &C::k},
                       {model_field("vt", "V", "threshold of the readout", 0.3), &C::vt},
                       {model_field("s", "V", "softness of the threshold", 0.04, 1e-6), &C::s},
                       {model_field("gmin", "S", "conductance that is left below the threshold", 0.0, 0.0), &C::gmin},
                       {model_field("rw", "Ohm", "resistance between gate and capacitor", 1e4, 1e-3), &C::rw},
                       {model_field("lifetime", "s", "time constant of the capacitor's own leakage; by default it has none", not_given, 1e-15), &C::lifetime},
                       multiplicity_field<C>()}};
  }

  void prepare(const Environment&) { leak = lifetime == lifetime ? 1.0 / lifetime : 0.0; }
  double initial(std::size_t) const { return u0; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T& u = port.state[0];
    const T i = (gmin + k * s * softplus(T((u - vt) / s))) * (port.v[drain] - port.v[source]);
    const T ig = (port.v[gate] - port.v[source] - u) / rw;
    return {{i, -i - ig, ig}, {ig / c - leak * u}, {}};
  }

  void add_noise(const Port<double, Shape>& at, const Environment& e, PortNoise& noise) const {
    noise.thermal(drain, source, gmin + k * s * softplus((at.state[0] - vt) / s), e.temperature);
    noise.thermal(gate, source, 1.0 / rw, e.temperature, "gate");
  }

  Formula formula() const {
    const std::string z = "((v(u)-vt)/s)";
    return {{{0, 1, fmt::format("(gmin+k*s*(max({0},0)+ln(1+exp(-abs({0})))))*v(p,n)", z)}, {2, 1, "(v(g,n)-v(u))/rw"}},
            {{"u", u0, 1.0, fmt::format("(v(g,n)-v(u))/rw/c-{}*v(u)", exact(leak))}}};
  }
};

const RegisteredDevice<CapacitorCell> registered("capacitor_cell");

}  // namespace
}  // namespace settle
