// .ac: the complex response of the circuit linearized about its operating point, (s M - J) dx = excitation with s = 2 pi i f.
#include <algorithm>

#include "circuits/frequency_sweep.hpp"
#include "circuits/operating_point.hpp"
#include "circuits/response.hpp"

namespace settle {
namespace {

class AcPlan final : public Plan {
 public:
  explicit AcPlan(std::vector<double> frequencies) : frequencies_(std::move(frequencies)) {}
  Axis axis() const override { return {"frequency", "Hz", "frequency"}; }
  bool complex() const override { return true; }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    Dynamics<double> dynamics(job.circuit, 1, false);
    Block<double> x;
    const NewtonReport report = operating_point(job, dynamics, x, 0.0, true, recorder);
    const Snapshot<double> rest(dynamics, x, 0.0);
    Response response(job.circuit, dynamics.full_jacobian(rest.x(), rest.moment()));
    for (std::size_t k = 0; k < frequencies_.size(); ++k) {
      if (recorder.interrupted()) throw Error(Fault::interrupted, "interrupted");
      const SmallSolution small = response.at(frequencies_[k]);
      std::vector<Complex> values;
      for (const auto& probe : job.probes) values.push_back(probe->small(rest, small));
      recorder.record(frequencies_[k], values);
      recorder.progress(static_cast<double>(k + 1) / static_cast<double>(frequencies_.size()));
    }
    const auto n = static_cast<long>(frequencies_.size());
    return {.points = n, .steps = n, .factorizations = report.factorizations + n, .iterations = report.iterations, .method = "linearized"};
  }

 private:
  std::vector<double> frequencies_;
};

class Ac final : public Analysis {
 public:
  std::string help() const override { return "complex small-signal response of the circuit linearized about its operating point"; }
  std::string usage() const override { return ".ac dec|oct|lin points start stop"; }
  std::vector<CardParameter> parameters() const override { return sweep_parameters(); }
  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const bool excited = std::any_of(netlist.devices.begin(), netlist.devices.end(), [](const FlatDevice& d) { return d.small_signal.magnitude != 0.0; });
    if (!excited) diagnostics.warning(card.where, "no source has an AC value, so every response is zero; write for example V1 in 0 AC 1");
    auto frequencies = read_sweep(card, 0, *this, diagnostics);
    if (!frequencies) return nullptr;
    refuse_rest(card, 4, *this, diagnostics);
    return std::make_unique<AcPlan>(std::move(*frequencies));
  }
};

const Registered<Analysis, Ac> registered("ac");

}  // namespace
}  // namespace settle
