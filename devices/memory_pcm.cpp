// Phase-change memory: a conductance that drifts, with the statistics of Joshi et al. (10.1038/s41467-020-16108-9) and Nandakumar et al.
// (10.1109/ICECS46596.2019.8964852). With the age a as a state, da/dt = 1, gh = g/gmax, gp = g + zprog sp(gh), ghp = gp/gmax:
//   i = gp ((a + toff)/t0)^-nu [1 + zread qs sqrt(ln((a + tread)/(2 tread)))] v
//   sp = 0.26348 + 1.9650 gh - 1.1731 gh^2 uS, nu = |mean + znu deviation|, qs = min(0.0088/ghp^0.65, 0.2)
//   mean = -0.0155 ln ghp + 0.0244 within 0.049 .. 0.1, deviation = -0.0125 ln ghp - 0.0059 within 0.008 .. 0.045
// zprog, znu and zread are standard normal deviates of one device: 0 gives the mean device, a mismatch of mean 0 and deviation 1 the population.
#include "devices/bank.hpp"
#include "devices/memristor_state.hpp"

namespace settle {
namespace {

struct Pcm : DeviceBase {
  using Shape = settle::Shape<2, 1>;

  double g = 10e-6, gmax = 25e-6, nu = not_given, t0 = 20.0, toff = 0.0, age = 20.0, tread = 250e-9, zprog = 0.0, znu = 0.0, zread = 0.0;
  double programmed = 0.0, exponent = 0.0, noise = 0.0;  // S, 1, 1

  static Description<Pcm> describe() {
    using P = Pcm;
    return {.help = "phase-change memory: a conductance that drifts with its age, with programming and read noise",
            .terminals = {"plus", "minus"},
            .states = {{.name = "age", .unit = "s", .memory = true}},
            .model_types = {"pcm", "memristor"},
            .levels = {21},
            .principal = "g",
            .weight = "g",
            .fields = {{{"g", "S", "conductance it was meant to have at the age t0", 10e-6, 0.0}, &P::g},
                       {{"age", "s", "time since it was programmed, at the start of the run", 20.0, 1e-12}, &P::age},
                       {model_field("gmax", "S", "largest conductance, the unit of the noise laws", 25e-6, 1e-12), &P::gmax},
                       {model_field("nu", "", "exponent of the drift; by default from g, as published", not_given), &P::nu},
                       {model_field("t0", "s", "age at which the conductance is g", 20.0, 1e-15), &P::t0},
                       {model_field("toff", "s", "added to the age", 0.0, 0.0), &P::toff},
                       {model_field("tread", "s", "duration of a read, for its noise", 250e-9, 1e-15), &P::tread},
                       {drawn_when(Field::Drawn::written, {"zprog", "", "deviate of the programming noise; 0: programmed exactly", 0.0}), &P::zprog},
                       {drawn_when(Field::Drawn::written, {"znu", "", "deviate of the drift exponent", 0.0}), &P::znu},
                       {drawn_when(Field::Drawn::read, {"zread", "", "deviate of the low-frequency read noise", 0.0}), &P::zread},
                       multiplicity_field<P>()}};
  }

  void prepare(const Environment&) {
    const double share = g / gmax, microsiemens = 1e-6;
    programmed = std::max(0.0, g + zprog * (0.26348 + 1.9650 * share - 1.1731 * share * share) * microsiemens);
    const double level = std::max(programmed / gmax, 1e-9), log_level = std::log(level);
    const double mean = std::clamp(-0.0155 * log_level + 0.0244, 0.049, 0.1), deviation = std::clamp(-0.0125 * log_level - 0.0059, 0.008, 0.045);
    exponent = nu == nu ? nu : std::abs(mean + znu * deviation);
    noise = zread * std::min(0.0088 / std::pow(level, 0.65), 0.2);
  }
  double initial(std::size_t) const { return age; }
  double tolerance(std::size_t) const { return 1e-6 * age; }
  std::array<double, 2> weight_range() const { return {0.0, 4.0 * gmax}; }

  template <class T>
  T conductance(const T& a) const {
    using std::exp, std::log, std::sqrt;
    const T drifted = programmed * exp(-exponent * log((a + toff) / t0));
    if (noise == 0.0 || re(a) <= tread) return drifted;  // within the first read there is no noise yet
    return drifted * (1.0 + noise * sqrt(log((a + tread) / (2.0 * tread))));
  }

  template <class T>
  Flow<T, Shape> flow(const Port<T, Shape>& port) const {
    const T i = conductance(port.state[0]) * (port.v[0] - port.v[1]);
    return {{i, -i}, {T(1.0)}, {}};
  }

  Formula formula() const {
    const std::string drifted = fmt::format("{}*((v(age)+toff)/t0)^{}", exact(programmed), exact(-exponent));
    const std::string noisy = noise == 0.0 ? drifted : fmt::format("{}*(1+{}*sqrt(max(0,ln((v(age)+tread)/(2*tread)))))", drifted, exact(noise));
    return {{{0, 1, noisy + "*v(plus,minus)"}}, {{"age", age, std::max(age, t0), "1"}}};
  }
};

const RegisteredDevice<Pcm> registered("pcm");

}  // namespace
}  // namespace settle
