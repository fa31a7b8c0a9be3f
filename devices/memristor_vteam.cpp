// VTEAM memristor: a barrier that moves beyond a threshold of the voltage (Kvatinsky et al., 10.1109/TCSII.2015.2433536); see memristor_kvatinsky.hpp.
#include "devices/bank.hpp"
#include "devices/memristor_kvatinsky.hpp"

namespace settle {
namespace {

struct Vteam : DeviceBase, Barrier {
  using Shape = settle::Shape<2, 1>;

  Vteam() { koff = 5e-4, kon = -10.0, alphaoff = 1.0, soff = 0.02, son = -0.2, window = 0.0; }

  static Description<Vteam> describe() {
    return {.help = "VTEAM memristor: a barrier that moves beyond a threshold of the voltage; a positive voltage raises the resistance",
            .terminals = {"plus", "minus"},
            .states = {{.name = "x", .unit = "m", .memory = true}},
            .model_types = {"vteam", "memristor"},
            .levels = {11},
            .principal = "x0",
            .weight = "x0",
            .fields = barrier_fields<Vteam>(Vteam(), "v", "V"),
            .holomorphy = Holomorphy::piecewise,
            .held = Holomorphy::everywhere};
  }

  double initial(std::size_t) const { return begin(); }
  double tolerance(std::size_t) const { return 1e-6 * width(); }
  std::array<double, 2> weight_range() const { return {xon, xoff}; }
  std::string fault() const { return barrier_fault(); }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T v = port.v[0] - port.v[1];
    const T i = v / resistance(port.state[0]);
    return {{i, -i}, {drift(v, port.state[0])}, {}};
  }

  Formula formula() const {
    const std::string v = "v(plus,minus)", i = "(" + v + "/" + resistance_text() + ")";
    return {{{0, 1, i}}, {{"x", begin(), width(), drift_text(v)}}};
  }
};

const RegisteredDevice<Vteam> registered("vteam");

}  // namespace
}  // namespace settle
