// .ac: the complex response of the circuit linearized about its operating point, (s M - J) dx = excitation with s = 2 pi i f.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "circuits/operating_point.hpp"
#include "circuits/small_solution.hpp"
#include "sim/factorization.hpp"

namespace settle {
namespace {

/// A circuit linearized at rest, ready for any frequency.
class Response {
 public:
  Response(const Circuit& circuit, Vector<double> jacobian)
      : circuit_(circuit), jacobian_(std::move(jacobian)), factors_(circuit.pattern()),
        drive_(Block<Complex>::Zero(circuit.rows().fixed_count(), 1)), rate_(Block<Complex>::Zero(circuit.rows().count(), 1)) {
    for (const auto& element : circuit.elements()) element->add_small_signal(drive_, rate_);
  }

  /// The rows' deviations at frequency f.
  SmallSolution at(double f) {
    const Rows& rows = circuit_.rows();
    const Index fixed = rows.fixed_count(), n = rows.unknowns(), inner = circuit_.pattern().entries();
    const Complex s(0.0, 2.0 * std::numbers::pi * f);
    const Vector<Complex> matrix = s * circuit_.mass().head(inner).cast<Complex>() - jacobian_.head(inner).cast<Complex>();
    factors_.factor(matrix);
    Vector<Complex> b = rate_.col(0).tail(n);
    for (const Border& entry : circuit_.border())
      if (entry.place.row >= fixed && entry.place.column < fixed)
        b[entry.place.row - fixed] += (jacobian_[entry.slot] - s * circuit_.mass()[entry.slot]) * drive_(entry.place.column, 0);
    factors_.solve(b);
    Block<Complex> x(rows.count(), 1);
    x.topRows(fixed) = drive_;
    x.bottomRows(n) = b;
    return SmallSolution(circuit_, jacobian_, s, std::move(x));
  }

 private:
  const Circuit& circuit_;
  Vector<double> jacobian_;
  Factorization<Complex> factors_;
  Block<Complex> drive_, rate_;
};

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

/// SPICE's points: `n` per decade or octave, or `n` in all for a linear sweep.
std::vector<double> frequencies(const std::string& spacing, double n, double start, double stop) {
  std::vector<double> f;
  if (spacing == "lin") {
    const auto count = static_cast<std::size_t>(n);
    for (std::size_t k = 0; k < count; ++k) f.push_back(count > 1 ? start + static_cast<double>(k) * (stop - start) / static_cast<double>(count - 1) : start);
    return f;
  }
  if (spacing == "oct") {
    for (double k = 0.0; start * std::pow(2.0, k / n) <= stop * (1.0 + 1e-9); ++k) f.push_back(start * std::pow(2.0, k / n));
    return f;
  }
  // As ngspice does it: as many whole steps of a decade's n-th part as fit, spread so that the last point is exactly `stop`.
  const double decades = std::log10(stop / start), steps = std::max(std::floor(decades * n + 1e-9), stop > start ? 1.0 : 0.0);
  for (double k = 0.0; k <= steps; ++k) f.push_back(steps > 0.0 ? start * std::pow(10.0, decades * k / steps) : start);
  return f;
}

class Ac final : public Analysis {
 public:
  std::string help() const override { return "complex small-signal response of the circuit linearized about its operating point"; }
  std::string usage() const override { return ".ac dec|oct|lin points start stop"; }
  std::vector<CardParameter> parameters() const override {
    return {{"spacing", "", "", "dec: points per decade, oct: per octave, lin: in all"},
            {"points", "", "", "how many"},
            {"start", "Hz", "", "first frequency"},
            {"stop", "Hz", "", "last frequency"}};
  }
  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const bool excited = std::any_of(netlist.devices.begin(), netlist.devices.end(), [](const FlatDevice& d) { return d.small_signal.magnitude != 0.0; });
    if (!excited) diagnostics.warning(card.where, "no source has an AC value, so every response is zero; write for example V1 in 0 AC 1");
    const std::string spacing = card.words.empty() ? "" : card.words[0].text;
    if (spacing != "dec" && spacing != "oct" && spacing != "lin") {
      diagnostics.error(card.words.empty() ? card.where : card.words[0].where, card.words.empty() ? "how are the points spaced? usage: " + usage() : fmt::format("unknown spacing '{}'; it is dec, oct or lin", spacing));
      return nullptr;
    }
    const auto points = number_at(card, 1, "points", diagnostics);
    const auto start = points ? number_at(card, 2, "start", diagnostics) : std::nullopt;
    const auto stop = start ? number_at(card, 3, "stop", diagnostics) : std::nullopt;
    if (!stop) return nullptr;
    refuse_rest(card, 4, *this, diagnostics);
    const auto refuse = [&](std::size_t word, const std::string& text) {
      diagnostics.error(card.words[word].where, text);
      return nullptr;
    };
    if (!(*points >= 1.0 && *points <= 1e7)) return refuse(1, "the number of points must be between 1 and 1e7");
    if (*start < 0.0 || (spacing != "lin" && *start <= 0.0)) return refuse(2, fmt::format("the first frequency of a {} sweep must be above 0 Hz; use lin to start at 0", spacing));
    if (*stop < *start) return refuse(3, fmt::format("the last frequency, {} Hz, lies below the first, {} Hz", *stop, *start));
    return std::make_unique<AcPlan>(frequencies(spacing, *points, *start, *stop));
  }
};

const Registered<Analysis, Ac> registered("ac");

}  // namespace
}  // namespace settle
