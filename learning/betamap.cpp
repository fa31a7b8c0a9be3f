// .betamap: where in the complex plane of beta the rest state goes on, and where the circuit settles there; the largest usable |beta|.
#include <fmt/format.h>

#include <cmath>

#include "circuits/card_options.hpp"
#include "learning/nudge_card.hpp"
#include "learning/radius.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

struct MapSettings {
  double reach = 0.0;  // of the map; 0: one and a half radii
  int across = 31;     // points from -reach to reach
};

/// What the branch does at one beta, reached on a straight line from 0.
enum class Place { settles, unstable, lost };

class BetaMapPlan final : public Plan {
 public:
  explicit BetaMapPlan(MapSettings settings) : settings_(settings) {}
  Axis axis() const override { return {"imaginary", "", "imaginary part of beta, in its unit"}; }

  std::vector<ProbeLabel> extra(const Job&) const override {
    std::vector<ProbeLabel> labels;
    for (int k = 0; k < settings_.across; ++k) labels.push_back({fmt::format("place({})", k), "place", "1", std::to_string(k), "column"});
    for (int k = 0; k < settings_.across; ++k) labels.push_back({fmt::format("growth({})", k), "growth", "1/s", std::to_string(k), "column"});
    for (int k = 0; k < settings_.across; ++k) labels.push_back({fmt::format("real({})", k), "real", "1", std::to_string(k), "column"});
    return labels;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const RestPoint rest(job, recorder, "betamap");
    if (rest.x().rows() > most_unknowns)
      throw Error(Fault::simulation, fmt::format("the circuit has {} unknowns; .betamap works out eigenvalues at every point and takes at most {}", rest.x().rows(), most_unknowns));
    RestBranch<Complex> branch(job.circuit, *job.teaching, rest.x());
    const Teaching& teaching = *job.teaching;
    const double first = teaching.signal.beta != 0.0 ? std::abs(teaching.signal.beta) : 1e-3 * rest.x().norm() / std::max(rest.response(0.0).norm(), 1e-300);
    const Radius radius = radius_of_convergence(branch, rest, first);
    const double reach = settings_.reach > 0.0 ? settings_.reach : std::isfinite(radius.radius) ? 1.5 * radius.radius : 2.0 * first;
    AnalysisStats stats{.points = settings_.across, .method = "continuation from beta = 0"};
    stats.facts = facts(radius, teaching);
    map(branch, reach, recorder, radius, stats);
    warn(job, radius);
    return stats;
  }

 private:
  static constexpr Index most_unknowns = 400;

  static std::vector<Fact> facts(const Radius& radius, const Teaching& teaching) {
    const std::string& unit = teaching.beta_unit;
    std::vector<Fact> facts{{.name = "radius of convergence", .value = radius.radius, .unit = unit}, {.name = "nearest singularity", .value = 0.0, .unit = "", .text = text_of(radius.kind)}};
    if (!std::isfinite(radius.radius)) {
      facts[0].text = "no singularity found";
      return facts;
    }
    facts.push_back({.name = "  at beta", .value = 0.0, .unit = "", .text = fmt::format("{:.9g} {}{:.9g}i {}", radius.singularity.real(), radius.singularity.imag() == 0.0 ? "+" : "+-", std::abs(radius.singularity.imag()), unit)});
    if (radius.uncertainty > 0.0) facts.push_back({.name = "  known to", .value = radius.uncertainty, .unit = unit});
    for (const int points : {2, 4, 6, 12})  // q_N errs by about (r / rho)^N
      facts.push_back({.name = fmt::format("|beta| for 1 % with {} points", points), .value = radius.radius * std::pow(0.01, 1.0 / points), .unit = unit});
    return facts;
  }

  void map(RestBranch<Complex>& branch, double reach, Recorder& recorder, const Radius& radius, AnalysisStats& stats) const {
    const int n = settings_.across;
    const auto at = [&](int k) { return reach * (2.0 * k / (n - 1) - 1.0); };
    stats.facts.push_back({.name = "map", .value = 0.0, .unit = "", .text = "# settles on the branch of the rest state   o rests there but does not stay   . the branch ends on the way   * the circle of convergence"});
    for (int row = n - 1; row >= 0; --row) {
      if (recorder.interrupted()) throw Error(Fault::interrupted, "interrupted");
      std::vector<double> place, growth, real;
      std::string line;
      for (int column = 0; column < n; ++column) {
        const Complex beta(at(column), at(row));
        Block<Complex> x = branch.start();
        const bool there = branch.follow(x, 0.0, beta);
        const double g = there ? branch.growth(x, beta) : not_given;
        const Place what = !there ? Place::lost : g < 0.0 ? Place::settles : Place::unstable;
        place.push_back(static_cast<double>(what)), growth.push_back(g), real.push_back(beta.real());
        const bool rim = std::abs(std::abs(beta) - radius.radius) < reach / (n - 1);
        line += rim ? '*' : what == Place::settles ? '#' : what == Place::unstable ? 'o' : '.';
      }
      place.insert(place.end(), growth.begin(), growth.end());
      place.insert(place.end(), real.begin(), real.end());
      recorder.record(at(row), place);
      recorder.progress(static_cast<double>(n - row) / n);
      stats.facts.push_back({.name = fmt::format("{:+.3g}i", at(row)), .value = 0.0, .unit = "", .text = line});
    }
  }

  static void warn(const Job& job, const Radius& radius) {
    const Teaching& teaching = *job.teaching;
    if (std::abs(teaching.signal.beta) > radius.radius)
      job.diagnostics.warning(teaching.where, fmt::format("|beta| = {} of .teach lies outside the radius of convergence, {}", format_engineering(std::abs(teaching.signal.beta), teaching.beta_unit),
                                                          format_engineering(radius.radius, teaching.beta_unit)));
  }

  MapSettings settings_;
};

class BetaMap final : public Analysis {
 public:
  std::string help() const override {
    return "where in the complex plane of beta the rest state goes on and the circuit settles, and the nearest singularity: the radius inside which estimates from finite nudges converge";
  }
  std::string usage() const override { return ".betamap [reach=value] [points=31]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"reach=", "unit of beta", "1.5 radii of convergence", "the map covers -reach .. reach in both directions"}, {"points=", "", "31", "of the map, in each direction"}};
  }
  bool records_probes() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    MapSettings settings;
    settings.reach = options.number("reach", 0.0, {0.0, INFINITY, false, true});
    settings.across = static_cast<int>(options.number("points", 31, {3, 1001, true}));
    options.finish(0);
    if (!needed_teaching(card, netlist, diagnostics, ".teach v(out)=1 beta=1u", true)) return nullptr;
    return diagnostics.errors() == errors ? std::make_unique<BetaMapPlan>(settings) : nullptr;
  }
};

const Registered<Analysis, BetaMap> registered("betamap");

}  // namespace
}  // namespace settle
