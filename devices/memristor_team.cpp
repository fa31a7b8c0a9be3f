// TEAM memristor: a barrier that moves beyond a threshold of the current (Kvatinsky et al., 10.1109/TCSI.2012.2215714); see memristor_kvatinsky.hpp.
#include "devices/bank.hpp"
#include "devices/memristor_kvatinsky.hpp"

namespace settle {
namespace {

struct Team : DeviceBase, Barrier {
  using Shape = settle::Shape<2, 1>;

  Team() { koff = 8e-13, kon = -8e-13, soff = 115e-6, son = -8.9e-6, window = 4.0; }

  static Description<Team> describe() {
    return {.help = "TEAM memristor: a barrier that moves beyond a threshold of the current; a current into 'plus' raises the resistance",
            .terminals = {"plus", "minus"},
            .states = {{.name = "x", .unit = "m", .memory = true}},
            .model_types = {"team", "memristor"},
            .levels = {2},
            .principal = "x0",
            .weight = "x0",
            .fields = barrier_fields<Team>(Team(), "i", "A"),
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
    return {{i, -i}, {drift(i, port.state[0])}, {}};
  }

  Formula formula() const {
    const std::string v = "v(plus,minus)", i = "(" + v + "/" + resistance_text() + ")";
    return {{{0, 1, i}}, {{"x", begin(), width(), drift_text(i)}}};
  }
};

const RegisteredDevice<Team> registered("team");

}  // namespace
}  // namespace settle
