// Carrying out a `.program` card: devices on their own side by side on threads, those of driven arrays one after the other.
#include "circuits/program_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "circuits/program_report.hpp"
#include "circuits/selected_array.hpp"
#include "circuits/written_device.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

/// act(k) for all k, on so many threads; throws what the first of them threw.
template <class Act>
void side_by_side(int threads, std::size_t count, const Act& act) {
  std::vector<std::exception_ptr> failure(count);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t k = next++; k < count; k = next++) try {
        act(k);
      } catch (...) {
        failure[k] = std::current_exception();
      }
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t k = 1; k < std::min(static_cast<std::size_t>(std::max(1, threads)), count); ++k) pool.emplace_back(work);
    work();
  }
  for (const std::exception_ptr& each : failure)
    if (each) std::rethrow_exception(each);
}

class ProgramPlan final : public Plan {
 public:
  explicit ProgramPlan(ProgramJob job) : job_(std::move(job)) {}

  Axis axis() const override { return {"attempt", "1", "readings of all devices, one after the other"}; }
  std::vector<ProbeLabel> extra(const Job&) const override { return attempt_columns(); }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const Work work{job, lone_setup(job_.settings, job.options, job.environment), [&recorder] { return recorder.interrupted(); }};
    ProgramReport report(job_, recorder);
    for (const ProgramTargets& group : job_.groups) {
      if (job_.settings.scheme == ProgramSettings::Scheme::isolated) isolated(work, group, report);
      else driven(work, group, report);
    }
    job.circuit.refresh();
    report.warn(job.diagnostics);
    return report.stats();
  }

 private:
  static constexpr std::size_t block = 1024;  // devices whose attempts are held in memory

  struct Work {
    Job& job;
    LoneSetup setup;
    std::function<bool()> interrupted;
  };
  struct Result {
    DeviceRef device;
    Verified verified;
    Values changed;
  };

  void isolated(const Work& work, const ProgramTargets& group, ProgramReport& report) const {
    for (std::size_t begin = 0; begin < group.list.size(); begin += block) {
      std::vector<Result> results(std::min(block, group.list.size() - begin));
      side_by_side(work.job.threads, results.size(), [&](std::size_t k) { results[k] = program(work, group.list[begin + k]); });
      for (std::size_t k = 0; k < results.size(); ++k) {
        const Kind& kind = results[k].device.element->kind();
        for (const auto& [field, value] : results[k].changed) work.job.keep(results[k].device, kind.field_index(field), value);
        report.add(group.list[begin + k], results[k].verified);
      }
    }
  }

  Result program(const Work& work, const ProgramTarget& target) const {
    Result result{.device = work.job.circuit.find_device(target.device), .verified = {}, .changed = {}};
    WrittenDevice device(result.device, job_.settings, work.setup, work.job.seed);
    require_reach(work, target, device.reach());
    result.verified = verify(device, target.conductance, job_.settings, work.interrupted);
    result.changed = device.changed();
    return result;
  }

  /// Until a whole pass found nothing to write; what other devices' pulses did is in the last reading of each.
  void driven(const Work& work, const ProgramTargets& group, ProgramReport& report) const {
    SelectedArray array(work.job, group.array, group.layer, job_.settings, work.setup);
    std::vector<Verified> results(group.list.size());
    for (std::size_t k = 0; k < results.size(); ++k) require_reach(work, group.list[k], array.cell(group.list[k].place).reach());
    for (int pass = 0; pass < static_cast<int>(job_.settings.passes); ++pass)
      if (!one_pass(work, group, array, results)) break;
    for (std::size_t k = 0; k < results.size(); ++k) {
      SelectedCell cell = array.cell(group.list[k].place);
      results[k].end(cell.read(results[k].writings()), job_.settings.met(cell.read(0), group.list[k].conductance));
      report.add(group.list[k], results[k]);
    }
    array.keep_states(work.job);
  }

  bool one_pass(const Work& work, const ProgramTargets& group, SelectedArray& array, std::vector<Verified>& results) const {
    bool wrote = false;
    for (std::size_t k = 0; k < results.size(); ++k) {
      SelectedCell cell = array.cell(group.list[k].place);
      const Verified more = verify(cell, group.list[k].conductance, job_.settings, work.interrupted, results[k].writings());
      wrote = wrote || more.attempts.size() > 1;
      results[k].append(more);
    }
    return wrote;
  }

  void require_reach(const Work& work, const ProgramTarget& target, const std::array<double, 2>& reach) const {
    if (target.conductance >= reach[0] && target.conductance <= reach[1]) return;
    throw Error(Fault::netlist, work.job.diagnostics.place(job_.target_where) + ": error: " + out_of_reach(target, reach[0], reach[1]));
  }

  ProgramJob job_;
};

}  // namespace

std::size_t ProgramJob::count() const {
  std::size_t sum = 0;
  for (const ProgramTargets& group : groups) sum += group.list.size();
  return sum;
}

std::unique_ptr<Plan> program_plan(ProgramJob job) { return std::make_unique<ProgramPlan>(std::move(job)); }

LoneSetup lone_setup(const ProgramSettings& settings, const Options& options, const Environment& environment) {
  IntegrateOptions integration{.method = transient_method(options), .reltol = options.reltol, .norm = options.norm == "max" ? Norm::max : Norm::wrms,
                               .h_min = options.mintimestep};
  if (options.maxtimestep > 0.0) integration.h_max = options.maxtimestep;
  return {.pulsed = {tolerances_of(options), environment, integration}, .series = settings.rseries, .read_volts = settings.read};
}

std::string out_of_reach(const ProgramTarget& target, double least, double most) {
  const auto shown = [](double g) { return g > 1e29 ? std::string("any") : format_engineering(g, "S", 6); };
  return fmt::format("'{}' cannot have {}: its conductance lies between {} and {}", target.device, format_engineering(target.conductance, "S", 6), shown(least), shown(most));
}

}  // namespace settle
