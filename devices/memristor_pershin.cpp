// Pershin-Di Ventra memristor with a threshold (Radioengineering 22 (2013) 485, arXiv 1204.2600): the state is the resistance itself.
//   i = v/r, dr/dt = beta v + (alpha - beta)/2 (|v + vt| - |v - vt|), rmin <= r <= rmax
// Slope alpha within the thresholds, beta beyond. The published bound is a step; here the drift fades over a share `edge` before it.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Pershin : DeviceBase {
  using Shape = settle::Shape<2, 1>;

  double rmin = 1e3, rmax = 10e3, r0 = 7e3, alpha = 0.0, beta = 20e3, vt = 1.6, edge = 1e-3;

  static Description<Pershin> describe() {
    using P = Pershin;
    return {.help = "Pershin-Di Ventra memristor: a resistance that moves beyond a threshold of the voltage; a positive voltage raises it",
            .terminals = {"plus", "minus"},
            .states = {{.name = "r", .unit = "Ohm", .memory = true}},
            .model_types = {"pershin", "memristor"},
            .levels = {15},
            .principal = "r0",
            .weight = "r0",
            .fields = {{{"r0", "Ohm", "initial resistance", 7e3, 1e-3}, &P::r0},
                       {model_field("rmin", "Ohm", "least resistance", 1e3, 1e-3), &P::rmin},
                       {model_field("rmax", "Ohm", "largest resistance", 10e3, 1e-3), &P::rmax},
                       {model_field("alpha", "Ohm/Vs", "speed per volt within the thresholds", 0.0), &P::alpha},
                       {model_field("beta", "Ohm/Vs", "speed per volt beyond them", 20e3), &P::beta},
                       {model_field("vt", "V", "threshold", 1.6, 0.0), &P::vt},
                       {model_field("edge", "", "share of rmin .. rmax over which the drift fades at a bound", 1e-3, 1e-9, 0.5), &P::edge},
                       multiplicity_field<P>()},
            .holomorphy = Holomorphy::piecewise,
            .held = Holomorphy::everywhere};
  }

  double initial(std::size_t) const { return r0; }
  double tolerance(std::size_t) const { return 1e-6 * (rmax - rmin); }
  std::array<double, 2> weight_range() const { return {rmin, rmax}; }
  std::string fault() const {
    if (!(rmax > rmin)) return fmt::format("rmax = {:g} Ohm must be above rmin = {:g} Ohm", rmax, rmin);
    if (r0 < rmin || r0 > rmax) return fmt::format("r0 = {:g} Ohm lies outside rmin = {:g} Ohm .. rmax = {:g} Ohm", r0, rmin, rmax);
    return {};
  }

  template <class T>
  T speed(const T& v) const {
    if (re(v) > vt) return beta * (v - vt) + alpha * vt;
    if (re(v) < -vt) return beta * (v + vt) - alpha * vt;
    return alpha * v;
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T v = port.v[0] - port.v[1];
    const T& r = port.state[0];
    const T i = v / r;
    return {{i, -i}, {Interval{rmin, rmax, edge}.held(speed(v), r)}, {}};
  }

  Formula formula() const {
    const std::string v = "v(plus,minus)";
    const std::string speed = fmt::format("({0} > vt ? beta*({0}-vt)+alpha*vt : ({0} < -vt ? beta*({0}+vt)-alpha*vt : alpha*{0}))", v);
    return {{{0, 1, "v(plus,minus)/v(r)"}}, {{"r", r0, rmax - rmin, speed + "*" + Interval{rmin, rmax, edge}.room_text("v(r)", speed + ">0")}}};
  }
};

const RegisteredDevice<Pershin> registered("pershin");

}  // namespace
}  // namespace settle
