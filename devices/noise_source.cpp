// Noise source: a white noise current of given one-sided density from p through the source to n; silent in every analysis but those of noise.
#include "devices/bank.hpp"

namespace settle {
namespace {

struct InjectedNoise : DeviceBase {
  using Shape = settle::Shape<2>;
  static constexpr bool conducts = false;

  double density = not_given, psd = not_given;

  static Description<InjectedNoise> describe() {
    using N = InjectedNoise;
    return {.help = "white noise current, for .covariance, .langevin and .noise; it carries nothing in other analyses",
            .terminals = {"p", "n"},
            .branches = {{Branch::Tie::current, 0, 1}},
            .principal = "density",
            .fields = {{{"density", "A/rtHz", "one-sided spectral density", not_given, 0.0}, &N::density},
                       {{"psd", "A^2/Hz", "its square, instead", not_given, 0.0}, &N::psd},
                       multiplicity_field<N>()},
            .linear = true};
  }

  std::string fault() const { return (density == density) == (psd == psd) ? "it needs its strength, either density= (A/rtHz) or psd= (A^2/Hz)" : ""; }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>&) const {
    return {};
  }

  void add_noise(const Port<double, Shape>&, const Environment&, PortNoise& noise) const { noise.add("injected", 0, 1, psd == psd ? psd : density * density); }

  Formula formula() const { return {{{0, 1, "0"}}, {}}; }
};

const RegisteredDevice<InjectedNoise> registered("noise");

}  // namespace
}  // namespace settle
