// .langevin: the noisy circuit moved through time, M dx = f dt + sum of b dW, from its rest state; means and deviations with their errors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/langevin_report.hpp"
#include "circuits/langevin_walk.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

const std::vector<std::string> method_names{"exact", "implicit", "euler-maruyama"};

struct LangevinOptions {
  NoiseSettings noise;
  std::optional<LangevinMethod> method;
  double step = 0.0, stop = 0.0, discard = not_given;
  long trials = 1, every = 1;
  std::optional<std::uint64_t> seed;
};

bool sources_move(const Netlist& netlist) {
  return std::any_of(netlist.devices.begin(), netlist.devices.end(), [](const FlatDevice& d) { return d.waveform != nullptr; });
}

class Langevin {
 public:
  Langevin(Job& job, Recorder& recorder, const LangevinOptions& options)
      : job_(job), recorder_(recorder), options_(options), moves_(sources_move(job.netlist)), rest_(job, options.noise, recorder, ".langevin"), moving_(job.circuit, 1, moves_) {
    rest_.require_noise();
    place();
    for (const Complex& lambda : rest_.model().eigenvalues()) slowest_ = std::max(slowest_, lambda.real() < 0.0 ? -1.0 / lambda.real() : INFINITY);
    const LangevinMethod method = chosen();
    if (method == LangevinMethod::exact) rest_.require_finite();
    walk_ = langevin_walk(method, rest_, moving_, {.h = options.step, .seed = options.seed.value_or(job.seed)});
    stats_.method = method_names[static_cast<std::size_t>(method)];
    theory_ = theory_of(rest_, *walk_, moves_);
    const std::vector<double> about = probe_values(job.probes, Snapshot<double>(moving_, start_, 0.0));
    for (const double v : about) measured_.emplace_back(v);
  }

  AnalysisStats run() {
    const auto steps = static_cast<long>(std::llround(options_.stop / options_.step)), skipped = static_cast<long>(std::ceil(discard() / options_.step * (1.0 - 1e-12)));
    if (skipped >= steps)
      throw Error(Fault::simulation, fmt::format("nothing is left to measure: discard={} ends after tstop={}", format_engineering(discard(), "s"), format_engineering(options_.stop, "s")));
    for (long trial = 0; trial < options_.trials; ++trial) run_trial(trial, steps, skipped);
    if (job_.at_end) job_.at_end(Snapshot<double>(moving_, x_, options_.stop));
    const StepCounts counts = walk_->counts();
    stats_.steps = steps * options_.trials;
    stats_.iterations = counts.iterations + rest_.newton().iterations;
    stats_.factorizations = counts.factorizations + rest_.newton().factorizations;
    stats_.facts.push_back({"noise sources", static_cast<double>(rest_.sounding().size())});
    stats_.facts.push_back({"trials", static_cast<double>(options_.trials)});
    stats_.facts.push_back({"discarded", static_cast<double>(skipped) * options_.step, "s"});
    if (!moves_ && options_.stop < 30.0 * slowest_)
      stats_.facts.push_back({"short run", 0.0, "", fmt::format("the slowest time constant is {}: too short to trust means and errors", format_engineering(slowest_, "s"))});
    report_langevin(job_.probes, measured_, theory_, stats_);
    return stats_;
  }

 private:
  void place() {
    moving_.modes() = rest_.dynamics().modes();
    start_ = rest_.x();
    if (moves_) operating_point(job_, moving_, start_, 0.0, true, recorder_);
  }

  LangevinMethod chosen() const {
    const bool can = job_.circuit.linear() && !moves_;
    if (options_.method == LangevinMethod::exact && !can)
      throw Error(Fault::simulation, fmt::format("method=exact needs a linear circuit with sources at rest, but {}; use method=implicit",
                                                 moves_ ? "a source has a waveform" : fmt::format("'{}' is not linear", first_nonlinear())));
    return options_.method.value_or(can ? LangevinMethod::exact : LangevinMethod::implicit);
  }
  std::string first_nonlinear() const {
    for (const auto& element : job_.circuit.elements())
      if (!element->linear() && element->count() > 0) return element->name(0);
    return "a device";
  }

  /// Ten of the slowest time constants, half of the run at most: what is left of the start is e^-20 of a variance.
  double discard() const {
    if (options_.discard == options_.discard) return options_.discard;
    if (moves_) return 0.0;
    return std::min(10.0 * slowest_, 0.5 * options_.stop);
  }

  void run_trial(long trial, long steps, long skipped) {
    constexpr long between_looks = 256;
    walk_->start(static_cast<std::uint64_t>(trial));
    x_ = start_;
    for (long n = 1; n <= steps; ++n) {
      if (n % between_looks == 0) look(static_cast<double>(trial) + static_cast<double>(n) / static_cast<double>(steps));
      walk_->step(static_cast<double>(n - 1) * options_.step, x_);
      if (n > skipped) measure(trial, n, (n - skipped) % options_.every == 0);
    }
  }

  void look(double trials) {
    if (recorder_.interrupted()) throw Error(Fault::interrupted, "interrupted");
    recorder_.progress(trials / static_cast<double>(options_.trials));
  }

  void measure(long trial, long n, bool kept) {
    const double t = static_cast<double>(n) * options_.step;
    const std::vector<double> values = probe_values(job_.probes, Snapshot<double>(moving_, x_, t));
    for (std::size_t p = 0; p < values.size(); ++p) {
      if (!std::isfinite(values[p])) throw Error(Fault::simulation, fmt::format("'{}' is not finite any more at {}; take a smaller tstep or method=implicit", job_.probes[p]->label().name, format_engineering(t, "s")));
      measured_[p].add(values[p]);
    }
    if (trial > 0 || !kept) return;
    recorder_.record(t, values);
    ++stats_.points;
  }

  Job& job_;
  Recorder& recorder_;
  const LangevinOptions& options_;
  bool moves_;
  double slowest_ = 0.0;
  NoisyRest rest_;
  Dynamics<double> moving_;
  Block<double> start_, x_;
  std::unique_ptr<LangevinWalk> walk_;
  LangevinTheory theory_;
  std::vector<Blocking> measured_;
  AnalysisStats stats_;
};

class LangevinPlan final : public Plan {
 public:
  explicit LangevinPlan(LangevinOptions options) : options_(std::move(options)) {}
  Axis axis() const override { return {"time", "s", "time"}; }
  AnalysisStats run(Job& job, Recorder& recorder) const override { return Langevin(job, recorder, options_).run(); }

 private:
  LangevinOptions options_;
};

class LangevinAnalysis final : public Analysis {
 public:
  std::string help() const override {
    return "the circuit moved through time with the noise of its devices, or with injected noise: samples, means and rms values with their statistical errors, beside the covariance of "
           "the linearized circuit. Sources with waveforms are followed";
  }
  std::string usage() const override { return ".langevin tstep=... tstop=... [method=exact|implicit|euler-maruyama] [discard=...] [trials=1] [every=1] [seed=...] [thermal=on|off] [inject=T_e] [temp=...]"; }
  std::vector<CardParameter> parameters() const override {
    std::vector<CardParameter> all{{"tstep=", "s", "", "step, all of one length"},
                                   {"tstop=", "s", "", "end of a trial"},
                                   {"method=", "", "exact if the circuit is linear and its sources rest, else implicit",
                                    "exact: no error of the step; implicit: backward Euler, variances too small by 1/(1 + tstep/2 tau); euler-maruyama: explicit, too large by 1/(1 - tstep/2 tau), "
                                    "for nodes that all have capacitances"},
                                   {"discard=", "s", "10 slowest time constants, half of tstop at most", "start that is neither measured nor recorded"},
                                   {"trials=", "", "1", "repetitions with other random numbers; the first is recorded, all are measured"},
                                   {"every=", "", "1", "record every so many steps"},
                                   {"seed=", "", "that of the run", "of the random numbers, one stream per noise source and trial"}};
    const std::vector<CardParameter> noise = noise_parameters();
    all.insert(all.end(), noise.begin(), noise.end());
    return all;
  }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist&, Diagnostics& diagnostics) const override {
    constexpr double many = 1e12;
    const std::size_t errors = diagnostics.errors();
    CardOptions read(card, *this, diagnostics);
    LangevinOptions options;
    for (const char* needed : {"tstep", "tstop"})
      if (!read.given(needed)) diagnostics.error(card.where, fmt::format(".langevin needs {}=; usage: {}", needed, usage()));
    options.step = read.number("tstep", 1.0, {0.0, INFINITY, false, true});
    options.stop = read.number("tstop", 1.0, {0.0, INFINITY, false, true});
    const std::size_t none = method_names.size(), method = read.word("method", method_names, none);
    if (method != none) options.method = static_cast<LangevinMethod>(method);
    options.discard = read.number("discard", not_given, {0.0, INFINITY});
    options.trials = static_cast<long>(read.number("trials", 1, {1, many, true}));
    options.every = static_cast<long>(read.number("every", 1, {1, many, true}));
    if (read.given("seed")) options.seed = static_cast<std::uint64_t>(read.number("seed", 1, {0, 9e15, true}));
    options.noise = read_noise(read);
    read.finish(0);
    if (diagnostics.errors() != errors) return nullptr;
    if (options.stop < options.step) diagnostics.error(read.where("tstop"), fmt::format("tstop={:g} lies before the first step, tstep={:g}", options.stop, options.step));
    else if (options.stop / options.step > many) diagnostics.error(read.where("tstep"), fmt::format("{:.3g} steps are too many; take a larger tstep", options.stop / options.step));
    else if (options.discard >= options.stop) diagnostics.error(read.where("discard"), fmt::format("discard={:g} leaves nothing until tstop={:g}", options.discard, options.stop));
    return diagnostics.errors() == errors ? std::make_unique<LangevinPlan>(std::move(options)) : nullptr;
  }
};

const Registered<Analysis, LangevinAnalysis> registered("langevin");

}  // namespace
}  // namespace settle
