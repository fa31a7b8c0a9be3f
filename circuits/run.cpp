// A run: every analysis at every point of the steps, side by side on threads, into one trace.
#include "circuits/run.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "circuits/array_save.hpp"
#include "circuits/effective.hpp"
#include "circuits/figure_trace.hpp"
#include "circuits/figures.hpp"
#include "circuits/loaded.hpp"
#include "circuits/provenance.hpp"
#include "circuits/recording.hpp"

namespace settle {

CircuitSummary summarize(const Netlist& netlist, const Circuit& circuit);

namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<ProbeLabel> labels_of(const Bench::View& view, const Plan& plan, const Job& job) {
  std::vector<ProbeLabel> labels;
  for (std::size_t k = 0; k < view.recorded; ++k) labels.push_back(view.probes[k]->label());
  for (ProbeLabel& label : plan.extra(job)) labels.push_back(std::move(label));
  return labels;
}

/// The work of a run: analyses by steps, each with its group in the trace.
class Runner {
 public:
  Runner(LoadedDeck& loaded, const RunRequest& request, Trace& trace)
      : loaded_(loaded), request_(request), plans_(loaded.plans), trace_(trace), steps_(step_points(loaded.netlist)) {
    results_.resize(steps_.size() * plans_.size());
    fractions_ = std::vector<std::atomic<double>>(results_.size());
    if (!request.raw.empty()) raw_ = std::make_unique<RawFile>(request.raw);
  }

  /// Builds the circuit once to learn its columns, and makes all groups.
  void prepare(RunReport& report) {
    first_ = std::make_unique<Bench>(setup(), steps_.front(), loaded_.diagnostics);
    Bench& bench = *first_;
    report.circuit = summarize(bench.netlist(), bench.circuit());
    for (std::size_t a = 0; a < plans_.size(); ++a) {
      const Bench::View view = bench.view(plans_[a].kind, loaded_.diagnostics);
      if (loaded_.diagnostics.has_errors()) continue;
      const std::vector<ProbeLabel> labels = labels_of(view, *plans_[a].plan, bench.job(view, plans_[a].kind, loaded_.diagnostics));
      for (std::size_t s = 0; s < steps_.size(); ++s) add_group(a, s, labels);
    }
    if (loaded_.diagnostics.has_errors()) throw Error(Fault::netlist, "the netlist has errors");
    effective_ = std::make_unique<EffectiveValues>(trace_, bench.netlist(), steps_.size(), loaded_.diagnostics);
  }

  void run() {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t s = next++; s < steps_.size() && !stopped_; s = next++) run_step(s);
    };
    const std::size_t threads = raw_ ? 1 : std::min<std::size_t>(static_cast<std::size_t>(std::max(1, request_.threads)), steps_.size());
    {
      std::vector<std::jthread> pool;
      for (std::size_t k = 1; k < threads; ++k) pool.emplace_back(work);
      work();
    }
    if (raw_) raw_->close();
    for (const SavedArray& array : saved_) write(array);
    if (failure_) throw *failure_;
  }

  /// Of the analyses that were begun.
  std::vector<AnalysisResult> take_results() {
    std::erase_if(results_, [](const AnalysisResult& result) { return !result.begun; });
    return std::move(results_);
  }

 private:
  /// Steps share the threads; a single one has them all.
  BenchSetup setup() const {
    BenchSetup setup = loaded_.setup();
    setup.threads = steps_.size() == 1 ? request_.threads : 1;
    setup.resume = request_.resume;
    return setup;
  }
  std::size_t slot(std::size_t a, std::size_t s) const { return s * plans_.size() + a; }

  void add_group(std::size_t a, std::size_t s, const std::vector<ProbeLabel>& labels) {
    const Axis axis = plans_[a].plan->axis();
    TraceLayout layout{.axis = {axis.name, axis.unit, axis.long_name}, .columns = {}, .complex = plans_[a].plan->complex()};
    for (const ProbeLabel& label : labels) layout.columns.push_back({label.quantity, label.unit, label.label, label.axis});
    layout.attributes.emplace_back("analysis", plans_[a].kind);
    for (const auto& [name, value] : steps_[s].values) layout.attributes.emplace_back("step " + name, value);
    const std::string name = steps_.size() == 1 ? plans_[a].name : fmt::format("{}/step{:04}", plans_[a].name, s + 1);
    groups_.resize(results_.size());
    groups_[slot(a, s)] = &trace_.group(name, std::move(layout));
  }

  /// All analyses of one step. A step that fails does not stop the others; the first failure is reported at the end.
  void run_step(std::size_t s) {
    Diagnostics diagnostics(loaded_.sources);
    try {
      const std::unique_ptr<Bench> own = s == 0 ? std::move(first_) : std::make_unique<Bench>(setup(), steps_[s], diagnostics);
      Bench& bench = *own;
      effective_->write(bench.netlist(), s);
      const std::vector<NamedPlan> plans = make_plans(bench.netlist(), diagnostics);  // their times may be stepped too
      if (plans.size() != plans_.size()) throw Error(Fault::netlist, "an analysis card is wrong at these values\n" + diagnostics.render());
      for (std::size_t a = 0; a < plans.size(); ++a) run_one(bench, plans[a], slot(a, s), diagnostics);
    } catch (const Error& error) {
      fail(s, error);
    }
    const std::lock_guard lock(mutex_);
    for (const Diagnostic& d : diagnostics.all())
      if (d.severity == Severity::warning) loaded_.diagnostics.warning(d.where, d.text, d.notes);
  }

  void run_one(Bench& bench, const NamedPlan& plan, std::size_t k, Diagnostics& diagnostics) {
    const Bench::View view = bench.view(plan.kind, diagnostics);
    Job job = bench.job(view, plan.kind, diagnostics);
    job.at_end = [&](const Solution<double>& at) { keep(saved_arrays(bench.netlist(), bench.circuit(), plan.kind, step_suffix(k / plans_.size()), at)); };
    const std::vector<ProbeLabel> labels = labels_of(view, *plan.plan, job);
    TraceGroup& group = *groups_[k];
    if (raw_) begin_raw_plot(*raw_, bench.netlist().title, plan.kind, plan.plan->axis(), plan.plan->complex(), labels);
    Recording recording({.trace = &group, .raw = raw_.get(), .kind = plan.kind,
                         .thinning = {bench.options().every, bench.options().from, bench.options().to}, .measures = view.measures.get(), .recorded = view.recorded,
                         .measured = view.measured, .progress = [this, k](double f) { tell(k, f); },
                         .interrupted = [this] { return stopped_ || (request_.interrupted && request_.interrupted()); }},
                        labels);
    AnalysisResult& result = results_[k];
    result.begun = true;
    result.name = plan.name;
    result.kind = plan.kind;
    result.complex = plan.plan->complex();
    result.step = steps_[k / plans_.size()].values;
    result.axis = plan.plan->axis();
    const Clock::time_point start = Clock::now();
    const auto finish = [&] {
      std::move(recording).finish(result);
      result.stats.seconds = seconds_since(start);
      group.finish();
    };
    try {
      result.stats = plan.plan->run(job, recording);
    } catch (...) {
      finish();
      throw;
    }
    finish();
    result.finished = true;
    keep_summary(group, result);
    tell(k, 1.0);
  }

  /// To be written when all threads are done.
  void keep(std::vector<SavedArray> arrays) {
    const std::lock_guard lock(mutex_);
    std::move(arrays.begin(), arrays.end(), std::back_inserter(saved_));
  }
  /// Tells files of the steps apart.
  std::string step_suffix(std::size_t s) const { return steps_.size() == 1 ? "" : fmt::format("_step{:04}", s + 1); }

  static void keep_summary(TraceGroup& group, const AnalysisResult& result) {
    group.set("method", result.stats.method);
    group.set("steps", std::int64_t{result.stats.steps});
    group.set("rejected", std::int64_t{result.stats.rejected});
    group.set("factorizations", std::int64_t{result.stats.factorizations});
    group.set("seconds", result.stats.seconds);
    for (const Measured& measure : result.measures) group.set("measure " + measure.name, measure.value.value_or(not_given));
  }

  void fail(std::size_t s, const Error& error) {
    const std::lock_guard lock(mutex_);
    if (error.fault() == Fault::interrupted) stopped_ = true;
    if (failure_) return;
    std::string where;
    for (const auto& [name, value] : steps_[s].values) where += fmt::format("{}{}={:g}", where.empty() ? "" : ", ", name, value);
    failure_ = Error(error.fault(), where.empty() ? error.what() : fmt::format("at {}: {}", where, error.what()));
  }

  void tell(std::size_t k, double fraction) {
    fractions_[k] = fraction;
    double sum = 0.0;
    for (const auto& f : fractions_) sum += f;
    const double total = sum / static_cast<double>(fractions_.size());
    const std::lock_guard lock(mutex_);
    trace_.progress({.fraction = total});
    if (request_.progress) request_.progress(total, plans_[k % plans_.size()].name);
  }

  LoadedDeck& loaded_;
  const RunRequest& request_;
  const std::vector<NamedPlan>& plans_;
  Trace& trace_;
  std::vector<StepPoint> steps_;
  std::unique_ptr<Bench> first_;  // of the first step, from which the columns were learned
  std::unique_ptr<EffectiveValues> effective_;
  std::vector<TraceGroup*> groups_;
  std::unique_ptr<RawFile> raw_;
  std::vector<AnalysisResult> results_;
  std::vector<std::atomic<double>> fractions_;
  std::optional<Error> failure_;
  std::atomic<bool> stopped_ = false;
  std::vector<SavedArray> saved_;
  std::mutex mutex_;
};

/// No output may destroy the deck, the other output, or a file that is no rawfile.
void protect_outputs(const LoadedDeck& loaded, const RunReport& report) {
  for (const std::string& output : {report.trace, report.raw}) protect_sources(loaded, output);
  if (report.raw.empty()) return;
  namespace fs = std::filesystem;
  if (fs::weakly_canonical(report.raw) == fs::weakly_canonical(report.trace))
    throw Error(Fault::usage, "trace and rawfile cannot be the same file '" + report.raw + "'");
  std::string begin(6, ' ');
  if (fs::is_regular_file(report.raw) && fs::file_size(report.raw) > 0 && (!std::ifstream(report.raw).read(begin.data(), 6) || begin != "Title:"))
    throw Error(Fault::file, "'" + report.raw + "' exists and is not a rawfile; remove it or choose another name");
}

std::string default_trace(const std::string& deck) {
  const std::size_t slash = deck.find_last_of('/'), dot = deck.find_last_of('.');
  const bool has_suffix = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  const std::string name = (has_suffix ? deck.substr(0, dot) : deck) + ".h5";
  return name.substr(slash == std::string::npos ? 0 : slash + 1);
}

}  // namespace

void protect_sources(const LoadedDeck& deck, const std::string& output) {
  std::error_code ignored;
  for (const SourceFile& file : deck.sources.files())
    if (!output.empty() && std::filesystem::equivalent(file.name, output, ignored))
      throw Error(Fault::usage, "'" + output + "' is part of the deck and would be overwritten; choose another name");
}

void run(LoadedDeck& loaded, const RunRequest& request, RunReport& report) {
  const Clock::time_point start = Clock::now();
  if (loaded.diagnostics.has_errors()) throw Error(Fault::netlist, "the netlist has errors");
  report.deck = request.deck;
  report.title = loaded.netlist.title;
  report.trace = request.trace.empty() ? default_trace(request.deck) : request.trace;
  report.raw = request.raw;
  report.seed = loaded.netlist.seed;
  protect_outputs(loaded, report);
  Trace trace(report.trace, provenance(loaded, request));
  Runner runner(loaded, request, trace);
  const auto take_results = [&] {
    report.analyses = runner.take_results();
    report.figures = figures_of(loaded.netlist, report.analyses);
    report.seconds = seconds_since(start);
    write_figures(trace, report.figures);
  };
  try {
    runner.prepare(report);
    prepare_figures(trace, outline_of_figures(loaded.netlist));
    trace.start();
    runner.run();
  } catch (const Error& error) {
    take_results();
    trace.close(error.fault() == Fault::interrupted ? TraceEnd::interrupted : TraceEnd::failed, error.what());
    throw;
  }
  take_results();
  trace.set("seconds", report.seconds);
  trace.close();
}

}  // namespace settle
