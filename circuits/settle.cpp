// .settle: where the circuit comes to rest and how long each node takes, by letting it go and watching.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/operating_point.hpp"
#include "circuits/relaxation.hpp"
#include "circuits/settle_options.hpp"
#include "circuits/settle_report.hpp"
#include "circuits/slope.hpp"
#include "circuits/switching.hpp"

namespace settle {
namespace {

using From = SettleOptions::From;

bool gives_initial_conditions(const Job& job) {
  if (!job.netlist.initial.empty()) return true;
  return std::any_of(job.netlist.devices.begin(), job.netlist.devices.end(), [](const FlatDevice& d) { return d.values.count("ic") > 0; });
}

/// Everything at 0 V and 0 A, sources too: charges are what devices hold there.
Block<double> nothing(const Circuit& circuit, const Modes& modes) {
  const Rows& rows = circuit.rows();
  Block<double> all = Block<double>::Zero(rows.count(), 1), f = all;
  for (const auto& element : circuit.elements()) element->put_initial(all);
  for (const auto& element : circuit.elements()) element->add_rate(all, Moment{.sources = 0.0, .modes = &modes}, f);
  for (Index row = rows.fixed_count(); row < rows.count(); ++row)
    if (rows.kind_of(row).unit == "C") all(row, 0) = f(row, 0);
  return all.bottomRows(rows.unknowns());
}

/// Edges of the sources.
Breakpoints edges_of(const Circuit& circuit) {
  return [&circuit](double t) {
    double next = std::numeric_limits<double>::infinity();
    for (const auto& element : circuit.elements()) next = std::min(next, element->next_breakpoint(t));
    return next;
  };
}

/// A circuit about to be let go.
class Release {
 public:
  Release(const SettleOptions& options, Job& job, Recorder& recorder)
      : options_(options), job_(job), recorder_(recorder), from_(options.from.value_or(gives_initial_conditions(job) ? From::ic : From::zero)),
        dynamics_(job.circuit, 1, from_ == From::op), held_(dynamics_, memories(job.circuit)), slope_(dynamics_) {}

  AnalysisStats run() {
    place();
    const Block<double> start = x_;
    const Modes modes = dynamics_.modes();
    SettleReport report{.job = job_, .options = options_, .from = from_, .edge = edge_, .start = start, .rest = {}, .newton = {}};
    Relaxed relaxed = moved(relax_options());
    report.still = relaxed.t;
    if (!relaxed.still) throw Error(Fault::simulation, never_still(report, dynamics_, relaxed, limit_));
    report.rest = refined(relaxed);
    report.newton = by_newton(report.rest);
    arrive(report, relaxed, start, modes);
    if (job_.at_end) job_.at_end(Snapshot<double>(dynamics_, report.rest, relaxed.t));
    AnalysisStats stats = report.stats(dynamics_, relaxed);
    stats.points = points_;
    return stats;
  }

 private:
  /// Where it starts, and how long it may take.
  void place() {
    if (from_ == From::op) {
      refuse_oscillations();
      Dynamics<double> at_rest(job_.circuit, 1, false);
      iterations_ = operating_point(job_, at_rest, x_, 0.0, true, recorder_).iterations;
      dynamics_.modes() = at_rest.modes();
      edge_ = last_edge();
    } else {
      x_ = from_ == From::ic ? initial_state(job_, dynamics_) : nothing(job_.circuit, dynamics_.modes());
    }
    limit_ = options_.limit > 0.0 ? options_.limit : edge_ + 200.0 * time_scale();
    if (edge_ > 0.0 && options_.limit > 0.0 && edge_ >= limit_)
      throw Error(Fault::simulation, fmt::format("the sources still move at tmax = {:.4g} s; their last edge is at {:.4g} s", limit_, edge_));
  }

  void refuse_oscillations() const {
    for (const auto& element : job_.circuit.elements())
      if (std::isfinite(element->shortest_period()))
        throw Error(Fault::simulation, fmt::format("'{}' never rests, so the circuit never settles; give .settle from=zero, which uses DC values, or replace its waveform by a "
                                                   "step such as PWL(0 0 1n 1)", element->name(0)));
  }

  double last_edge() const {
    const Breakpoints next = edges_of(job_.circuit);
    const double end = options_.limit > 0.0 ? options_.limit : std::numeric_limits<double>::infinity();
    double last = 0.0;
    for (int count = 0; count < 100000; ++count) {
      const double edge = next(last);
      if (!(edge < end)) {
        if (last == 0.0 && std::isinf(edge))
          throw Error(Fault::simulation, "with from=op nothing moves: no source has an edge after t = 0; use from=zero, or give a source a waveform such as PWL(0 0 1n 1)");
        return last;
      }
      last = edge;
    }
    throw Error(Fault::simulation, "the sources repeat for ever; give tmax= (their last edge before it counts), or replace their waveforms by steps such as PWL(0 0 1n 1)");
  }

  /// The slowest time constant where it starts and where Newton's iteration alone would have it rest.
  double time_scale() {
    double slowest = 0.0;
    const auto consider = [&](const Block<double>& x) {
      try {
        if (const double t = slowest_time(held_, x, edge_); std::isfinite(t)) slowest = std::max(slowest, t);
      } catch (const SingularMatrix&) {
      }
    };
    consider(x_);
    alone_ = newton_alone();
    if (alone_) consider(*alone_);
    if (slowest > 0.0) return slowest;
    throw Error(Fault::simulation, "nothing in this circuit takes time: no capacitor or inductor that a source leaves free; add the capacitances of its nodes, or use .op");
  }

  std::optional<Block<double>> newton_alone() {
    try {
      Dynamics<double> own(job_.circuit, 1, from_ == From::op);
      Block<double> x;
      iterations_ += operating_point(job_, own, x, edge_ > 0.0 ? after_edges() : 0.0, false, recorder_).iterations;
      return x;
    } catch (const Error& error) {
      if (error.fault() == Fault::interrupted) throw;
      return std::nullopt;
    }
  }
  double after_edges() const { return edge_ * (1.0 + 1e-9); }

  RelaxOptions relax_options() {
    RelaxOptions how{.integrate = {.method = transient_method(job_.options),
                                   .reltol = std::max(std::min(job_.options.reltol, 1e-3 * options_.tolerance), 1e-10),
                                   .norm = job_.options.norm == "max" ? Norm::max : Norm::wrms,
                                   .h_max = job_.options.maxtimestep > 0.0 ? job_.options.maxtimestep : std::numeric_limits<double>::infinity(),
                                   .h_min = job_.options.mintimestep,
                                   .h_first = 1e-6 * limit_,
                                   .consistent = from_ == From::op,
                                   .interrupted = [this] { return recorder_.interrupted(); }},
                     .tolerance = options_.tolerance,
                     .quiet_from = edge_,
                     .limit = limit_,
                     .horizon = limit_ / 200.0};
    how.integrate.method = job_.options.method.empty() ? "rodas5p" : job_.options.method;
    how.each_step = [this](const Step<double>& step) { record(step); };
    return how;
  }

  Relaxed moved(const RelaxOptions& how) {
    Switching<double> switching(dynamics_);
    keep(0.0, x_);
    try {
      return relax(held_, x_, how, from_ == From::op ? edges_of(job_.circuit) : Breakpoints(), switching.count() > 0 ? &switching : nullptr);
    } catch (const NoEquilibrium& error) {
      rethrow_with_devices(error, dynamics_, x_, 0.0);
    } catch (const SingularMatrix& error) {
      throw Error(Fault::simulation, std::string("this circuit has no single rest state: ") + error.what() + "; a node that only capacitors hold keeps any voltage it is given");
    }
  }

  void record(const Step<double>& step) {
    slope_.resolution(step.to - step.from);
    Block<double> x;
    for (int part = 1; part <= 4; ++part) {
      const double t = part == 4 ? step.to : step.from + 0.25 * part * (step.to - step.from);
      step.at(t, x);
      keep(t, x);
    }
    recorder_.progress(0.5 * step.to / limit_);
  }
  void keep(double t, const Block<double>& x) {
    if (points_ > 0 && t <= kept_) return;
    recorder_.record(t, probe_values(job_.probes, Snapshot<double>(dynamics_, x, t, [&] { return slope_.at(x, t); })));
    kept_ = t;
    ++points_;
  }

  /// Newton's iteration from where the relaxation stopped.
  Block<double> refined(const Relaxed& relaxed) {
    Block<double> rest = x_;
    try {
      iterations_ += equilibrium(held_, rest, relaxed.t, {.reltol = 1e-3 * job_.options.reltol, .ladder = false}).iterations;
    } catch (const NoEquilibrium&) {
      return x_;
    }
    for (Index k = 0; k < rest.rows(); ++k)
      if (std::abs(rest(k, 0) - x_(k, 0)) > std::max(options_.tolerance * relaxed.travel.excursion(k), held_.tolerance(k))) return x_;
    return rest;
  }

  /// What .op would find, as a check on the relaxation.
  NewtonCheck by_newton(const Block<double>& rest) {
    if (!alone_ && options_.limit > 0.0) alone_ = newton_alone();
    NewtonCheck check{.found = alone_.has_value(), .iterations = iterations_};
    if (!alone_) return check;
    for (Index k = 0; k < rest.rows(); ++k) {
      const Row row = job_.circuit.rows().kind_of(job_.circuit.rows().fixed_count() + k);
      const double apart = row.is_node ? std::abs((*alone_)(k, 0) - rest(k, 0)) : 0.0;
      if (apart > check.apart) check.apart = apart, check.at = k, check.value = (*alone_)(k, 0);
    }
    return check;
  }

  /// The same way once more, now that its end is known.
  void arrive(SettleReport& report, const Relaxed& relaxed, Block<double> x, const Modes& modes) {
    Vector<double> band(x.rows());
    for (Index k = 0; k < x.rows(); ++k) band[k] = std::max(options_.tolerance * relaxed.travel.way(k, report.rest(k, 0)), held_.tolerance(k));
    dynamics_.modes() = modes;
    Arrivals arrivals(report.rest.col(0), band);
    Switching<double> switching(dynamics_);
    IntegrateOptions how = relax_options().integrate;
    integrate<double>(held_, x, {0.0, limit_}, how, from_ == From::op ? edges_of(job_.circuit) : Breakpoints(), until(arrivals, relaxed.t), switching.count() > 0 ? &switching : nullptr);
    for (Index k = 0; k < x.rows(); ++k) report.time.push_back(arrivals.time(k));
  }

  /// Ends the second run where the first one did, so that both take the same steps.
  struct Until final : Observer<double> {
    Until(Observer<double>& inner, double end) : inner_(inner), end_(end) {}
    void start(double t, const Block<double>& x) override { inner_.start(t, x), t_ = t; }
    void step(const Step<double>& step) override { inner_.step(step), t_ = step.to; }
    bool done() const override { return t_ >= end_; }
    Observer<double>& inner_;
    double end_, t_ = 0.0;
  };
  Observer<double>& until(Observer<double>& inner, double end) { return until_.emplace(inner, end); }

  const SettleOptions& options_;
  Job& job_;
  Recorder& recorder_;
  From from_;
  Dynamics<double> dynamics_;
  Held<double> held_;
  ConsistentSlope<double> slope_;
  std::optional<Until> until_;
  Block<double> x_;
  std::optional<Block<double>> alone_;
  double edge_ = 0.0, limit_ = 0.0, kept_ = 0.0;
  long points_ = 0, iterations_ = 0;
};

class SettlePlan final : public Plan {
 public:
  explicit SettlePlan(SettleOptions options) : options_(options) {}
  Axis axis() const override { return {"time", "s", "time"}; }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    if (options_.method == SettleOptions::Method::relax) return Release(options_, job, recorder).run();
    Dynamics<double> dynamics(job.circuit, 1, false);
    Block<double> x;
    const NewtonReport report = operating_point(job, dynamics, x, 0.0, false, recorder);
    const Snapshot<double> point(dynamics, x, 0.0);
    recorder.record(0.0, probe_values(job.probes, point));
    if (job.at_end) job.at_end(point);
    return rest_only(dynamics, x, report);
  }

 private:
  SettleOptions options_;
};

class SettleAnalysis final : public Analysis {
 public:
  std::string help() const override { return "the circuit let go until it is still: its rest state and when each node has settled"; }
  std::string usage() const override { return ".settle [method=relax|newton] [from=zero|ic|op] [tol=1m] [tmax=...]"; }
  std::vector<CardParameter> parameters() const override { return settle_parameters(); }
  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist&, Diagnostics& diagnostics) const override {
    const auto options = read_settle(card, diagnostics);
    return options ? std::make_unique<SettlePlan>(*options) : nullptr;
  }
};

const Registered<Analysis, SettleAnalysis> registered("settle");

}  // namespace
}  // namespace settle
