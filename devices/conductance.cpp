// Programmable conductance: i = g v, gmin <= g <= gmax. What a crossing of an array is when only its weight matters.
#include <fmt/format.h>

#include "devices/bank.hpp"

namespace settle {
namespace {

struct Conductance : DeviceBase {
  using Shape = settle::Shape<2>;

  double g = 1e-6, gmin = 0.0, gmax = not_given;

  static Description<Conductance> describe() {
    using G = Conductance;
    return {.help = "programmable conductance",
            .terminals = {"p", "n"},
            .model_types = {"conductance"},
            .principal = "g",
            .weight = "g",
            .fields = {{{"g", "S", "conductance", 1e-6}, &G::g},
                       {model_field("gmin", "S", "least conductance it can be programmed to", 0.0), &G::gmin},
                       {model_field("gmax", "S", "largest conductance it can be programmed to; by default there is none", not_given), &G::gmax},
                       multiplicity_field<G>()},
            .linear = true};
  }

  std::array<double, 2> weight_range() const { return {gmin, gmax == gmax ? gmax : Field::unbounded}; }
  std::string fault() const {
    if (gmax < gmin) return fmt::format("gmax = {:g} S lies below gmin = {:g} S", gmax, gmin);
    if (g < gmin) return fmt::format("g = {:g} S lies below gmin = {:g} S", g, gmin);
    if (g > gmax) return fmt::format("g = {:g} S lies above gmax = {:g} S", g, gmax);
    return {};
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T i = g * (port.v[0] - port.v[1]);
    return {{i, -i}, {}, {}};
  }

  Formula formula() const { return {{{0, 1, "g*v(p,n)"}}, {}}; }
};

const RegisteredDevice<Conductance> registered("conductance");

}  // namespace
}  // namespace settle
