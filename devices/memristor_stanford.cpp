// Stanford-PKU filament RRAM (10.1109/TED.2015.2488818 and 10.1109/SISPAD.2014.6931558): a gap g between filament tip and electrode.
//   i = i0 e^(-g/g0) sinh(v/v0), dg/dt = -vel0 e^(-q ea/kT) sinh(gamma a0 q v/(tox kT)), T = t0 + rth v i,
//   gamma = gamma0 - beta (g/1 nm)^3, or 0 while gamma |v|/tox < fmin.
// Published programs clip g to gmin .. gmax; here the drift fades over a share `edge` of that interval before the bound. v i is never negative,
// so it stands for |v i|. Cycle-to-cycle fluctuation of g is not part of it.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

constexpr double nanometre = 1e-9;

struct Stanford : DeviceBase {
  using Shape = settle::Shape<2, 1>;

  double i0 = 1e-3, v0 = 0.25, g0 = 0.25e-9, vel0 = 10.0, ea = 0.6, a0 = 0.25e-9, tox = 12e-9, gamma0 = 16.0, beta = 0.8, fmin = 1.4e9;
  double t0 = 298.0, rth = 2.1e3, gmin = 0.2e-9, gmax = 1.7e-9, gap0 = 0.2e-9, edge = 1e-3;

  static Description<Stanford> describe() {
    using S = Stanford;
    return {.help = "Stanford-PKU filament memristor: a gap that a positive voltage closes, with Joule heating",
            .terminals = {"plus", "minus"},
            .states = {{.name = "gap", .unit = "m", .memory = true}},
            .model_types = {"stanford", "memristor"},
            .levels = {12},
            .principal = "gap0",
            .weight = "gap0",
            .fields = {{{"gap0", "m", "initial gap", 0.2e-9, 0.0}, &S::gap0},
                       {model_field("i0", "A", "current of a closed gap", 1e-3, 0.0), &S::i0},
                       {model_field("v0", "V", "bend of the current", 0.25, 1e-6), &S::v0},
                       {model_field("g0", "m", "tunnelling length", 0.25e-9, 1e-12), &S::g0},
                       {model_field("vel0", "m/s", "speed without a barrier", 10.0, 0.0), &S::vel0},
                       {model_field("ea", "eV", "activation energy", 0.6, 0.0), &S::ea},
                       {model_field("a0", "m", "hopping distance", 0.25e-9, 0.0), &S::a0},
                       {model_field("tox", "m", "thickness of the oxide", 12e-9, 1e-12), &S::tox},
                       {model_field("gamma0", "", "enhancement of the field at a closed gap", 16.0), &S::gamma0},
                       {model_field("beta", "", "loss of enhancement per (gap/1 nm)^3", 0.8), &S::beta},
                       {model_field("fmin", "V/m", "field below which the gap stands still", 1.4e9, 0.0), &S::fmin},
                       {model_field("t0", "K", "temperature of the surroundings", 298.0, 1.0), &S::t0},
                       {model_field("rth", "K/W", "thermal resistance", 2.1e3, 0.0), &S::rth},
                       {model_field("gmin", "m", "least gap", 0.2e-9, 0.0), &S::gmin},
                       {model_field("gmax", "m", "largest gap", 1.7e-9, 0.0), &S::gmax},
                       {model_field("edge", "", "share of gmin .. gmax over which the drift fades at a bound", 1e-3, 1e-9, 0.5), &S::edge},
                       multiplicity_field<S>()},
            .holomorphy = Holomorphy::piecewise,
            .held = Holomorphy::everywhere};
  }

  double initial(std::size_t) const { return gap0; }
  double tolerance(std::size_t) const { return 1e-6 * (gmax - gmin); }
  std::array<double, 2> weight_range() const { return {gmin, gmax}; }
  std::string fault() const {
    if (!(gmax > gmin)) return fmt::format("gmax = {:g} m must be above gmin = {:g} m", gmax, gmin);
    if (gap0 < gmin || gap0 > gmax) return fmt::format("gap0 = {:g} m lies outside gmin = {:g} m .. gmax = {:g} m", gap0, gmin, gmax);
    return {};
  }

  template <class T>
  T speed(const T& v, const T& i, const T& g) const {
    using std::exp;
    const T depth = g / nanometre;
    const T gamma = gamma0 - beta * depth * depth * depth;
    if (re(gamma) * std::abs(re(v)) < fmin * tox) return T(0.0);
    const T kt = (boltzmann / elementary_charge) * (t0 + rth * v * i);  // V
    return -vel0 * exp(-ea / kt) * limited_sinh(T(gamma * (a0 / tox) * v / kt));
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    using std::exp;
    const T v = port.v[0] - port.v[1];
    const T& g = port.state[0];
    const T i = i0 * exp(-g / g0) * limited_sinh(T(v / v0));
    return {{i, -i}, {Interval{gmin, gmax, edge}.held(speed(v, i, g), g)}, {}};
  }

  Formula formula() const {
    const std::string v = "v(plus,minus)", i = "i0*exp(-v(gap)/g0)*sinh(v(plus,minus)/v0)";
    const std::string gamma = "(gamma0-beta*(v(gap)*1e9)^3)", kt = fmt::format("({}*(t0+rth*{}*{}))", exact(boltzmann / elementary_charge), v, i);
    const std::string speed = fmt::format("({}*abs({}) < fmin*tox ? 0 : -vel0*exp(-ea/{})*sinh({}*a0/tox*{}/{}))", gamma, v, kt, gamma, v, kt);
    return {{{0, 1, i}}, {{"gap", gap0, nanometre, fmt::format("{}*{}", speed, Interval{gmin, gmax, edge}.room_text("v(gap)", v + "<0"))}}};
  }
};

const RegisteredDevice<Stanford> registered("stanford");

}  // namespace
}  // namespace settle
