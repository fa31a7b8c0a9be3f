// .points: the response measured by holding beta at N points of a circle, q_N = 1/(N r) sum u(r w^k) w^-k, and its error against J^-1 g.
#include <fmt/format.h>

#include <cmath>

#include "circuits/card_options.hpp"
#include "learning/nudge_card.hpp"
#include "learning/radius.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

struct PointsSettings {
  std::vector<int> counts{1, 2, 3, 4, 6, 8, 12};
  double beta = 0.0;  // 0: the signal's
  bool swing = true;  // also what a slow cosine measures
};

/// What all probes show at equilibria of the nudged circuit.
class Equilibria {
 public:
  Equilibria(const Job& job, const RestPoint& rest) : job_(job), branch_(job.circuit, *job.teaching, rest.x()), dynamics_(job.circuit, 1, false) {}

  Vector<Complex> at(Complex beta) {
    Block<Complex> x = branch_.start();
    Complex reached;
    if (!branch_.follow(x, 0.0, beta, &reached))
      throw Error(Fault::simulation, fmt::format("no rest state at beta = {:.6g} {:+.6g}i {}: the branch from beta = 0 ends at {:.6g} {:+.6g}i; .betamap shows how far beta may go",
                                                 beta.real(), beta.imag(), job_.teaching->beta_unit, reached.real(), reached.imag()));
    return look(x);
  }
  Vector<Complex> rest() { return look(branch_.start()); }

 private:
  Vector<Complex> look(const Block<Complex>& x) {
    const std::vector<Complex> values = probe_values<Complex>(job_.probes, Snapshot<Complex>(dynamics_, x, 0.0));
    return Eigen::Map<const Vector<Complex>>(values.data(), static_cast<Index>(values.size()));
  }

  const Job& job_;
  RestBranch<Complex> branch_;
  Dynamics<Complex> dynamics_;
};

struct Estimate {
  Vector<Complex> response, rest;
};

/// One point needs the free state; more do not.
Estimate by_points(Equilibria& held, int count, double r) {
  const Signal circle{.shape = Signal::Shape::points, .beta = r, .period = 0.0, .points = count};
  if (count == 1) {
    const Vector<Complex> nudged = held.at(r), free = held.rest();
    return {(nudged - free) / r, free};
  }
  Estimate estimate;
  for (int k = 0; k < count; ++k) {
    const Complex beta = circle.point(k);
    const Vector<Complex> y = beta.imag() < 0.0 ? Vector<Complex>(held.at(std::conj(beta)).conjugate()) : held.at(beta);
    const Vector<Complex> part = y * (r / beta) / (r * count);
    if (k == 0) estimate = {part, y / static_cast<double>(count)};
    else estimate.response += part, estimate.rest += y / static_cast<double>(count);
  }
  return estimate;
}

/// A cosine so slow that the circuit rests at every moment, read at its harmonics c_h; `corrected`: c1 - 3 c3 + 5 c5 - ... up to `highest`.
Vector<Complex> by_cosine(Equilibria& held, double r, int highest) {
  constexpr int samples = 64;  // half a swing tells the other half
  Vector<Complex> sum;
  for (int k = 0; k < samples; ++k) {
    const double angle = std::numbers::pi * (k + 0.5) / samples;
    double weight = 0.0;
    for (int h = 1; h <= highest; h += 2) weight += (h % 4 == 1 ? 1.0 : -1.0) * h * 2.0 / samples * std::cos(h * angle);
    const Vector<Complex> part = held.at(r * std::cos(angle)) * (weight / r);
    if (k == 0) sum = part;
    else sum += part;
  }
  return sum;
}

class PointsPlan final : public Plan {
 public:
  explicit PointsPlan(PointsSettings settings) : settings_(std::move(settings)) {}
  Axis axis() const override { return {"points", "", "points of the circle"}; }
  bool complex() const override { return true; }

  std::vector<ProbeLabel> extra(const Job& job) const override {
    std::vector<ProbeLabel> labels;
    for (const char* name : {"response", "exact"})
      for (const auto& probe : job.probes)
        labels.push_back({fmt::format("{}({})", name, probe->label().name), name, probe->label().unit + "/" + (job.teaching ? job.teaching->beta_unit : ""), probe->label().name, "probe"});
    for (const char* name : {"error", "error_half", "error_of_rest"}) labels.push_back({name, name, "1", "all probes", "probes"});
    return labels;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const RestPoint rest(job, recorder, "points");
    const double r = settings_.beta > 0.0 ? settings_.beta : std::abs(job.teaching->signal.beta);
    const std::vector<Complex> q = rest.small_values(rest.response(0.0), 0.0);
    const Vector<Complex> exact = Eigen::Map<const Vector<Complex>>(q.data(), static_cast<Index>(q.size()));
    if (exact.norm() == 0.0) throw Error(Fault::simulation, "no probe answers to the nudge: its response is zero; .save the nodes it should reach, or check that the outputs are not at their targets");
    Equilibria held(job, rest);
    AnalysisStats stats{.points = static_cast<long>(settings_.counts.size()), .method = "equilibria held on a circle"};
    RestBranch<Complex> branch(job.circuit, *job.teaching, rest.x());
    const Radius radius = radius_of_convergence(branch, rest, r);
    stats.facts = {{.name = "|beta|", .value = r, .unit = job.teaching->beta_unit}, {.name = "radius of convergence", .value = radius.radius, .unit = job.teaching->beta_unit}};
    FactTable table{.title = "error of the response against the exact one, all probes together", .of = "estimate",
                    .columns = {{"error", ""}, {"at half |beta|", ""}, {"slope", ""}, {"error of the mean", ""}}, .rows = {}, .shown = 24};
    for (const int count : settings_.counts) add(recorder, held, count, r, exact, table);
    if (settings_.swing) add_cosines(held, r, exact, table);
    stats.tables.push_back(std::move(table));
    stats.tables.push_back(responses(job, held, r, exact));
    if (r > radius.radius)
      job.diagnostics.warning(job.teaching->where, fmt::format("|beta| = {} lies outside the radius of convergence, {} ({}): more points do not help there",
                                                              format_engineering(r, job.teaching->beta_unit), format_engineering(radius.radius, job.teaching->beta_unit), text_of(radius.kind)));
    return stats;
  }

 private:
  static double error(const Vector<Complex>& estimate, const Vector<Complex>& exact) { return (estimate.real() - exact.real()).norm() / exact.norm(); }

  static void add_row(const std::string& name, double full, double half, double mean, FactTable& table) {
    table.rows.push_back({name, {full, half, std::log2(full / half), mean}, {}});
  }

  void add(Recorder& recorder, Equilibria& held, int count, double r, const Vector<Complex>& exact, FactTable& table) const {
    if (recorder.interrupted()) throw Error(Fault::interrupted, "interrupted");
    const Estimate full = by_points(held, count, r), half = by_points(held, count, 0.5 * r);
    const Vector<Complex> free = held.rest();
    const double of_rest = (full.rest - free).norm(), e = error(full.response, exact), e_half = error(half.response, exact);
    add_row(count == 1 ? "1 point (one-sided)" : count == 2 ? "2 points (centred)" : fmt::format("{} points", count), e, e_half, of_rest, table);
    std::vector<Complex> values(full.response.data(), full.response.data() + full.response.size());
    values.insert(values.end(), exact.data(), exact.data() + exact.size());
    values.insert(values.end(), {e, e_half, of_rest});
    recorder.record(count, values);
    recorder.progress(static_cast<double>(table.rows.size()) / static_cast<double>(settings_.counts.size()));
  }

  void add_cosines(Equilibria& held, double r, const Vector<Complex>& exact, FactTable& table) const {
    for (const int highest : {1, 3, 5, 7, 9})
      add_row(highest == 1 ? "slow cosine" : fmt::format("slow cosine, corrected to {}", highest), error(by_cosine(held, r, highest), exact), error(by_cosine(held, 0.5 * r, highest), exact), not_given, table);
  }

  FactTable responses(const Job& job, Equilibria& held, double r, const Vector<Complex>& exact) const {
    const std::string per = job.probes.front()->label().unit + "/" + job.teaching->beta_unit;
    FactTable table{.title = "response", .of = "probe", .columns = {{"at rest", job.probes.front()->label().unit}, {"exact", per}}, .rows = {}, .shown = 24};
    const int most = settings_.counts.back();
    table.columns.push_back({fmt::format("{} points", most), per});
    const Vector<Complex> free = held.rest(), measured = by_points(held, most, r).response;
    for (std::size_t k = 0; k < job.probes.size(); ++k) {
      const Index i = static_cast<Index>(k);
      table.rows.push_back({job.probes[k]->label().name, {free[i].real(), exact[i].real(), measured[i].real()}, {}});
    }
    return table;
  }

  PointsSettings settings_;
};

class Points final : public Analysis {
 public:
  std::string help() const override {
    return "the response of every probe to the nudge of .teach, measured from rest states held at N points of a circle of |beta|, and its error against the exact response: one point "
           "(one-sided), two (centred), N (holomorphic); what a slow cosine measures, and the same with its odd harmonics";
  }
  std::string usage() const override { return ".points [N ...] [beta=value] [cosine=on|off]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"N", "", "1 2 3 4 6 8 12", "numbers of points"},
            {"beta=", "that of .teach", "that of .teach", "radius of the circle"},
            {"cosine=", "", "on", "also a cosine so slow that the circuit rests at every moment"}};
  }
  bool records_probes() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    PointsSettings settings;
    if (!card.words.empty()) settings.counts.clear();
    for (std::size_t k = 0; k < card.words.size(); ++k) {
      const auto count = number_at(card, k, "a number of points", diagnostics);
      if (count && !(*count >= 1.0 && *count <= 1024.0 && *count == std::floor(*count))) diagnostics.error(card.words[k].where, "a number of points is a whole number from 1 to 1024");
      if (count) settings.counts.push_back(static_cast<int>(*count));
    }
    CardOptions options(card, *this, diagnostics);
    settings.beta = options.number("beta", 0.0, {0.0, INFINITY, false, true});
    settings.swing = options.word("cosine", {"on", "off"}, 0) == 0;
    options.finish(card.words.size());
    const auto teaching = needed_teaching(card, netlist, diagnostics, ".teach v(out)=1 beta=1u", true);
    if (!teaching) return nullptr;
    return diagnostics.errors() == errors ? std::make_unique<PointsPlan>(std::move(settings)) : nullptr;
  }
};

const Registered<Analysis, Points> registered("points");

}  // namespace
}  // namespace settle
