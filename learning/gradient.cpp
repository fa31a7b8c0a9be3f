// .gradient: what each learning rule of the deck makes of every device, against the adjoint -(J^-T dC/dx)^T df/dw.
#include <fmt/format.h>

#include "circuits/card_options.hpp"
#include "circuits/setting.hpp"
#include "learning/gradient_report.hpp"
#include "learning/learn.hpp"
#include "learning/lesson.hpp"
#include "learning/symmetry.hpp"

namespace settle {
namespace {

class GradientPlan final : public Plan {
 public:
  GradientPlan(const AnalysisCard& card, std::vector<Learning> rules, Index samples, bool devices) : card_(card), rules_(std::move(rules)), most_(samples), devices_(devices) {}

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
    Stage stage(job, lesson, weights, recorder);
    for (const Learning& learning : rules_)
      if (const std::string fault = learning.rule->fault(stage); !fault.empty()) throw Error(Fault::netlist, fmt::format("rule={}: {}", learning.rule_name, fault));
    GradientFindings findings{.weights = weights, .names = {"exact"}, .gradients = {Vector<double>::Zero(weights.count())}, .variances = {Vector<double>::Zero(weights.count())}};
    for (const Learning& learning : rules_) {
      findings.names.push_back(learning.name);
      findings.gradients.push_back(findings.gradients[0]);
      findings.variances.push_back(findings.gradients[0]);
    }
    for (Index sample = 0; sample < samples; ++sample) {
      if (recorder.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted at sample {} of {}", sample, samples));
      stage.present(sample);
      findings.cost += stage.cost() / static_cast<double>(samples);
      stage.add_gradient(stage.rest(), stage.solve_transposed(stage.cost_slope()), findings.gradients[0]);
      for (std::size_t k = 0; k < rules_.size(); ++k) rules_[k].add_gradient(stage, static_cast<std::uint64_t>(sample), findings.gradients[k + 1], &findings.variances[k + 1]);
      look(job, stage, findings);
      recorder.progress(static_cast<double>(sample + 1) / static_cast<double>(samples));
    }
    for (std::size_t k = 0; k < findings.gradients.size(); ++k) {
      findings.gradients[k] /= static_cast<double>(samples);
      findings.variances[k] /= static_cast<double>(samples) * static_cast<double>(samples);
      record(recorder, findings, k);
    }
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

  /// A gradient as a row of the trace: its devices', or how it stands to the exact one.
  void record(Recorder& recorder, const GradientFindings& findings, std::size_t k) const {
    const Vector<double>& gradient = findings.gradients[k];
    const Agreement whole = agreement(gradient, findings.gradients[0]);
    const std::vector<double> row = devices_ ? std::vector<double>(gradient.begin(), gradient.end()) : std::vector<double>{whole.cosine, whole.ratio};
    recorder.record(static_cast<double>(k + 1), std::span<const double>(row));
  }

  /// How symmetric the circuit is at this sample, and whether unequal neurons explain all of it.
  static void look(const Job& job, Stage& stage, GradientFindings& findings) {
    const ActivityModel model(job.netlist, stage.dynamics(), stage.rest(), 0.0);
    if (model.count() == 0 || model.saturated() >= 0) return;
    const SparseMatrix J = model.activity();
    const SymmetryNorms norms = symmetry_norms(J);
    findings.symmetry += norms.measure(), findings.asymmetry += norms.antisymmetric / norms.across, findings.looks += 1.0;
    if (findings.looks == 1.0) findings.symmetrizer = symmetrizer_of(J, model);
    else if (findings.symmetrizer && !same_symmetrizer(*findings.symmetrizer, symmetrizer_of(J, model))) findings.symmetrizer.reset();
  }

  AnalysisCard card_;
  std::vector<Learning> rules_;
  Index most_;
  bool devices_;  // a column of the trace for each of them, and a table
};

class Gradient final : public Analysis {
 public:
  std::string help() const override { return "the gradient every `.learn` rule measures, device by device, against the exact one"; }
  std::string usage() const override { return ".gradient [rule ...] [samples=value] [devices=on|off]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"rule", "", "all", "names of `.learn` cards"}, {"samples=", "", "100", "of the task, from its first on; gradients are those of their mean cost"},
            {"devices=", "", "on", "on or off: a column of the trace and a line of the report for every device; off where there are very many"}};
  }
  bool probed() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    const Index samples = static_cast<Index>(options.number("samples", 100, {1, 1e9, true}));
    const bool devices = options.word("devices", {"on", "off"}, 0) == 0;
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
    return std::make_unique<GradientPlan>(card, std::move(wanted), samples, devices);
  }
};

const Registered<Analysis, Gradient> registered("gradient");

}  // namespace
}  // namespace settle
