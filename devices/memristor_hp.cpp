// HP memristor: linear drift of a doped front (Strukov et al., 10.1038/nature06932) with a window.
// v = [ron x + roff (1 - x)] i, dx/dt = kappa i f(x), kappa = mu ron / d^2; x = 1 is the conducting state.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Hp : DeviceBase, Window {
  using Shape = settle::Shape<2, 1>;

  double ron = 100.0, roff = 16e3, d = 1e-8, mu = 1e-14, x0 = 0.5;
  double kappa = 0.0;  // 1/C

  static Description<Hp> describe() {
    return {.help = "HP memristor: linear drift of a doped front, with a window; a current into 'plus' lowers the resistance",
            .terminals = {"plus", "minus"},
            .states = {{.name = "x", .unit = "", .tolerance = 1e-6, .memory = true}},
            .model_types = {"hp", "memristor"},
            .levels = {1},
            .principal = "x0",
            .weight = "x0",
            .fields = join<Hp>({{{"x0", "", "initial state: 0 is roff, 1 is ron", 0.5, 0.0, 1.0}, &Hp::x0},
                                {model_field("ron", "Ohm", "resistance at x = 1", 100.0, 1e-3), &Hp::ron},
                                {model_field("roff", "Ohm", "resistance at x = 0", 16e3, 1e-3), &Hp::roff},
                                {model_field("d", "m", "thickness of the film", 1e-8, 1e-12), &Hp::d},
                                {in_models("uv", model_field("mu", "m^2/Vs", "mobility of the dopants", 1e-14, 0.0)), &Hp::mu},
                                multiplicity_field<Hp>()},
                               window_fields<Hp>(1.0, false)),
            .holomorphy = Holomorphy::piecewise,
            .held = Holomorphy::everywhere};
  }

  void prepare(const Environment&) { kappa = mu * ron / (d * d); }
  double initial(std::size_t) const { return x0; }
  std::string fault() const { return window_fault(false); }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T& x = port.state[0];
    const T i = (port.v[0] - port.v[1]) / (ron * x + roff * (1.0 - x));
    return {{i, -i}, {kappa * i * windowed(x, re(i) > 0.0)}, {}};
  }

  Formula formula() const {
    const std::string i = "v(plus,minus)/(ron*v(x)+roff*(1-v(x)))";
    return {{{0, 1, i}}, {{"x", x0, 1.0, fmt::format("{}*{}*{}", exact(kappa), i, window_text("v(x)", i + ">0"))}}};
  }
};

const RegisteredDevice<Hp> registered("hp");

}  // namespace
}  // namespace settle
