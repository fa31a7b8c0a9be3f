// Data-driven memristor (Messaris et al., 10.1109/TCAD.2018.2791468): a resistance that moves towards a value the voltage sets.
//   i = cp sinh(bp v)/r for v > 0, cn sinh(bn v)/r below
//   dr/dt = ap (e^(tp v) - 1) (e^(kp (rp - r)) - 1) for v > 0 and r < rp = rp0 + rp1 v
//   dr/dt = an (e^(-tn v) - 1) (e^(kn (r - rn)) - 1) for v < 0 and r > rn = rn0 + rn1 v, else 0
// rmin .. rmax is the range it was measured in; the drift fades over a share `edge` of it before its ends.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Messaris : DeviceBase {
  using Shape = settle::Shape<2, 1>;

  double ap = 743.47, an = -68012.28374, tp = 6.51, tn = 0.31645, kp = 5.11e-4, kn = 1.17e-3, rp0 = 16719.0, rp1 = 0.0, rn0 = 29304.82557, rn1 = 23692.77225;
  double cp = 0.24, cn = 0.24, bp = 3.0, bn = 3.0, rmin = 1280.0, rmax = 17e3, r0 = 5e3, edge = 1e-3;

  static Description<Messaris> describe() {
    using M = Messaris;
    return {.help = "data-driven memristor of Messaris: a resistance that moves towards a value the voltage sets; a positive voltage raises it",
            .terminals = {"plus", "minus"},
            .states = {{.name = "r", .unit = "Ohm", .memory = true}},
            .model_types = {"messaris", "memristor"},
            .levels = {16},
            .principal = "r0",
            .weight = "r0",
            .fields = {{{"r0", "Ohm", "initial resistance", 5e3, 1e-3}, &M::r0},
                       {model_field("ap", "Ohm/s", "speed for positive voltages", 743.47, 0.0), &M::ap},
                       {model_field("an", "Ohm/s", "speed for negative voltages, negative", -68012.28374, -Field::unbounded, 0.0), &M::an},
                       {model_field("tp", "1/V", "bend of the speed for positive voltages", 6.51, 0.0), &M::tp},
                       {model_field("tn", "1/V", "bend of the speed for negative voltages", 0.31645, 0.0), &M::tn},
                       {model_field("kp", "1/Ohm", "how the speed falls towards rp", 5.11e-4, 0.0), &M::kp},
                       {model_field("kn", "1/Ohm", "how the speed falls towards rn", 1.17e-3, 0.0), &M::kn},
                       {model_field("rp0", "Ohm", "where positive voltages lead", 16719.0), &M::rp0},
                       {model_field("rp1", "Ohm/V", "the same, per volt", 0.0), &M::rp1},
                       {model_field("rn0", "Ohm", "where negative voltages lead", 29304.82557), &M::rn0},
                       {model_field("rn1", "Ohm/V", "the same, per volt", 23692.77225), &M::rn1},
                       {model_field("cp", "V", "voltage scale of the current for positive voltages", 0.24, 0.0), &M::cp},
                       {model_field("cn", "V", "voltage scale of the current for negative voltages", 0.24, 0.0), &M::cn},
                       {model_field("bp", "1/V", "bend of the current for positive voltages", 3.0, 0.0), &M::bp},
                       {model_field("bn", "1/V", "bend of the current for negative voltages", 3.0, 0.0), &M::bn},
                       {model_field("rmin", "Ohm", "least resistance", 1280.0, 1e-3), &M::rmin},
                       {model_field("rmax", "Ohm", "largest resistance", 17e3, 1e-3), &M::rmax},
                       {model_field("edge", "", "share of rmin .. rmax over which the drift fades at a bound", 1e-3, 1e-9, 0.5), &M::edge},
                       multiplicity_field<M>()},
            .holomorphy = Holomorphy::piecewise,
            .pieces = "its current has one shape for positive and another for negative voltages"};
  }

  double initial(std::size_t) const { return r0; }
  bool seamless() const { return cp == cn && bp == bn; }
  double tolerance(std::size_t) const { return 1e-6 * (rmax - rmin); }
  std::array<double, 2> weight_range() const { return {rmin, rmax}; }
  std::string fault() const {
    if (!(rmax > rmin)) return fmt::format("rmax = {:g} Ohm must be above rmin = {:g} Ohm", rmax, rmin);
    if (r0 < rmin || r0 > rmax) return fmt::format("r0 = {:g} Ohm lies outside rmin = {:g} Ohm .. rmax = {:g} Ohm", r0, rmin, rmax);
    return {};
  }

  template <class T>
  T speed(const T& v, const T& r) const {
    const T left = re(v) > 0.0 ? T(kp * (rp0 + rp1 * v - r)) : T(kn * (r - rn0 - rn1 * v));
    if (re(left) <= 0.0) return T(0.0);
    const T push = re(v) > 0.0 ? T(ap * (limited_exp(T(tp * v)) - 1.0)) : T(an * (limited_exp(T(-tn * v)) - 1.0));
    return push * (limited_exp(left) - 1.0);
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T v = port.v[0] - port.v[1];
    const T& r = port.state[0];
    const T i = (re(v) > 0.0 ? T(cp * limited_sinh(T(bp * v))) : T(cn * limited_sinh(T(bn * v)))) / r;
    return {{i, -i}, {Interval{rmin, rmax, edge}.held(speed(v, r), r)}, {}};
  }

  Formula formula() const {
    const std::string v = "v(plus,minus)";
    const std::string up = fmt::format("ap*(exp(tp*{0})-1)*(exp(max(0,kp*(rp0+rp1*{0}-v(r))))-1)", v), down = fmt::format("an*(exp(-tn*{0})-1)*(exp(max(0,kn*(v(r)-rn0-rn1*{0})))-1)", v);
    return {{{0, 1, fmt::format("({0} > 0 ? cp*sinh(bp*{0}) : cn*sinh(bn*{0}))/v(r)", v)}},
            {{"r", r0, rmax - rmin, fmt::format("({0} > 0 ? {1} : {2})*{3}", v, up, down, Interval{rmin, rmax, edge}.room_text("v(r)", v + " > 0"))}}};
  }
};

const RegisteredDevice<Messaris> registered("messaris");

}  // namespace
}  // namespace settle
