// .adapt: continuous-time learning as one transient: samples are shown one after the other, the nudge turns without phases, lock-in filters and
// conductances are states of the same system of equations.
#include <fmt/format.h>

#include <cmath>

#include "circuits/card_options.hpp"
#include "circuits/holomorphy.hpp"
#include "learning/adapting.hpp"
#include "learning/cost.hpp"
#include "learning/lesson.hpp"
#include "sim/newton.hpp"
#include "sim/uniform.hpp"

namespace settle {
namespace {

struct AdaptSettings {
  AdaptingSettings system;
  long dwell = 4, discard = 1, epochs = 100, steps = 32;  // periods a sample is shown, of them without learning; steps per period
  bool shuffle = true, weights = false;
  double stop = 0.0;
  std::string cost = "squared";
  std::vector<std::string> devices;
};

class AdaptPlan final : public Plan {
 public:
  AdaptPlan(const AnalysisCard& card, AdaptSettings settings) : card_(card), settings_(std::move(settings)) {}
  Axis axis() const override { return {"time", "s", "when a sample gives way to the next"}; }

  std::vector<ProbeLabel> extra(const Job& job) const override {
    std::vector<ProbeLabel> labels{{"sample", "sample", "1", "sample", "kind"}, {"cost", "cost", "", "sample", "kind"}};
    const Weights weights(job.netlist, job.circuit, job.environment, settings_.devices);
    if (settings_.weights)
      for (const Weights::Group& group : weights.groups())
        for (Index k = 0; k < group.count(); ++k) labels.push_back({fmt::format("weight({})", weights.name(group.first + k)), "weight", weights.unit(group), weights.name(group.first + k), "device"});
    return labels;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const Lessons lessons = lessons_of(card_, job, settings_.cost);
    const Lesson& lesson = lessons.train;
    Weights weights(job.netlist, job.circuit, job.environment, settings_.devices);
    Stage stage(job, lesson, weights, recorder);
    stage.present(0);
    Adapting system(stage, weights, settings_.system);
    Block<Complex> x = system.start();
    double t = 0.0, mean = 0.0;
    long epoch = 0, steps = 0;
    for (; epoch < settings_.epochs; ++epoch) {
      mean = 0.0;
      for (const Index sample : order_of(lesson.samples, settings_.shuffle, job.seed, epoch)) {
        if (recorder.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted in epoch {}", epoch + 1));
        stage.show(sample);
        steps += dwell(stage, system, x, epoch);
        t += static_cast<double>(settings_.dwell) * settings_.system.period;
        mean += record(stage, system, x, t, weights, recorder) / static_cast<double>(lesson.samples);
      }
      recorder.progress(static_cast<double>(epoch + 1) / static_cast<double>(settings_.epochs));
      if (mean <= settings_.stop) { ++epoch; break; }
    }
    return finish(job, lesson, stage, weights, {.points = epoch * lesson.samples, .steps = steps, .method = "one transient, trbdf2"}, epoch, t, mean);
  }

 private:
  /// Whole periods, so that the nudge goes on where it was.
  long dwell(const Stage& stage, Adapting& system, Block<Complex>& x, long epoch) const {
    const double h = settings_.system.period / static_cast<double>(settings_.steps);
    try {
      system.renew(x);
      restart(system, x, 0.0, 1e-9 * h, {.reltol = 1e-9});
      UniformSteps<Complex> uniform(system, "trbdf2", h);
      const auto ignore = [](long, const Block<Complex>&) {};
      system.learn(false);
      uniform.go(x, settings_.discard * settings_.steps, ignore);
      system.learn(true);
      uniform.go(x, (settings_.dwell - settings_.discard) * settings_.steps, ignore);
      if (!x.allFinite()) throw Error(Fault::simulation, "the voltages run away");
    } catch (const Error& error) {
      throw Error(error.fault(), fmt::format("epoch {}, {}: {}. What was recorded stays; a smaller rate=, beta= or a longer period= may help", epoch + 1, stage.named(), error.what()));
    }
    return settings_.dwell * settings_.steps;
  }

  double record(const Stage& stage, const Adapting& system, const Block<Complex>& x, double t, const Weights& weights, Recorder& recorder) const {
    const Index n = stage.rest().rows();
    const double cost = stage.cost(Block<double>(x.middleRows(2 * n, n).real()));
    std::vector<double> row{static_cast<double>(stage.sample()), cost};
    const Vector<double> w = system.weights_of(x);
    if (settings_.weights) row.insert(row.end(), w.data(), w.data() + weights.count());
    recorder.record(t, std::span<const double>(row));
    return cost;
  }

  static AnalysisStats finish(Job& job, const Lesson& lesson, Stage& stage, Weights& weights, AnalysisStats stats, long epochs, double t, double mean) {
    stage.forget();
    FactTable table{.title = "outputs after learning, at rest", .of = "sample", .columns = {}, .rows = {}, .shown = 16};
    for (const std::string& output : lesson.teaching.outputs) table.columns.push_back({fmt::format("v({})", output), "V"});
    for (const std::string& output : lesson.teaching.outputs) table.columns.push_back({fmt::format("target({})", output), "V"});
    double cost = 0.0, right = 0.0;
    for (Index sample = 0; sample < lesson.samples; ++sample) {
      stage.present(sample);
      const Vector<double> outputs = stage.outputs();
      cost += stage.cost() / static_cast<double>(lesson.samples);
      if (!lesson.labels.empty()) right += (lesson.class_of(outputs) == lesson.labels[static_cast<std::size_t>(sample)]) / static_cast<double>(lesson.samples);
      FactTable::Row row{std::to_string(sample), {outputs.data(), outputs.data() + outputs.size()}, {}};
      for (Index k = 0; k < lesson.targets.rows(); ++k) row.values.push_back(lesson.targets(k, sample));
      if (table.rows.size() < 16) table.rows.push_back(std::move(row));
    }
    stats.facts = {{"epochs", static_cast<double>(epochs), ""}, {"simulated time", t, "s"}, {"devices", static_cast<double>(weights.count()), ""}, {"cost while learning", mean, ""}, {"cost at rest", cost, ""}};
    if (!lesson.labels.empty()) stats.facts.push_back({"accuracy", 100.0 * right, "%"});
    stats.tables.push_back(std::move(table));
    keep_weights(job, weights);
    return stats;
  }

  AnalysisCard card_;
  AdaptSettings settings_;
};

class Adapt final : public Analysis {
 public:
  std::string help() const override {
    return "continuous-time holomorphic equilibrium propagation as one transient: samples shown one after the other, a turning nudge, lock-in filters and conductances that move all the time";
  }
  std::string usage() const override { return ".adapt [device ...] beta=value period=value rate=value [name=value ...]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"device", "", "all with a conductance to be programmed", "devices that learn"},
            {"beta=", "that of the cost", "", "radius of the nudge"},
            {"period=", "s", "", "of its turn"},
            {"rate=", "", "", "change of a device per gradient and second"},
            {"filter=", "s", "period", "time constant of the averages"},
            {"dwell=", "", "4", "periods every sample is shown"},
            {"discard=", "", "1", "of them before conductances move: averages still speak of the sample before"},
            {"epochs=", "", "100", "presentations of the whole training set"},
            {"steps=", "", "32", "per period"},
            {"shuffle=", "", "on", "a new order every epoch, from the seed"},
            {"stop=", "cost", "0", "mean cost of an epoch that ends it"},
            {"weights=", "", "off", "record all weights behind every sample: on or off"},
            {"cost=", "", "squared", "of a task's targets"}};
  }
  bool probed() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    AdaptSettings settings;
    settings.system.beta = options.needed("beta");
    settings.system.period = options.needed("period");
    settings.system.rate = options.needed("rate");
    settings.system.filter = options.number("filter", settings.system.period, {0.0, INFINITY, false, true});
    constexpr double many = 1e9;
    settings.dwell = static_cast<long>(options.number("dwell", settings.dwell, {1, many, true}));
    settings.discard = static_cast<long>(options.number("discard", settings.discard, {0, many, true}));
    settings.epochs = static_cast<long>(options.number("epochs", settings.epochs, {1, many, true}));
    settings.steps = static_cast<long>(options.number("steps", settings.steps, {8, many, true}));
    settings.shuffle = options.word("shuffle", {"on", "off"}, 0) == 0;
    settings.weights = options.word("weights", {"off", "on"}, 0) == 1;
    settings.stop = options.number("stop", 0.0, {0.0, INFINITY});
    if (options.given("cost")) settings.cost = options.text("cost");
    for (const Word& word : card.words) settings.devices.push_back(word.text);
    options.finish(card.words.size());
    check_patterns(card.words, netlist, diagnostics);
    if (!Registry<Cost>::find(settings.cost)) options.refuse("cost", fmt::format("unknown cost '{}'", settings.cost));
    for (const char* name : {"beta", "period", "rate"})
      if (options.given(name) && !(options.number(name, 1.0, {-INFINITY, INFINITY}) > 0.0)) options.refuse(name, fmt::format("{}= must be above 0", name));
    if (settings.discard >= settings.dwell) options.refuse("discard", fmt::format("discard={} leaves nothing of dwell={} to learn from", settings.discard, settings.dwell));
    require_holomorphic(netlist, diagnostics);
    if (!check_lessons(card, netlist, settings.cost, diagnostics) || diagnostics.errors() != errors) return nullptr;
    return std::make_unique<AdaptPlan>(card, std::move(settings));
  }
};

const Registered<Analysis, Adapt> registered("adapt");

}  // namespace
}  // namespace settle
