// .lockin: the response of a circuit to an oscillating nudge, measured as a lock-in amplifier would, beside what is exactly true.
#include <fmt/format.h>

#include <cmath>

#include "circuits/card_options.hpp"
#include "learning/lock_in_run.hpp"
#include "learning/nudge_card.hpp"
#include "learning/warnings.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

const std::vector<std::string> mode_names{"rotating", "cosine", "cosine-corrected"};

/// Columns of the trace, all of one probe together.
struct Columns {
  static constexpr std::size_t before_harmonics = 4;
  static std::vector<std::string> names(const LockInSettings& settings) {
    std::vector<std::string> names{"mean", "rest", "response", "uncertainty"};
    for (int h = 1; h <= settings.harmonics; ++h) names.push_back(fmt::format("harmonic{}", h));
    if (settings.lowpass > 0.0) names.push_back("filtered");
    return names;
  }
};

class LockInPlan final : public Plan {
 public:
  LockInPlan(LockInSettings settings, LockInMode mode) : settings_(settings), mode_(mode) {}
  Axis axis() const override { return {"time", "s", "ends of the periods measured"}; }
  bool complex() const override { return true; }

  std::vector<ProbeLabel> extra(const Job& job) const override {
    std::vector<ProbeLabel> labels;
    for (const std::string& name : Columns::names(settings_))
      for (const auto& probe : job.probes) {
        const bool slope = name == "response" || name == "uncertainty" || name == "filtered";
        const std::string unit = slope && job.teaching ? probe->label().unit + "/" + job.teaching->beta_unit : probe->label().unit;
        labels.push_back({fmt::format("{}({})", name, probe->label().name), name, unit, probe->label().name, "probe"});
      }
    return labels;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const RestPoint rest(job, recorder, "lockin");
    const Signal& signal = job.teaching->signal;
    LockInRun lock_in(job, signal, settings_);
    lock_in.go(rest, recorder, [&](long period) { record(job, lock_in, period, recorder); });
    warn_of_coarse_steps(job, lock_in);
    if (signal.complex()) warn_of_broken_holomorphy(job, rest, lock_in);
    AnalysisStats stats{.points = settings_.periods, .steps = lock_in.steps(), .method = "lock-in, " + mode_names[static_cast<std::size_t>(mode_)]};
    stats.facts = facts(rest, lock_in, signal, *job.teaching);
    stats.tables.push_back(table(job, rest, lock_in, signal));
    return stats;
  }

 private:
  void record(const Job& job, const LockInRun& lock_in, long period, Recorder& recorder) const {
    std::vector<Complex> values;
    for (const std::string& name : Columns::names(settings_))
      for (std::size_t k = 0; k < job.probes.size(); ++k) values.push_back(value(lock_in, k, name, job.teaching->signal.beta));
    recorder.record(static_cast<double>(lock_in.discarded() + period) * job.teaching->signal.period, values);
    recorder.progress(static_cast<double>(lock_in.discarded() + period) / static_cast<double>(lock_in.discarded() + settings_.periods));
  }

  Complex value(const LockInRun& lock_in, std::size_t k, const std::string& name, double beta) const {
    const Watched& watched = lock_in.watched()[k];
    if (name == "mean") return watched.harmonics.harmonic(0);
    if (name == "rest") return lock_in.rest(k, mode_);
    if (name == "response") return lock_in.response(k, mode_);
    if (name == "uncertainty") return lock_in.response_uncertainty(k);
    if (name == "filtered") return (mode_ == LockInMode::rotating ? 1.0 : 2.0) * watched.filter->value() / beta;
    return watched.harmonics.harmonic(std::stoi(name.substr(std::string("harmonic").size())));
  }

  std::vector<Fact> facts(const RestPoint& rest, const LockInRun& lock_in, const Signal& signal, const Teaching& teaching) const {
    std::vector<Fact> facts{{.name = "|beta|", .value = signal.beta, .unit = teaching.beta_unit}, {.name = "period", .value = signal.period, .unit = "s"}};
    if (settings_.discard < 0.0) facts.push_back({.name = "slowest time constant", .value = rest.slowest(), .unit = "s"});
    facts.push_back({.name = "periods discarded", .value = static_cast<double>(lock_in.discarded()), .unit = ""});
    facts.push_back({.name = "state misses itself by", .value = lock_in.not_returned(), .unit = ""});
    if (signal.complex()) facts.push_back({.name = "negative frequencies", .value = lock_in.negative_share(), .unit = ""});
    return facts;
  }

  FactTable table(const Job& job, const RestPoint& rest, const LockInRun& lock_in, const Signal& signal) const {
    const std::string per = job.probes.empty() ? "" : job.probes.front()->label().unit + "/" + job.teaching->beta_unit;
    const std::string unit = job.probes.empty() ? "" : job.probes.front()->label().unit;
    FactTable table{.title = "response", .of = "probe", .columns = {}, .rows = {}};
    table.columns = {{"at rest", unit}, {"mean", unit}, {"in phase", per}, {"quadrature", per}, {"uncertainty", per}, {"exact now", per}, {"exact slow", per}};
    if (settings_.lowpass > 0.0) table.columns.push_back({"filtered", per});
    const std::vector<double> x0 = rest.rest_values();
    const auto now = rest.small_values(rest.response(signal.omega()), signal.omega()), slow = rest.small_values(rest.response(0.0), 0.0);
    for (std::size_t k = 0; k < job.probes.size(); ++k) {
      const Complex response = lock_in.response(k, mode_);
      table.rows.push_back({job.probes[k]->label().name,
                            {x0[k], lock_in.rest(k, mode_).real(), response.real(), response.imag(), lock_in.response_uncertainty(k), now[k].real(), slow[k].real()},
                            {}});
      if (settings_.lowpass > 0.0) table.rows.back().values.push_back(value(lock_in, k, "filtered", signal.beta).real());
    }
    return table;
  }

  LockInSettings settings_;
  LockInMode mode_;
};

class LockInAnalysis final : public Analysis {
 public:
  std::string help() const override {
    return "the response of every probe to the oscillating nudge of .teach, as a lock-in measures it: running means and harmonics over whole periods with their statistical "
           "uncertainty, beside the exact response. Sources are at their DC values, memory states are frozen, steps are of one length";
  }
  std::string usage() const override { return ".lockin [name=value ...]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"periods=", "", "10", "measured"},
            {"discard=", "s", "the larger of one period and eight slowest time constants", "start-up that is not measured, rounded up to whole periods"},
            {"mode=", "", "that of the signal", "rotating: the first harmonic, exact; cosine: twice the first harmonic; cosine-corrected: with the odd harmonics, a1 - 3 a3 + 5 a5 ..."},
            {"harmonics=", "", "5", "how many are kept"},
            {"steps=", "", "256", "per period"},
            {"lowpass=", "s", "0 (none)", "time constant of a circuit that multiplies and filters, shown beside the mean over periods"}};
  }
  bool records_probes() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    constexpr double many = 1e9;
    CardOptions options(card, *this, diagnostics);
    LockInSettings settings;
    settings.periods = static_cast<long>(options.number("periods", 10, {1, many, true}));
    settings.discard = options.number("discard", -1.0, {0.0, INFINITY});
    settings.harmonics = static_cast<int>(options.number("harmonics", 5, {1, 100, true}));
    settings.steps = static_cast<long>(options.number("steps", 256, {8, many, true}));
    settings.lowpass = options.number("lowpass", 0.0, {0.0, INFINITY});
    const std::size_t none = mode_names.size(), chosen = options.word("mode", mode_names, none);
    options.finish(0);
    if (settings.steps < 4 * settings.harmonics) diagnostics.error(options.where("steps"), fmt::format("{} steps per period cannot show {} harmonics; take at least {}", settings.steps, settings.harmonics, 4 * settings.harmonics));
    const auto teaching = needed_oscillation(card, netlist, diagnostics);
    if (!teaching) return nullptr;
    const Signal& signal = teaching->signal;
    const bool turns = signal.shape == Signal::Shape::rotating;
    const std::size_t mode = chosen == none ? (turns ? 0 : 1) : chosen;
    if ((mode == 0) != turns) diagnostics.error(options.where("mode"), turns ? "a rotating signal is read with mode=rotating" : "a cosine is read with mode=cosine or mode=cosine-corrected");
    return diagnostics.errors() == errors ? std::make_unique<LockInPlan>(settings, static_cast<LockInMode>(mode)) : nullptr;
  }
};

const Registered<Analysis, LockInAnalysis> registered("lockin");

}  // namespace
}  // namespace settle
