// .gradient: what each learning rule of the deck makes of every device, against the adjoint -(J^-T dC/dx)^T df/dw.
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "circuits/card_options.hpp"
#include "circuits/setting.hpp"
#include "learning/comparison.hpp"
#include "learning/gradient_report.hpp"
#include "learning/learn.hpp"
#include "learning/lesson.hpp"

namespace settle {
namespace {

class GradientPlan final : public Plan {
 public:
  GradientPlan(const AnalysisCard& card, std::vector<Learning> rules, Index samples, bool devices, bool skip)
      : card_(card), rules_(std::move(rules)), most_(samples), devices_(devices), skip_(skip) {}

  Axis axis() const override {
    std::string names = "1: exact";
    for (std::size_t k = 0; k < rules_.size(); ++k) names += fmt::format(", {}: {}", k + 2, rules_[k].name);
    return {"rule", "1", names};
  }

  std::vector<ProbeLabel> extra(const Job& job) const override {
    if (!devices_) return {{"cosine", "cosine", "1", "all devices", "devices"}, {"magnitude", "magnitude", "1", "all devices", "devices"}};
    const Weights weights(job.netlist, job.circuit, job.environment, patterns());
    std::vector<ProbeLabel> labels;
    for (const Weights::Group& group : weights.groups())
      for (Index k = 0; k < group.count(); ++k) {
        const std::string name = weights.name(group.first + k);
        labels.push_back({fmt::format("gradient({})", name), "gradient", "1/" + weights.unit(group), name, "device"});
      }
    return labels;
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    Weights weights(job.netlist, job.circuit, job.environment, patterns());
    const Lesson lesson = lessons_of(card_, job, rules_.front().cost).train;
    const Index samples = std::min(most_, lesson.samples);
    Learning all = rules_.front();
    all.devices = patterns();
    for (const Learning& learning : rules_)
      if (learning.rule->in_sequence()) all.rule = learning.rule;
    Pupils pupils(job, lesson, weights, all, recorder, false);
    for (const Learning& learning : rules_)
      if (const std::string fault = learning.rule->fault(pupils.first()); !fault.empty()) throw Error(Fault::netlist, fmt::format("rule={}: {}", learning.rule_name, fault));
    const GradientFindings findings = found(pupils, samples, recorder, weights);
    for (std::size_t k = 0; k < findings.gradients.size(); ++k) record(recorder, findings, k);
    AnalysisStats stats{.points = static_cast<long>(findings.gradients.size()), .method = "equilibria and their adjoint"};
    report_gradients(findings, devices_, stats);
    return stats;
  }

 private:
  std::vector<std::string> patterns() const {
    std::vector<std::string> all;
    for (const Learning& learning : rules_)
      for (const std::string& pattern : learning.devices)
        if (std::find(all.begin(), all.end(), pattern) == all.end()) all.push_back(pattern);
    return all;
  }

  /// Means over samples.
  GradientFindings found(Pupils& pupils, Index count, Recorder& recorder, const Weights& weights) const {
    std::vector<Index> samples(static_cast<std::size_t>(count));
    std::iota(samples.begin(), samples.end(), 0);
    std::vector<const Learning*> rules;
    for (const Learning& learning : rules_) rules.push_back(&learning);
    const Comparison comparison = compare(pupils, rules, samples, {.skip = skip_}, [&](double share) {
      if (recorder.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted at sample {:.0f} of {}", share * static_cast<double>(count), count));
      recorder.progress(share);
    });
    const double n = std::max(1.0, static_cast<double>(count - comparison.skipped));
    GradientFindings findings{.weights = weights, .names = {"exact"}, .gradients = {comparison.exact.gradient / n}, .variances = {comparison.exact.variance}, .cost = comparison.cost,
                              .symmetry = comparison.symmetry, .asymmetry = comparison.asymmetry, .looks = comparison.looks, .skipped = skip_ ? comparison.skipped : -1, .symmetrizer = comparison.symmetrizer};
    for (std::size_t k = 0; k < rules_.size(); ++k) {
      findings.names.push_back(rules_[k].name);
      findings.gradients.push_back(comparison.rules[k].gradient / n);
      findings.variances.push_back(comparison.rules[k].variance / (n * n));
    }
    return findings;
  }

  /// A gradient as a row of the trace: its devices', or how it stands to the exact one.
  void record(Recorder& recorder, const GradientFindings& findings, std::size_t k) const {
    const Vector<double>& gradient = findings.gradients[k];
    const Agreement whole = agreement(gradient, findings.gradients[0]);
    const std::vector<double> row = devices_ ? std::vector<double>(gradient.begin(), gradient.end()) : std::vector<double>{whole.cosine, whole.ratio};
    recorder.record(static_cast<double>(k + 1), std::span<const double>(row));
  }

  AnalysisCard card_;
  std::vector<Learning> rules_;
  Index most_;
  bool devices_;  // a column of the trace for each of them, and a table
  bool skip_;     // samples a rule has no answer for
};

class Gradient final : public Analysis {
 public:
  std::string help() const override { return "the gradient every `.learn` rule measures, device by device, against the exact one"; }
  std::string usage() const override { return ".gradient [rule ...] [samples=value] [devices=on|off] [unsettled=stop|skip]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"rule", "", "all", "names of `.learn` cards"}, {"samples=", "", "100", "of the task, from its first on; gradients are those of their mean cost"},
            {"devices=", "", "on", "on or off: a column of the trace and a line of the report for every device; off where there are very many"},
            {"unsettled=", "", "stop", "what becomes of a sample whose nudged states are not found (its branch ends, it does not settle): stop, or skip it for all rules"}};
  }
  bool probed() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    const Index samples = static_cast<Index>(options.number("samples", 100, {1, 1e9, true}));
    const bool devices = options.word("devices", {"on", "off"}, 0) == 0;
    const bool skip = options.word("unsettled", {"stop", "skip"}, 0) == 1;
    options.finish(card.words.size());
    std::vector<Learning> all = learnings_of(netlist, diagnostics), wanted;
    if (all.empty() && names_a_rule(netlist)) return nullptr;  // what is wrong with it has been said
    for (const Word& word : card.words) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const Learning& learning) { return learning.name == word.text; });
      if (found != all.end()) wanted.push_back(*found);
      else diagnostics.error(word.where, fmt::format("no .learn card is called '{}'", word.text));
    }
    if (card.words.empty()) wanted = std::move(all);
    std::erase_if(wanted, [](const Learning& learning) { return learning.rule_name == "exact" && learning.homeostasis.coefficient == 0.0; });
    if (diagnostics.errors() != errors) return nullptr;
    if (wanted.empty()) return diagnostics.error(card.where, ".gradient compares learning rules, and the deck names none; add for example .learn rule=ep beta=1u"), nullptr;
    if (!check_lessons(card, netlist, wanted.front().cost, diagnostics)) return nullptr;
    return std::make_unique<GradientPlan>(card, std::move(wanted), samples, devices, skip);
  }
};

const Registered<Analysis, Gradient> registered("gradient");

}  // namespace
}  // namespace settle
