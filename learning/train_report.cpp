// Columns and tables of trainings.
#include "learning/train_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace settle {
namespace {

constexpr Index samples_shown = 16;

/// Bins of a group's weights between the least and the largest there are.
std::vector<double> histogram(const Eigen::Ref<const Vector<double>>& values, int bins) {
  std::vector<double> counts(static_cast<std::size_t>(bins));
  const double least = values.minCoeff(), span = std::max(values.maxCoeff() - least, 1e-300);
  for (const double value : values) counts[static_cast<std::size_t>(std::min<double>(bins - 1, std::floor((value - least) / span * bins)))] += 1.0;
  return counts;
}

/// Outputs against targets, sample by sample.
FactTable sample_table(Training& training, const Lessons& lessons) {
  const Lesson& lesson = lessons.train;
  FactTable table{.title = "outputs after training", .of = "sample", .columns = {}, .rows = {}, .shown = static_cast<std::size_t>(samples_shown)};
  for (const std::string& source : lesson.sources) table.columns.push_back({source, ""});
  for (const std::string& output : lesson.teaching.outputs) table.columns.push_back({fmt::format("v({})", output), "V"});
  if (lesson.targets.rows() > 0)
    for (const std::string& output : lesson.teaching.outputs) table.columns.push_back({fmt::format("target({})", output), "V"});
  for (Index sample = 0; sample < lesson.samples; ++sample) {
    FactTable::Row row{std::to_string(sample), {}, {}};
    for (Index k = 0; k < lesson.drive.rows(); ++k) row.values.push_back(lesson.drive(k, sample));
    for (const double output : training.outputs(sample)) row.values.push_back(output);
    for (Index k = 0; k < lesson.targets.rows(); ++k) row.values.push_back(lesson.targets(k, sample));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::vector<ProbeLabel> TrainTrace::labels(const Weights& all, const Lessons& lessons) const {
  const bool classes = !lessons.train.labels.empty(), held_out = lessons.held_out.has_value();
  std::vector<ProbeLabel> labels;
  const auto add = [&](const std::string& name, const std::string& unit) { labels.push_back({name, name, unit, "all samples", "samples"}); };
  add("cost", "");
  if (classes) add("accuracy", "1");
  if (held_out) add("held_out_cost", "");
  if (held_out && classes) add("held_out_accuracy", "1");
  if (compared) add("cosine", "1"), add("symmetry", "1"), add("slowest", "s");
  add("iterations", "1"), add("most_iterations", "1"), add("skipped", "1");
  add("pulses_up", "1"), add("pulses_down", "1"), add("write_energy", "J"), add("write_time", "s"), add("at_bounds", "1");
  for (const Weights::Group& group : all.groups())
    for (int k = 0; k < bins; ++k) labels.push_back({fmt::format("histogram({},{})", group.name, k), "histogram", "1", fmt::format("{} {}", group.name, k), "bin"});
  if (weights)
    for (const Weights::Group& group : all.groups())
      for (Index k = 0; k < group.count(); ++k) labels.push_back({fmt::format("weight({})", all.name(group.first + k)), "weight", all.unit(group), all.name(group.first + k), "device"});
  return labels;
}

std::vector<double> TrainTrace::values(Training& training, const Lessons& lessons, const EpochReport& report) const {
  const bool classes = !lessons.train.labels.empty(), held_out = lessons.held_out.has_value();
  std::vector<double> row{report.cost};
  if (classes) row.push_back(report.accuracy);
  if (held_out) row.push_back(report.held_out_cost);
  if (held_out && classes) row.push_back(report.held_out_accuracy);
  if (compared) row.push_back(report.cosine), row.push_back(report.symmetry), row.push_back(report.slowest);
  row.insert(row.end(), {report.iterations, report.most_iterations, report.skipped});
  const WriteTally& tally = training.updater().tally();
  row.insert(row.end(), {static_cast<double>(tally.up), static_cast<double>(tally.down), tally.energy, tally.time, static_cast<double>(training.updater().at_bounds())});
  const Vector<double>& values = training.updater().values();
  for (const Weights::Group& group : training.weights().groups())
    if (bins > 0)
      for (const double count : histogram(values.segment(group.first, group.count()), bins)) row.push_back(count);
  if (weights) row.insert(row.end(), values.data(), values.data() + values.size());
  return row;
}

void Compared::add(const EpochReport& report) {
  if (std::isnan(report.cosine)) return;
  if (!first_) first_ = report;
  last_ = report;
}

void Compared::report(AnalysisStats& stats) const {
  if (!first_) return;
  const auto angle = [](const EpochReport& report) { return 180.0 / std::numbers::pi * std::acos(std::clamp(report.cosine, -1.0, 1.0)); };
  stats.facts.push_back({"angle of the gradient", angle(*last_), "deg", fmt::format("{:.4g} degrees, {:.4g} at the start", angle(*last_), angle(*first_))});
  if (!std::isnan(last_->symmetry)) stats.facts.push_back({"symmetry |S|/(|S|+|A|)", last_->symmetry, "1", fmt::format("{:.6f}, {:.6f} at the start", last_->symmetry, first_->symmetry)});
}

void report_training(Training& training, const Lessons& lessons, const std::string& ended, AnalysisStats& stats) {
  const double flops = training.flops();
  const Training::Score train = training.score(lessons.train);
  stats.facts.push_back({"ended by", 0.0, "", ended});
  stats.facts.push_back({"devices", static_cast<double>(training.weights().count()), ""});
  stats.facts.push_back({"updates", static_cast<double>(training.updates()), ""});
  if (flops > 0.0) stats.facts.push_back({"matrix products", flops, "flop"});
  stats.facts.push_back({"cost", train.cost, ""});
  if (!std::isnan(train.accuracy)) stats.facts.push_back({"accuracy", 100.0 * train.accuracy, "%"});
  if (lessons.held_out) {
    const Training::Score held_out = training.score(*lessons.held_out);
    stats.facts.push_back({"cost, held out", held_out.cost, ""});
    if (!std::isnan(held_out.accuracy)) stats.facts.push_back({"accuracy, held out", 100.0 * held_out.accuracy, "%"});
  }
  const WriteTally& tally = training.updater().tally();
  if (tally.up + tally.down > 0) {
    stats.facts.push_back({"pulses", static_cast<double>(tally.up + tally.down), "", fmt::format("{} up, {} down", tally.up, tally.down)});
    stats.facts.push_back({"write energy", tally.energy, "J"});
  }
  if (const Index bound = training.updater().at_bounds()) stats.facts.push_back({"devices at a bound", static_cast<double>(bound), ""});
  if (lessons.train.samples <= samples_shown) stats.tables.push_back(sample_table(training, lessons));
}

}  // namespace settle
