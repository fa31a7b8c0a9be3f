// .carrier: the turning nudge of .teach on one wire, all voltages phase-coded on a carrier; what a lock-in at the carrier's side lines sees, and what
// that costs against complex voltages.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "circuits/card_options.hpp"
#include "circuits/operating_point.hpp"
#include "learning/carrier.hpp"
#include "learning/nudge_card.hpp"
#include "learning/rest_point.hpp"
#include "sim/lock_in.hpp"
#include "sim/newton.hpp"
#include "sim/number.hpp"
#include "sim/uniform.hpp"

namespace settle {
namespace {

struct CarrierSettings {
  double frequency = 0.0;  // Hz
  long periods = 1, discard = 1, steps = 32;  // of the nudge; steps per period of the carrier
};

/// z of a probe, v(t) = Im[z exp(i W t)], about rest and per beta.
struct Seen {
  Complex rest, response, image;  // image: what follows the conjugate of beta
};

class CarrierPlan final : public Plan {
 public:
  explicit CarrierPlan(CarrierSettings settings) : settings_(settings) {}
  Axis axis() const override { return {"period", "1", "turns of the nudge measured"}; }
  bool complex() const override { return true; }

  std::vector<ProbeLabel> extra(const Job& job) const override {
    std::vector<ProbeLabel> labels;
    for (const char* name : {"rest", "response", "image"})
      for (const auto& probe : job.probes) {
        const std::string unit = std::string(name) == "rest" || !job.teaching ? probe->label().unit : probe->label().unit + "/" + job.teaching->beta_unit;
        labels.push_back({fmt::format("{}({})", name, probe->label().name), name, unit, probe->label().name, "probe"});
      }
    return labels;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const RestPoint rest(job, recorder, "carrier");
    const Signal& signal = job.teaching->signal;
    const long lines = std::max(2L, std::lround(settings_.frequency * signal.period));
    const double hertz = static_cast<double>(lines) / signal.period;
    Netlist carried = job.netlist;
    put_on_carrier(carried, *job.teaching, hertz);
    Circuit circuit(carried, tolerances_of(job.options), job.environment);
    const Probes probes = the_same(job.probes, make_probes(circuit, carried, "carrier", job.diagnostics));
    std::vector<LockIn> watched = watch(job, circuit, probes, lines, recorder);
    std::vector<Seen> seen;
    for (const LockIn& y : watched)
      seen.push_back({line(y, lines), line(y, lines + 1) / signal.beta, line(y, lines - 1) / signal.beta});
    std::vector<Complex> values;
    for (const Complex Seen::*member : {&Seen::rest, &Seen::response, &Seen::image})
      for (const Seen& each : seen) values.push_back(each.*member);
    recorder.record(static_cast<double>(settings_.periods), std::span<const Complex>(values));
    return report(job, rest, hertz, seen);
  }

 private:
  /// What is watched without a carrier, among what can be watched with one.
  static Probes the_same(const Probes& wanted, const Probes& there) {
    Probes found;
    for (const auto& probe : wanted)
      for (const auto& other : there)
        if (other->label().name == probe->label().name) found.push_back(other);
    return found;
  }

  /// z of v = Im[z exp(i h w t)].
  static Complex line(const LockIn& y, long h) { return Complex(0.0, 2.0) * y.harmonic(static_cast<int>(h)); }

  std::vector<LockIn> watch(const Job& job, const Circuit& circuit, const Probes& probes, long lines, const Recorder& recorder) const {
    const long steps = settings_.steps * lines;
    std::vector<LockIn> watched(probes.size(), LockIn(static_cast<int>(lines) + 1, steps));
    Dynamics<double> dynamics(circuit, 1, true);
    Block<double> x = Block<double>::Zero(dynamics.size(), 1);
    const double h = job.teaching->signal.period / static_cast<double>(steps);
    restart(dynamics, x, 0.0, 1e-9 * h, {.reltol = 1e-9});
    UniformSteps<double> uniform(dynamics, "rodas4p", h);
    for (long p = 0; p < settings_.discard + settings_.periods; ++p) {
      if (recorder.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted in period {}", p + 1));
      uniform.go(x, steps, [&](long, const Block<double>& at) {
        if (p < settings_.discard) return;
        const Snapshot<double> point(dynamics, at, uniform.time());
        for (std::size_t k = 0; k < probes.size(); ++k) watched[k].add(probes[k]->value(point, 0));
      });
    }
    return watched;
  }

  AnalysisStats report(const Job& job, const RestPoint& rest, double hertz, const std::vector<Seen>& seen) const {
    const Signal& signal = job.teaching->signal;
    const std::vector<Complex> exact = rest.small_values(rest.response(0.0), 0.0);
    const std::vector<double> rest_values = rest.rest_values();
    double error = 0.0, image = 0.0, size = 0.0;
    const std::string unit = job.probes.front()->label().unit, per = unit + "/" + job.teaching->beta_unit;
    FactTable table{.title = "response, phase-coded on one wire", .of = "probe", .columns = {{"at rest", unit}, {"exact", unit}, {"in phase", per}, {"quadrature", per}, {"image", per}, {"exact slow", per}}, .rows = {}};
    for (std::size_t k = 0; k < seen.size(); ++k) {
      error += std::norm(seen[k].response.real() - exact[k].real()), image += std::norm(seen[k].image), size += std::norm(exact[k]);
      table.rows.push_back({job.probes[k]->label().name, {seen[k].rest.real(), rest_values[k], seen[k].response.real(), seen[k].response.imag(), std::abs(seen[k].image), exact[k].real()}, {}});
    }
    AnalysisStats stats{.points = 1, .method = "rodas4p, steps of one length"};
    stats.facts = {{"|beta|", signal.beta, job.teaching->beta_unit}, {"carrier", hertz, "Hz"}, {"turn of the nudge", 1.0 / signal.period, "Hz"},
                   {"error of the response", size > 0.0 ? std::sqrt(error / size) : NAN, ""}, {"image, follows conj(beta)", size > 0.0 ? std::sqrt(image / size) : NAN, ""}};
    stats.tables.push_back(std::move(table));
    return stats;
  }

  CarrierSettings settings_;
};

class CarrierAnalysis final : public Analysis {
 public:
  std::string help() const override {
    return "the turning nudge of .teach with every voltage phase-coded on a carrier, v = Im[z exp(i W t)] on one wire, and what a lock-in at the carrier sees. Sources are their dc values times the "
           "carrier; the response is exact for linear circuits whose capacitors the carrier does not feel, and to first order in beta otherwise";
  }
  std::string usage() const override { return ".carrier frequency=value [periods=1] [discard=1] [steps=32]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"frequency=", "Hz", "", "of the carrier, well above that of the nudge; rounded to whole turns in its period"},
            {"periods=", "", "1", "of the nudge, measured"},
            {"discard=", "", "1", "periods of start-up"},
            {"steps=", "", "32", "per period of the carrier"}};
  }
  bool records_probes() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    CarrierSettings settings;
    constexpr double many = 1e9;
    settings.frequency = options.needed("frequency");
    settings.periods = static_cast<long>(options.number("periods", 1, {1, many, true}));
    settings.discard = static_cast<long>(options.number("discard", 1, {0, many, true}));
    settings.steps = static_cast<long>(options.number("steps", 32, {8, 1e6, true}));
    options.finish(0);
    const auto teaching = needed_oscillation(card, netlist, diagnostics);
    if (!teaching || diagnostics.errors() != errors) return nullptr;
    if (teaching->signal.shape != Signal::Shape::rotating) return diagnostics.error(teaching->where, ".carrier phase-codes a turning nudge: write signal=rotating"), nullptr;
    if (!(settings.frequency * teaching->signal.period >= 2.0))
      return options.refuse("frequency", fmt::format("the carrier must turn at least twice while the nudge turns once: frequency= {} or more", format_engineering(2.0 / teaching->signal.period, "Hz"))), nullptr;
    constexpr double most = 4096.0;
    if (settings.frequency * teaching->signal.period > most)
      return options.refuse("frequency", fmt::format("more than {} turns of the carrier in a period of the nudge cannot be told apart here: frequency= {} or less", most, format_engineering(most / teaching->signal.period, "Hz"))), nullptr;
    try {
      Netlist carried = netlist;
      put_on_carrier(carried, *teaching, settings.frequency);
    } catch (const Error& error) {
      return diagnostics.error(card.where, error.what()), nullptr;
    }
    return std::make_unique<CarrierPlan>(settings);
  }
};

const Registered<Analysis, CarrierAnalysis> registered("carrier");

}  // namespace
}  // namespace settle
