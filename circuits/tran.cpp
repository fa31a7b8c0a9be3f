// .tran: the circuit moved through time from its operating point (or from given initial values).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/energy.hpp"
#include "circuits/holomorphy.hpp"
#include "circuits/nudged_circuit.hpp"
#include "circuits/operating_point.hpp"
#include "circuits/setting.hpp"
#include "circuits/slope.hpp"
#include "circuits/switching.hpp"

namespace settle {
namespace {

struct Times {
  double step = 0.0, stop = 0.0, start = 0.0, max = 0.0;  // max = 0: not given
  bool uic = false;
};

/// Records every step's end, the multiples of the print interval, and as many points between as it takes for straight lines between
/// recorded points to be as right as the solution itself. Steps of fourth order are long.
template <Scalar S>
class TranObserver final : public Observer<S> {
 public:
  TranObserver(const Job& job, NudgedCircuit<S>& circuit, const Times& times, Recorder& recorder)
      : job_(job), dynamics_(circuit.dynamics()), times_(times), recorder_(recorder), slope_(circuit.system()), ranges_(job.probes.size()),
        straight_(std::max(0.1 * job.options.reltol, 1e-5)) {
    if (std::same_as<S, double> && job.options.energy) energy_.emplace(job.circuit);
  }

  void start(double t, const Block<S>& x) override {
    if (last_.t < t) keep({t, values_at(t, x)});
  }

  void step(const Step<S>& step) override {
    slope_.resolution(step.to - step.from);
    const double least = 1e-6 * std::min(step.to - step.from, times_.step);
    for (double next = print_after(step.from); next < step.to - least; next = print_after(next)) reach(step, next);
    reach(step, step.to);
    recorder_.progress(step.to / times_.stop);
  }

  long points() const { return points_; }

 private:
  struct Point {
    double t = -1.0;
    std::vector<S> values;
  };
  /// What a signal has covered; of complex ones the larger of both parts.
  struct Range {
    double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
    void add(double value) { lowest = std::min(lowest, value), highest = std::max(highest, value); }
    void add(const Complex& value) { add(value.real()), add(value.imag()); }
  };
  static constexpr int most_halvings = 5;

  double print_after(double t) const { return (std::floor(t / times_.step + 1e-6) + 1.0) * times_.step; }

  std::vector<S> values_at(double t, const Block<S>& x) {
    return probe_values(job_.probes, Snapshot<S>(dynamics_, x, t, [&] { return slope_.at(x, t); }));
  }
  Point point_of(const Step<S>& step, double t) {
    step.at(t, x_);
    return {t, values_at(t, x_)};
  }

  void reach(const Step<S>& step, double t) {
    const Point next = point_of(step, t);
    if (last_.t >= times_.start) halve(step, Point(last_), next, 0);
    record(step, next);
  }

  void halve(const Step<S>& step, const Point& a, const Point& b, int depth) {
    if (depth == most_halvings) return;
    const Point middle = point_of(step, 0.5 * (a.t + b.t));
    if (is_straight(a, middle, b)) return;
    halve(step, a, middle, depth + 1);
    record(step, middle);
    halve(step, middle, b, depth + 1);
  }

  bool is_straight(const Point& a, const Point& middle, const Point& b) {
    for (std::size_t k = 0; k < ranges_.size(); ++k) {
      Range& range = ranges_[k];
      for (const Point* p : {&a, &middle, &b}) range.add(p->values[k]);
      const double largest = std::max(std::abs(range.lowest), std::abs(range.highest));
      const double tolerated = straight_ * std::max(range.highest - range.lowest, 1e-3 * largest);
      if (std::abs(middle.values[k] - 0.5 * (a.values[k] + b.values[k])) > tolerated) return false;
    }
    return true;
  }

  void record(const Step<S>& step, const Point& point) {
    if (energy_) add_energy(step, last_.t, point.t);
    keep(point);
  }

  void keep(Point point) {
    if (point.t >= times_.start * (1.0 - 1e-12)) {
      std::vector<S> values = point.values;
      if (energy_) values.insert(values.end(), energy_->joules().begin(), energy_->joules().end());
      recorder_.record(point.t, values);
      ++points_;
    }
    last_ = std::move(point);
  }

  void add_energy(const Step<S>& step, double from, double to) {
    if constexpr (std::same_as<S, double>)
      energy_->add(from, to, [&](double t) {
        Block<double> x(dynamics_.size(), 1);
        step.at(t, x);
        return Snapshot<double>(dynamics_, x, t, [this, x, t] { return slope_.at(x, t); });
      });
  }

  const Job& job_;
  const Dynamics<S>& dynamics_;
  const Times& times_;
  Recorder& recorder_;
  ConsistentSlope<S> slope_;
  std::vector<Range> ranges_;
  double straight_;
  std::optional<Energy> energy_;
  Block<S> x_;
  Point last_;
  long points_ = 0;
};

class TranPlan final : public Plan {
 public:
  TranPlan(Times times, bool complex) : times_(times), complex_(complex) {}
  Axis axis() const override { return {"time", "s", "time"}; }
  bool complex() const override { return complex_; }
  std::vector<ProbeLabel> extra(const Job& job) const override {
    return job.options.energy && !complex_ ? Energy(job.circuit).labels() : std::vector<ProbeLabel>{};
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override { return complex_ ? run_as<Complex>(job, recorder) : run_as<double>(job, recorder); }

 private:
  /// Without a nudge, real or complex, the circuit rests where .op finds it.
  template <Scalar S>
  AnalysisStats run_as(Job& job, Recorder& recorder) const {
    Dynamics<double> free(job.circuit, 1, true);
    Block<double> x0;
    NewtonReport rest;
    if (times_.uic)
      x0 = initial_state(job, free);
    else
      rest = operating_point(job, free, x0, 0.0, true, recorder);
    NudgedCircuit<S> circuit = nudged<S>(job);
    circuit.dynamics().modes() = free.modes();
    Block<S> x = x0.template cast<S>();
    TranObserver<S> observer(job, circuit, times_, recorder);
    const StepCounts counts = move(job, circuit, x, observer, recorder);
    if constexpr (std::same_as<S, double>)
      if (job.at_end) job.at_end(Snapshot<double>(circuit.dynamics(), x, times_.stop));
    return {.points = observer.points(), .steps = counts.steps, .rejected = counts.rejected,
            .factorizations = counts.factorizations + rest.factorizations, .iterations = counts.iterations + rest.iterations,
            .method = transient_method(job.options) + (std::same_as<S, Complex> ? ", complex voltages" : "")};
  }

  /// Complex voltages leave real memory states alone.
  template <Scalar S>
  static NudgedCircuit<S> nudged(const Job& job) {
    const NudgedOptions options{.samples = 1, .transient = true, .frozen = std::same_as<S, Complex>};
    if (!job.teaching) return NudgedCircuit<S>(job.circuit, options);
    return NudgedCircuit<S>(job.circuit, *job.teaching, Strength<S>(job.teaching->signal), options);
  }

  template <Scalar S>
  StepCounts move(const Job& job, NudgedCircuit<S>& circuit, Block<S>& x, Observer<S>& observer, const Recorder& recorder) const {
    Switching<S> switching(circuit.dynamics());
    try {
      return integrate<S>(circuit.system(), x, {0.0, times_.stop}, how(job, recorder), breakpoints(job), observer, switching.count() > 0 ? &switching : nullptr);
    } catch (const Error& error) {
      if constexpr (std::same_as<S, double>) explain(error, circuit.dynamics(), x);
      throw;
    }
  }

  /// The error again with the names of devices, if some can be blamed.
  static void explain(const Error& error, const Dynamics<double>& dynamics, const Block<double>& x) {
    if (const auto* unsettled = dynamic_cast<const NoEquilibrium*>(&error)) rethrow_with_devices(*unsettled, dynamics, x, 0.0);
    const std::string why = error.fault() == Fault::simulation ? undefined_device(dynamics, x, 0.0) : "";
    if (!why.empty()) throw Error(error.fault(), std::string(error.what()) + "\n" + why);
  }

  IntegrateOptions how(const Job& job, const Recorder& recorder) const {
    double period = std::numeric_limits<double>::infinity();
    for (const auto& element : job.circuit.elements()) period = std::min(period, element->shortest_period());
    if (job.teaching && job.teaching->signal.oscillates()) period = std::min(period, job.teaching->signal.period);
    double longest = times_.max > 0.0 ? times_.max : (times_.stop - times_.start) / 50.0;
    if (job.options.maxtimestep > 0.0) longest = std::min(longest, job.options.maxtimestep);
    return {.method = transient_method(job.options),
            .reltol = job.options.reltol,
            .norm = job.options.norm == "max" ? Norm::max : Norm::wrms,
            .h_max = std::min(longest, period / 20.0),  // a long step of high order could leap over a diode's short conduction
            .h_min = job.options.mintimestep,
            .consistent = !times_.uic && job.netlist.initial.empty(),
            .interrupted = [&recorder] { return recorder.interrupted(); }};
  }

  static Breakpoints breakpoints(const Job& job) {
    return [&job](double t) {
      double next = job.teaching ? job.teaching->signal.next_breakpoint(t) : std::numeric_limits<double>::infinity();
      for (const auto& element : job.circuit.elements()) next = std::min(next, element->next_breakpoint(t));
      return next;
    };
  }

  Times times_;
  bool complex_;
};

bool nudged_complex(const Netlist& netlist, Diagnostics& diagnostics) {
  const auto teaching = teaching_of(netlist, diagnostics);
  if (!teaching || !teaching->signal.complex()) return false;
  require_holomorphic(netlist, diagnostics);
  return true;
}

class Tran final : public Analysis {
 public:
  std::string help() const override { return "the circuit moved through time from its operating point, or from initial values with uic"; }
  std::string usage() const override { return ".tran tstep tstop [tstart [tmax]] [uic]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"tstep", "s", "tstop/1000 if 0", "print interval; every solver step is recorded too"},
            {"tstop", "s", "", "end"},
            {"tstart", "s", "0", "recording starts here; the simulation always starts at 0"},
            {"tmax", "s", "(tstop-tstart)/50", "longest step; also bounded by a twentieth of the shortest period of a sine"},
            {"uic", "", "", "start from .ic and devices' ic= instead of the operating point"}};
  }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    AnalysisCard numbers = card;
    Times times;
    const auto flag = [](const Word& word) { return word.text == "uic" || word.text == "noop"; };
    if (!numbers.words.empty() && flag(numbers.words.back())) {
      times.uic = true;
      numbers.words.pop_back();
    }
    const auto read = [&](std::size_t k, const char* name, double& value, bool needed) {
      if (k >= numbers.words.size() && !needed) return true;
      const auto number = number_at(numbers, k, name, diagnostics);
      if (number) value = *number;
      return number.has_value();
    };
    const bool lone = numbers.words.size() == 1;  // LTspice: .tran tstop
    if (!(lone ? read(0, "tstop", times.stop, true) : read(0, "tstep", times.step, true) && read(1, "tstop", times.stop, true))) return nullptr;
    if (!read(2, "tstart", times.start, false) || !read(3, "tmax", times.max, false)) return nullptr;
    refuse_rest(numbers, 4, *this, diagnostics);
    return checked(times, numbers, lone, nudged_complex(netlist, diagnostics), diagnostics);
  }

 private:
  static std::unique_ptr<Plan> checked(Times times, const AnalysisCard& card, bool lone, bool complex, Diagnostics& diagnostics) {
    const auto refuse = [&](std::size_t word, const std::string& text) {
      diagnostics.error(card.words[word].where, text);
      return nullptr;
    };
    if (!(times.stop > 0.0)) return refuse(lone ? 0 : 1, "tstop must be above 0 s");
    if (times.step < 0.0) return refuse(0, "tstep must not be negative");
    if (times.start < 0.0 || times.start >= times.stop) return refuse(2, fmt::format("tstart must lie in 0 .. {} s (tstop)", times.stop));
    if (times.max < 0.0) return refuse(3, "tmax must not be negative");
    if (times.step == 0.0) times.step = times.stop / 1000.0;
    if (times.stop / times.step > 1e10) return refuse(0, fmt::format("{:.3g} print intervals are too many; take a larger tstep", times.stop / times.step));
    return std::make_unique<TranPlan>(times, complex);
  }
};

const Registered<Analysis, Tran> registered("tran");

}  // namespace
}  // namespace settle
