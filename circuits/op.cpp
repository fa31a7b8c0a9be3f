// .op: the operating point.
#include <chrono>

#include "circuits/operating_point.hpp"
#include "circuits/snapshot.hpp"

namespace settle {
namespace {

class OpPlan final : public Plan {
 public:
  Axis axis() const override { return {"point", "1", "operating point"}; }
  AnalysisStats run(Job& job, Recorder& recorder) const override {
    Dynamics<double> dynamics(job.circuit, 1, false);
    Block<double> x;
    const NewtonReport report = operating_point(job, dynamics, x, 0.0, true, recorder);
    const Snapshot<double> point(dynamics, x, 0.0);
    recorder.record(0.0, probe_values(job.probes, point));
    if (job.at_end) job.at_end(point);
    return {.points = 1, .steps = 1, .factorizations = report.factorizations, .iterations = report.iterations, .method = report.strategy};
  }
};

class Op final : public Analysis {
 public:
  std::string help() const override { return "operating point: where the circuit rests with its sources at their DC values"; }
  std::string usage() const override { return ".op"; }
  std::vector<CardParameter> parameters() const override { return {}; }
  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist&, Diagnostics& diagnostics) const override {
    refuse_rest(card, 0, *this, diagnostics);
    return std::make_unique<OpPlan>();
  }
};

const Registered<Analysis, Op> registered("op");

}  // namespace
}  // namespace settle
