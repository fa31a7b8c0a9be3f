// .frequency: how slow the oscillator must be: the error of the measured response over teaching periods and numbers of periods.
#include <fmt/format.h>

#include <cmath>

#include "circuits/card_options.hpp"
#include "learning/lock_in_run.hpp"
#include "learning/nudge_card.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

struct FrequencySettings {
  std::vector<double> periods;  // s
  LockInSettings lock_in;
  LockInMode mode = LockInMode::rotating;
};

using Values = std::vector<Complex>;

/// In phase: the quadrature part answers to the speed, not to the nudge.
double error(const Values& estimate, const Values& exact) {
  double off = 0.0, size = 0.0;
  for (std::size_t k = 0; k < exact.size(); ++k) off += std::pow(estimate[k].real() - exact[k].real(), 2), size += std::norm(exact[k]);
  return std::sqrt(off / size);
}

/// Numbers of periods that are shown: 1, 2, 5, 10, ... up to all.
std::vector<long> shown_counts(long all) {
  std::vector<long> counts;
  for (long decade = 1; decade <= all; decade *= 10)
    for (const long factor : {1, 2, 5})
      if (decade * factor < all) counts.push_back(decade * factor);
  counts.push_back(all);
  return counts;
}

class FrequencyPlan final : public Plan {
 public:
  explicit FrequencyPlan(FrequencySettings settings) : settings_(std::move(settings)), counts_(shown_counts(settings_.lock_in.periods)) {}
  Axis axis() const override { return {"period", "s", "period of the nudge"}; }

  std::vector<ProbeLabel> extra(const Job&) const override {
    std::vector<ProbeLabel> labels;
    for (const long count : counts_) labels.push_back({fmt::format("error({})", count), "error", "1", std::to_string(count), "periods"});
    for (const char* name : {"predicted", "richardson"}) labels.push_back({name, name, "1", "all probes", "probes"});
    return labels;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const RestPoint rest(job, recorder, "frequency");
    const Values exact = rest.small_values(rest.response(0.0), 0.0);
    double size = 0.0;
    for (const Complex& value : exact) size += std::norm(value);
    if (size == 0.0) throw Error(Fault::simulation, "no probe answers to the nudge: its response is zero; .save the nodes it should reach, or check that the outputs are not at their targets");
    FactTable table{.title = "error of the in-phase response, all probes together", .of = "period", .columns = {{"in slowest tau", ""}}, .rows = {}, .shown = 40};
    for (const long count : counts_) table.columns.push_back({fmt::format("after {}", count), ""});
    table.columns.push_back({"exact for it", ""});
    table.columns.push_back({"Richardson", ""});
    const double slowest = rest.slowest();
    AnalysisStats stats{.points = static_cast<long>(settings_.periods.size()), .method = "lock-in at each period"};
    std::vector<double> errors;
    for (std::size_t k = 0; k < settings_.periods.size(); ++k) {
      const Measurement now = measure(job, rest, recorder, settings_.periods[k], exact), twice = measure(job, rest, recorder, 0.5 * settings_.periods[k], exact);
      Values richardson = now.response;
      for (std::size_t p = 0; p < richardson.size(); ++p) richardson[p] = (4.0 * now.response[p] - twice.response[p]) / 3.0;
      const double omega = 2.0 * std::numbers::pi / settings_.periods[k];
      std::vector<double> row = now.errors;
      row.push_back(error(rest.small_values(rest.response(omega), omega), exact));
      row.push_back(error(richardson, exact));
      recorder.record(settings_.periods[k], row);
      recorder.progress(static_cast<double>(k + 1) / static_cast<double>(settings_.periods.size()));
      errors.push_back(now.errors.back());
      stats.steps += now.steps + twice.steps;
      row.insert(row.begin(), settings_.periods[k] / slowest);
      table.rows.push_back({format_engineering(settings_.periods[k], "s"), std::move(row), {}});
    }
    stats.facts.push_back({.name = "slowest time constant", .value = slowest, .unit = "s"});
    for (const double wanted : {0.1, 0.01, 0.001}) stats.facts.push_back(needed(wanted, errors, slowest));
    stats.tables.push_back(std::move(table));
    return stats;
  }

 private:
  struct Measurement {
    std::vector<double> errors;  // per count shown
    Values response;
    long steps = 0;
  };

  Measurement measure(const Job& job, const RestPoint& rest, const Recorder& recorder, double period, const Values& exact) const {
    Signal signal = job.teaching->signal;
    signal.period = period;
    LockInRun run(job, signal, settings_.lock_in);
    Measurement measured;
    const auto response = [&] {
      Values values;
      for (std::size_t k = 0; k < job.probes.size(); ++k) values.push_back(run.response(k, settings_.mode));
      return values;
    };
    run.go(rest, recorder, [&](long count) {
      if (std::find(counts_.begin(), counts_.end(), count) != counts_.end()) measured.errors.push_back(error(response(), exact));
    });
    measured.response = response();
    measured.steps = run.steps();
    return measured;
  }

  /// The period from which on the error stays below `wanted`, on straight lines between the measured ones (both logarithmic).
  Fact needed(double wanted, const std::vector<double>& errors, double slowest) const {
    const std::string name = fmt::format("for {:g} % error", 100.0 * wanted);
    if (errors.back() > wanted) return {.name = name, .text = fmt::format("a longer period than {}, where it is {:.3g} %", format_engineering(settings_.periods.back(), "s"), 100.0 * errors.back())};
    std::size_t k = errors.size() - 1;
    while (k > 0 && errors[k - 1] <= wanted) --k;
    double period = settings_.periods[k];
    if (k > 0) {
      const double share = std::log(errors[k - 1] / wanted) / std::log(errors[k - 1] / errors[k]);
      period = settings_.periods[k - 1] * std::pow(settings_.periods[k] / settings_.periods[k - 1], share);
    }
    return {.name = name, .text = fmt::format("{}a period of {}, {:.3g} of the slowest time constant", k == 0 ? "at most " : "", format_engineering(period, "s"), period / slowest)};
  }

  FrequencySettings settings_;
  std::vector<long> counts_;
};

class Frequency final : public Analysis {
 public:
  std::string help() const override {
    return "the error of the measured response over the period of the teaching signal and the number of periods it is averaged over, against the exact response to an infinitely slow one; "
           "what linear theory says of that period; and Richardson's extrapolation (4 q(T) - q(T/2)) / 3";
  }
  std::string usage() const override { return ".frequency shortest longest [points] [name=value ...]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"shortest", "s", "", "first period"},
            {"longest", "s", "", "last period"},
            {"points", "", "10", "periods, evenly spread on a logarithmic scale"},
            {"periods=", "", "5", "averaged over"},
            {"discard=", "s", "the larger of one period and eight slowest time constants", "start-up that is not measured, rounded up to whole periods"},
            {"mode=", "", "that of the signal", "rotating, cosine or cosine-corrected"},
            {"steps=", "", "256", "per period"}};
  }
  bool records_probes() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    const auto shortest = number_at(card, 0, "the shortest period", diagnostics);
    const auto longest = shortest ? number_at(card, 1, "the longest period", diagnostics) : std::nullopt;
    if (!longest) return nullptr;
    const double points = card.words.size() > 2 ? number_at(card, 2, "a number of points", diagnostics).value_or(10.0) : 10.0;
    if (!(*shortest > 0.0) || *longest < *shortest) diagnostics.error(card.words[0].where, "periods run from a shortest one above 0 s to a longest one");
    if (!(points >= 1.0 && points <= 1000.0 && points == std::floor(points))) diagnostics.error(card.words[2].where, "the number of points is a whole number from 1 to 1000");
    CardOptions options(card, *this, diagnostics);
    FrequencySettings settings;
    settings.lock_in.periods = static_cast<long>(options.number("periods", 5, {1, 1e6, true}));
    settings.lock_in.discard = options.number("discard", -1.0, {0.0, INFINITY});
    settings.lock_in.steps = static_cast<long>(options.number("steps", 256, {32, 1e6, true}));
    const std::vector<std::string> modes{"rotating", "cosine", "cosine-corrected"};
    const std::size_t chosen = options.word("mode", modes, modes.size());
    options.finish(3);
    const auto teaching = needed_oscillation(card, netlist, diagnostics);
    if (!teaching || diagnostics.errors() != errors) return nullptr;
    const bool turns = teaching->signal.shape == Signal::Shape::rotating;
    settings.mode = static_cast<LockInMode>(chosen < modes.size() ? chosen : turns ? 0 : 1);
    if ((settings.mode == LockInMode::rotating) != turns) return diagnostics.error(options.where("mode"), turns ? "a rotating signal is read with mode=rotating" : "a cosine is read with mode=cosine or mode=cosine-corrected"), nullptr;
    for (int k = 0; k < static_cast<int>(points); ++k)
      settings.periods.push_back(points > 1.0 ? *shortest * std::pow(*longest / *shortest, k / (points - 1.0)) : *shortest);
    return std::make_unique<FrequencyPlan>(std::move(settings));
  }
};

const Registered<Analysis, Frequency> registered("frequency");

}  // namespace
}  // namespace settle
