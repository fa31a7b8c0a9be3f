// Yakopcic memristor (10.1109/TCAD.2013.2252057): i = a1 x sinh(b v) for v >= 0, a2 x sinh(b v) below; dx/dt = eta g(v) f(x, v).
//   g = ap (e^v - e^vp) for v > vp, -an (e^-v - e^vn) for v < -vn, else 0
//   f = e^(-alphap (x - xp)) wp for eta v >= 0 and x >= xp, e^(alphan (x + xn - 1)) wn for eta v < 0 and x <= 1 - xn, else 1
//   wp = (xp - x)/(1 - xp) + 1, wn = x/(1 - xn): both vanish at the bound and turn the drift back behind it.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Yakopcic : DeviceBase {
  using Shape = settle::Shape<2, 1>;

  double a1 = 0.17, a2 = 0.17, b = 0.05, vp = 0.16, vn = 0.15, ap = 4000.0, an = 4000.0;
  double xp = 0.3, xn = 0.5, alphap = 1.0, alphan = 5.0, eta = 1.0, x0 = 0.11;

  static Description<Yakopcic> describe() {
    using Y = Yakopcic;
    return {.help = "Yakopcic memristor: tunnelling current, state that moves beyond thresholds of the voltage",
            .terminals = {"plus", "minus"},
            .states = {{.name = "x", .unit = "", .tolerance = 1e-6, .memory = true}},
            .model_types = {"yakopcic", "memristor"},
            .levels = {3},
            .principal = "x0",
            .weight = "x0",
            .fields = {{{"x0", "", "initial state", 0.11, 0.0, 1.0}, &Y::x0},
                       {model_field("a1", "A", "current at x = 1 for positive voltages", 0.17, 0.0), &Y::a1},
                       {model_field("a2", "A", "current at x = 1 for negative voltages", 0.17, 0.0), &Y::a2},
                       {model_field("b", "1/V", "bend of the current", 0.05, 0.0), &Y::b},
                       {model_field("vp", "V", "threshold of positive voltages", 0.16, 0.0), &Y::vp},
                       {model_field("vn", "V", "threshold of negative voltages, as a positive number", 0.15, 0.0), &Y::vn},
                       {model_field("ap", "1/s", "speed beyond vp", 4000.0, 0.0), &Y::ap},
                       {model_field("an", "1/s", "speed beyond -vn", 4000.0, 0.0), &Y::an},
                       {model_field("xp", "", "state above which upward motion slows down", 0.3, 0.0, 0.999999), &Y::xp},
                       {model_field("xn", "", "1 - xn: state below which downward motion slows down", 0.5, 0.0, 0.999999), &Y::xn},
                       {model_field("alphap", "", "how fast it slows down upward", 1.0, 0.0), &Y::alphap},
                       {model_field("alphan", "", "how fast it slows down downward", 5.0, 0.0), &Y::alphan},
                       {model_field("eta", "", "1: a positive voltage raises x, -1: lowers it", 1.0, -1.0, 1.0), &Y::eta},
                       multiplicity_field<Y>()},
            .holomorphy = Holomorphy::piecewise,
            .pieces = "its current has one shape for positive and another for negative voltages"};
  }

  double initial(std::size_t) const { return x0; }
  bool seamless() const { return a1 == a2; }
  std::string fault() const { return eta == 1.0 || eta == -1.0 ? "" : fmt::format("eta = {:g} is neither 1 nor -1", eta); }

  template <class T>
  T driven(const T& v) const {
    if (re(v) > vp) return ap * (limited_exp(v) - std::exp(vp));
    if (re(v) < -vn) return -an * (limited_exp(-v) - std::exp(vn));
    return T(0.0);
  }
  template <class T>
  T slowed(const T& x, bool upward) const {
    using std::exp;
    if (upward && re(x) >= xp) return exp(-alphap * (x - xp)) * ((xp - x) / (1.0 - xp) + 1.0);
    if (!upward && re(x) <= 1.0 - xn) return exp(alphan * (x + xn - 1.0)) * x / (1.0 - xn);
    return T(1.0);
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T v = port.v[0] - port.v[1];
    const T& x = port.state[0];
    const T i = (re(v) >= 0.0 ? a1 : a2) * x * limited_sinh(T(b * v));
    return {{i, -i}, {eta * driven(v) * slowed(x, eta * re(v) >= 0.0)}, {}};
  }

  Formula formula() const {
    const std::string driven = "(v(plus,minus) > vp ? ap*(exp(v(plus,minus))-exp(vp)) : (v(plus,minus) < -vn ? -an*(exp(-v(plus,minus))-exp(vn)) : 0))";
    const std::string up = "(v(x) >= xp ? exp(-alphap*(v(x)-xp))*((xp-v(x))/(1-xp)+1) : 1)";
    const std::string down = "(v(x) <= 1-xn ? exp(alphan*(v(x)+xn-1))*v(x)/(1-xn) : 1)";
    return {{{0, 1, "(v(plus,minus) >= 0 ? a1 : a2)*v(x)*sinh(b*v(plus,minus))"}},
            {{"x", x0, 1.0, fmt::format("eta*{}*(eta*v(plus,minus) >= 0 ? {} : {})", driven, up, down)}}};
  }
};

const RegisteredDevice<Yakopcic> registered("yakopcic");

}  // namespace
}  // namespace settle
