// .stability: how a circuit at rest answers small changes: its time constants, the symmetry of its response, and what that does to learning.
#include <array>
#include <memory>

#include "circuits/card_options.hpp"
#include "circuits/operating_point.hpp"
#include "circuits/snapshot.hpp"
#include "learning/rest_point.hpp"
#include "learning/stability_report.hpp"

namespace settle {
namespace {

struct StabilityOptions {
  int modes = 6;   // shown
  int pairs = 6;
};

class StabilityPlan final : public Plan {
 public:
  explicit StabilityPlan(StabilityOptions options) : options_(options) {}
  Axis axis() const override { return {"mode", "1", "eigenvalue of the linearized circuit, slowest first"}; }
  std::vector<ProbeLabel> extra(const Job&) const override {
    const auto column = [](const char* name) { return ProbeLabel{name, name, "1/s", "eigenvalue", "part"}; };
    return {column("real"), column("imaginary")};
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    Dynamics<double> dynamics(job.circuit, 1, false);
    Block<double> x;
    if (!job.netlist.initial.empty()) x = initial_state(job, dynamics);  // of several rest states the one nearest to .ic
    const NewtonReport rest = operating_point(job, dynamics, x, 0.0, false, recorder);
    polish(Held<double>(dynamics, memories(job.circuit)), x);
    recorder.progress(0.2);
    const Spectrum spectrum = spectrum_of(dynamics, x, 0.0, std::max(options_.modes, 6));
    for (std::size_t k = 0; k < spectrum.modes.size(); ++k)
      recorder.record(static_cast<double>(k + 1), std::array{spectrum.modes[k].value.real(), spectrum.modes[k].value.imag()});
    recorder.progress(0.6);
    StabilityFindings findings{job.circuit, job.netlist, spectrum, nullptr, {}, {}, {}};
    const std::unique_ptr<ActivityModel> model = reduced(job, dynamics, x, findings.undefined);
    if (model) look(job, *model, x, findings);
    if (job.at_end) job.at_end(Snapshot<double>(dynamics, x, 0.0));
    AnalysisStats stats{.points = static_cast<long>(spectrum.modes.size()), .factorizations = rest.factorizations, .iterations = rest.iterations,
                        .method = spectrum.complete ? "all eigenvalues" : "Arnoldi iteration"};
    report_modes(findings, static_cast<std::size_t>(options_.modes), stats);
    report_symmetry(findings, stats);
    report_alignment(findings, stats);
    return stats;
  }

 private:
  /// Null, and why, for a circuit that its neurons do not determine.
  static std::unique_ptr<ActivityModel> reduced(const Job& job, const Dynamics<double>& dynamics, const Block<double>& x, std::string& why) {
    try {
      return std::make_unique<ActivityModel>(job.netlist, dynamics, x, 0.0);
    } catch (const Error& error) {
      if (error.fault() != Fault::simulation) throw;
      why = error.what();
      if (job.teaching) why += "; so there is no response to compare with an error signal either";
      return nullptr;
    }
  }

  void look(const Job& job, ActivityModel& model, const Block<double>& x, StabilityFindings& findings) const {
    findings.model = &model;
    if (model.count() > 0 && model.saturated() < 0) findings.symmetry = symmetry_of(model.activity(), static_cast<std::size_t>(options_.pairs));
    if (job.teaching) findings.alignment = alignment_of(*job.teaching, model, job.circuit, x);
  }

  StabilityOptions options_;
};

class Stability final : public Analysis {
 public:
  std::string help() const override { return "time constants and stability at rest, symmetry of the response, and how it is turned from the error signal"; }
  std::string usage() const override { return ".stability [modes=6] [pairs=6]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"modes=", "", "6", "slowest modes shown; the trace has all of them, of circuits of more than 1000 states only these"},
            {"pairs=", "", "6", "pairs of neurons shown that answer each other most unequally"}};
  }
  bool probed() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist&, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    StabilityOptions wanted;
    wanted.modes = static_cast<int>(options.number("modes", wanted.modes, {1, 200, true}));
    wanted.pairs = static_cast<int>(options.number("pairs", wanted.pairs, {1, 200, true}));
    options.finish(0);
    return diagnostics.errors() == errors ? std::make_unique<StabilityPlan>(wanted) : nullptr;
  }
};

const Registered<Analysis, Stability> registered("stability");

}  // namespace
}  // namespace settle
