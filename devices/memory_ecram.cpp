// Electrochemical memory (ECRAM; Tang et al., 10.1109/IEDM.2018.8614551): ions that a gate current moves set the conductance of a channel.
//   i(p,n) = [gmin + (gmax - gmin) x] v(p,n), i(g,n) = [v(g,n) - voc - vx (x - 1/2)]/rg
//   dx/dt = i(g,n)/qmax e(x) - (x - xrest)/lifetime, e = 1 - fup x while charging, 1 - fdown (1 - x) while discharging
// The conductance moves by charge, not by voltage: without leak and losses qmax (x1 - x0) is the charge that went through the gate. At a bound
// the efficiency fades to zero over a share `edge` of the range; the gate current then no longer moves ions.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Ecram : DeviceBase {
  using Shape = settle::Shape<3, 1>;
  enum : std::size_t { drain, source, gate };

  double gmin = 1e-6, gmax = 1e-4, qmax = 1e-9, rg = 1e6, voc = 0.0, vx = 0.0, fup = 0.0, fdown = 0.0, lifetime = not_given, xrest = 0.0;
  double x0 = 0.5, edge = 1e-3;
  double leak = 0.0;  // 1/s

  static Description<Ecram> describe() {
    using E = Ecram;
    return {.help = "electrochemical memory: a channel whose conductance the charge through a gate sets",
            .terminals = {"p", "n", "g"},
            .states = {{.name = "x", .unit = "", .tolerance = 1e-6, .memory = true}},
            .model_types = {"ecram"},
            .branches = {{Branch::Tie::conducts, 0, 1}, {Branch::Tie::conducts, 2, 1}},
            .principal = "x0",
            .weight = "x0",
            .written = gate,
            .fields = {{{"x0", "", "initial share of the ions", 0.5, 0.0, 1.0}, &E::x0},
                       {model_field("gmin", "S", "conductance of the channel at x = 0", 1e-6, 0.0), &E::gmin},
                       {model_field("gmax", "S", "conductance of the channel at x = 1", 1e-4, 0.0), &E::gmax},
                       {model_field("qmax", "C", "gate charge from x = 0 to 1", 1e-9, 1e-21), &E::qmax},
                       {model_field("rg", "Ohm", "resistance of gate and electrolyte", 1e6, 1e-3), &E::rg},
                       {model_field("voc", "V", "open-circuit voltage of the gate at x = 1/2", 0.0), &E::voc},
                       {model_field("vx", "V", "rise of the open-circuit voltage from x = 0 to 1", 0.0, 0.0), &E::vx},
                       {model_field("fup", "", "share of the charge lost at x = 1 while charging; 1 is a soft bound", 0.0, 0.0, 1.0), &E::fup},
                       {model_field("fdown", "", "share of the charge lost at x = 0 while discharging", 0.0, 0.0, 1.0), &E::fdown},
                       {model_field("lifetime", "s", "time constant of the return to xrest; by default it keeps its state", not_given, 1e-12), &E::lifetime},
                       {model_field("xrest", "", "state that leakage leads to", 0.0, 0.0, 1.0), &E::xrest},
                       {model_field("edge", "", "share of the range over which the efficiency fades at a bound", 1e-3, 1e-9, 0.5), &E::edge},
                       multiplicity_field<E>()},
            .holomorphy = Holomorphy::piecewise,
            .held = Holomorphy::everywhere};
  }

  void prepare(const Environment&) { leak = lifetime == lifetime ? 1.0 / lifetime : 0.0; }
  double initial(std::size_t) const { return x0; }
  std::string fault() const { return gmax > gmin ? "" : fmt::format("gmax = {:g} S must be above gmin = {:g} S", gmax, gmin); }

  template <class T>
  T charging(const T& i, const T& x) const {
    const bool upward = re(i) > 0.0;
    const T efficiency = upward ? T(1.0 - fup * x) : T(1.0 - fdown * (1.0 - x));
    return i / qmax * efficiency * Interval{0.0, 1.0, edge}.room(x, upward);
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T& x = port.state[0];
    const T i = (gmin + (gmax - gmin) * x) * (port.v[drain] - port.v[source]);
    const T ig = (port.v[gate] - port.v[source] - voc - vx * (x - 0.5)) / rg;
    return {{i, -i - ig, ig}, {charging(ig, x) - leak * (x - xrest)}, {}};
  }

  void add_noise(const Port<double, Shape>& at, const Environment& e, PortNoise& noise) const {
    noise.thermal(drain, source, gmin + (gmax - gmin) * at.state[0], e.temperature);
    noise.thermal(gate, source, 1.0 / rg, e.temperature, "gate");
  }

  Formula formula() const {
    const std::string ig = "((v(g,n)-voc-vx*(v(x)-0.5))/rg)", up = ig + ">0";
    return {{{0, 1, "(gmin+(gmax-gmin)*v(x))*v(p,n)"}, {2, 1, ig}},
            {{"x", x0, 1.0, fmt::format("{}/qmax*({} ? 1-fup*v(x) : 1-fdown*(1-v(x)))*{}-{}*(v(x)-xrest)", ig, up,
                                        Interval{0.0, 1.0, edge}.room_text("v(x)", up), exact(leak))}}};
  }
};

const RegisteredDevice<Ecram> registered("ecram");

}  // namespace
}  // namespace settle
