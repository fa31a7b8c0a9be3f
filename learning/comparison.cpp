// Rules beside the adjoint, many samples at once or one by one.
#include "learning/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "learning/activity.hpp"
#include "learning/symmetry.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::size_t chunk = 64;      // samples at a time, so that sums by block of samples need little room
constexpr std::size_t looked_at = 4;   // samples whose Jacobian is looked at where all settle together

class Comparing {
 public:
  Comparing(Pupils& pupils, std::span<const Learning* const> rules, const ComparisonSettings& settings) : pupils_(pupils), rules_(rules), settings_(settings) {
    const Vector<double> nothing = Vector<double>::Zero(pupils.first().weights().count());
    result_.exact = {nothing, nothing};
    result_.rules.assign(rules.size(), result_.exact);
    together_ = pupils.crowd() && std::all_of(rules.begin(), rules.end(), [](const Learning* rule) { return takes_all(*rule); });
  }

  void add(std::span<const Index> samples) {
    if (together_) add_together(samples);
    else add_one_by_one(samples, {});
  }

  Comparison finish(std::span<const Index> samples) {
    const std::size_t looks = pupils_.crowd() ? std::min(looked_at, samples.size()) : samples.size();
    for (std::size_t k = 0; k < looks; ++k) look(samples[k]);
    result_.cost /= static_cast<double>(samples.size());
    return std::move(result_);
  }

 private:
  double clip_of(const Learning& rule) const { return settings_.clipped ? rule.clip : INFINITY; }

  void add_together(std::span<const Index> samples) {
    Crowd& crowd = *pupils_.crowd();
    crowd.present(samples);
    std::vector<Measured> measured;
    std::vector<char> answered(samples.size(), 1);
    const auto take = [&](Measured of_rule) {
      for (std::size_t k = 0; k < samples.size(); ++k) answered[k] = answered[k] && crowd.answered(static_cast<Index>(k));
      measured.push_back(std::move(of_rule));
    };
    take(crowd.error_signal());
    for (const Learning* rule : rules_) take(static_cast<const SceneRule&>(*rule->rule).measure_on(crowd, settings_.round * static_cast<std::uint64_t>(pupils_.lesson().samples)));
    std::vector<Index> others;
    std::vector<Block<double>> guesses;
    for (std::size_t k = 0; k < samples.size(); ++k) {
      const Index column = static_cast<Index>(k);
      if (answered[k]) {
        result_.cost += crowd.cost(column);
        continue;
      }
      for (Measured& each : measured) each.lambda.col(column).setZero();
      if (settings_.skip && crowd.settled(column)) {
        ++result_.skipped;
        result_.cost += crowd.cost(column);
        continue;
      }
      others.push_back(samples[k]);
      guesses.push_back(crowd.settled(column) ? Block<double>(crowd.rest().col(column)) : Block<double>());
    }
    for (std::size_t r = 0; r < measured.size(); ++r) {
      if (r > 0) clip(measured[r], clip_of(*rules_[r - 1]));
      crowd.add_gradients(measured[r], (r == 0 ? result_.exact : result_.rules[r - 1]).gradient);
      if (r > 0 && rules_[r - 1]->homeostasis.coefficient != 0.0)
        crowd.add_homeostasis(static_cast<double>(std::count(answered.begin(), answered.end(), 1)) * rules_[r - 1]->homeostasis.coefficient, result_.rules[r - 1].gradient);
    }
    add_one_by_one(others, guesses);
  }

  void add_one_by_one(std::span<const Index> samples, const std::vector<Block<double>>& guesses) {
    if (samples.empty()) return;
    const std::size_t blocks = (samples.size() + Crew::block_size - 1) / Crew::block_size;
    const Vector<double> nothing = Vector<double>::Zero(result_.exact.gradient.size());
    std::vector<std::vector<Comparison::Sum>> sums(blocks, std::vector<Comparison::Sum>(rules_.size() + 1, {nothing, nothing}));
    std::vector<double> costs(samples.size(), 0.0);
    std::vector<char> skipped(samples.size(), 0);
    pupils_.crew().each(samples.size(), [&](Stage& stage, std::size_t k, std::size_t block) {
      try {
        stage.present(samples[k], guesses.empty() ? Block<double>() : guesses[k]);
        costs[k] = stage.cost();
        skipped[k] = !add(stage, sums[block]);
      } catch (const Error& error) {
        throw SampleError(error, samples[k]);
      }
    });
    for (const auto& block : sums) {
      result_.exact.gradient += block[0].gradient;
      for (std::size_t r = 0; r < rules_.size(); ++r) result_.rules[r].gradient += block[r + 1].gradient, result_.rules[r].variance += block[r + 1].variance;
    }
    for (std::size_t k = 0; k < samples.size(); ++k) result_.cost += costs[k], result_.skipped += skipped[k];
  }

  /// False if a rule has no answer, and nobody minds.
  bool add(Stage& stage, std::vector<Comparison::Sum>& sums) const {
    const std::vector<Comparison::Sum> before = settings_.skip ? sums : std::vector<Comparison::Sum>();
    const std::uint64_t drawing = settings_.round * static_cast<std::uint64_t>(pupils_.lesson().samples) + static_cast<std::uint64_t>(stage.sample());
    try {
      stage.add_gradient(stage.rest(), stage.solve_transposed(stage.cost_slope()), sums[0].gradient);
      for (std::size_t r = 0; r < rules_.size(); ++r) rules_[r]->add_gradient(stage, drawing, sums[r + 1].gradient, &sums[r + 1].variance, clip_of(*rules_[r]));
      return true;
    } catch (const Error& error) {
      if (!settings_.skip || error.fault() != Fault::simulation) throw;
      sums = before;
      return false;
    }
  }

  void look(Index sample) {
    Stage& stage = pupils_.at(sample);
    if (settings_.time_constants) {
      const double slowest = stage.slowest();
      if (slowest < 0.0) throw SampleError(Error(Fault::simulation, fmt::format("its rest state is unstable: a deviation grows with a time constant of {}", format_engineering(-slowest, "s"))), sample);
      result_.slowest = std::isnan(result_.slowest) ? slowest : std::max(result_.slowest, slowest);
    }
    const ActivityModel model(stage.job().netlist, stage.dynamics(), stage.rest(), 0.0);
    if (model.count() == 0 || model.saturated() >= 0) return;
    const SparseMatrix J = model.activity();
    const SymmetryNorms norms = symmetry_norms(J);
    result_.symmetry += norms.measure(), result_.asymmetry += norms.antisymmetric / norms.across, result_.looks += 1.0;
    const auto factors = symmetrizer_of(J, model);
    if (result_.looks == 1.0) result_.symmetrizer = factors;
    else if (result_.symmetrizer && !same_symmetrizer(*result_.symmetrizer, factors)) result_.symmetrizer.reset();
  }

  Pupils& pupils_;
  std::span<const Learning* const> rules_;
  ComparisonSettings settings_;
  bool together_ = false;
  Comparison result_;
};

}  // namespace

Comparison compare(Pupils& pupils, std::span<const Learning* const> rules, std::span<const Index> samples, const ComparisonSettings& settings, const std::function<void(double)>& progress) {
  Comparing comparing(pupils, rules, settings);
  for (std::size_t first = 0; first < samples.size(); first += chunk) {
    comparing.add(samples.subspan(first, std::min(chunk, samples.size() - first)));
    if (progress) progress(static_cast<double>(std::min(first + chunk, samples.size())) / static_cast<double>(samples.size()));
  }
  return comparing.finish(samples);
}

}  // namespace settle
