// Epochs of training.
#include "learning/training.hpp"

#include <fmt/format.h>

#include <cmath>

#include "learning/activity.hpp"
#include "learning/gradient_report.hpp"
#include "learning/symmetry.hpp"
#include "sim/number.hpp"

namespace settle {

Training::Training(const Job& job, const Learning& learning, const Lessons& lessons, const TrainSettings& settings, const Recorder& recorder)
    : job_(job), learning_(learning), lessons_(lessons), settings_(settings), recorder_(recorder), weights_(job.netlist, job.circuit, job.environment, learning.devices),
      updater_(std::make_unique<Updater>(weights_, learning.rates, learning.optimizer, job.seed)), crew_(std::make_unique<Crew>(job, lessons.train, weights_, learning.devices, recorder, learning.rule->in_sequence() ? 1 : job.threads)),
      rest_(static_cast<std::size_t>(lessons.train.samples)) {
  if (settings_.batch == 0) settings_.batch = lessons.train.samples;
  if (lessons.held_out) {
    held_out_crew_ = std::make_unique<Crew>(job, *lessons.held_out, weights_, learning.devices, recorder, job.threads);
    held_out_rest_.resize(static_cast<std::size_t>(lessons.held_out->samples));
  }
  if (const std::string fault = learning.rule->fault(crew_->first()); !fault.empty()) throw Error(Fault::netlist, fmt::format("rule={}: {}", learning.rule_name, fault));
}

Training::~Training() = default;

void Training::explain(const Error& error, Index sample) const {
  if (error.fault() != Fault::simulation) throw error;
  throw Error(Fault::simulation, fmt::format("epoch {}, update {}, sample {}: {}. What was recorded stays; a smaller rate= or beta= may help", epoch_ + 1, update_ + 1, sample, error.what()));
}

Training::Shown Training::add_sample(Stage& stage, Index sample, Vector<double>& gradient) {
  Block<double>& rest = rest_[static_cast<std::size_t>(sample)];
  try {
    stage.present(sample, rest);
    rest = stage.rest();
  } catch (const Error& error) {
    explain(error, sample);
  }
  const bool taught = teach(stage, sample, gradient);
  if (!gradient.allFinite()) explain(Error(Fault::simulation, "the gradient is not a number"), sample);
  const bool right = !lessons_.train.labels.empty() && lessons_.train.class_of(stage.outputs()) == lessons_.train.labels[static_cast<std::size_t>(sample)];
  return {stage.cost(), static_cast<double>(stage.iterations()), right, !taught};
}

/// False for a sample left out.
bool Training::teach(Stage& stage, Index sample, Vector<double>& gradient) const {
  const Vector<double> before = settings_.skip ? gradient : Vector<double>();
  try {
    learning_.add_gradient(stage, static_cast<std::uint64_t>(epoch_ * lessons_.train.samples + sample), gradient);
    return true;
  } catch (const Error& error) {
    if (!settings_.skip || error.fault() != Fault::simulation) explain(error, sample);
    gradient = before;
    return false;
  }
}

/// The mean gradient of some samples: blocks of a fixed size are summed each by itself, then one after the other.
Vector<double> Training::batch(const std::vector<Index>& samples, std::size_t first, std::size_t last, EpochReport& report) {
  const std::size_t count = last - first, blocks = (count + Crew::block_size - 1) / Crew::block_size;
  std::vector<Vector<double>> gradients(blocks, Vector<double>::Zero(weights_.count()));
  std::vector<Shown> shown(count);
  crew_->each(count, [&](Stage& stage, std::size_t k, std::size_t block) {
    if (recorder_.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted in epoch {}", epoch_ + 1));
    shown[k] = add_sample(stage, samples[first + k], gradients[block]);
  });
  for (std::size_t block = 1; block < blocks; ++block) gradients[0] += gradients[block];
  const double share = 1.0 / static_cast<double>(lessons_.train.samples);
  for (const Shown& sample : shown) {
    report.cost += share * sample.cost, report.iterations += share * sample.iterations, report.accuracy += share * sample.right;
    report.skipped += sample.skipped;
    report.most_iterations = std::max(report.most_iterations, sample.iterations);
  }
  return gradients[0] / static_cast<double>(count);
}

EpochReport Training::epoch(const std::function<void(double)>& progress) {
  EpochReport report{.held_out_cost = NAN, .held_out_accuracy = NAN, .cosine = NAN, .symmetry = NAN, .slowest = NAN};
  if (lessons_.train.labels.empty()) report.accuracy = NAN;
  if (settings_.compare > 0 && epoch_ % settings_.compare == 0) compare(report);
  const std::vector<Index> samples = order_of(lessons_.train.samples, settings_.shuffle, job_.seed, epoch_);
  const double factor = learning_.rates.factor(epoch_, settings_.epochs);
  for (std::size_t first = 0; first < samples.size(); first += static_cast<std::size_t>(settings_.batch)) {
    const std::size_t last = std::min(samples.size(), first + static_cast<std::size_t>(settings_.batch));
    const Vector<double> gradient = batch(samples, first, last, report);
    if (updater_->update(gradient, factor, static_cast<std::uint64_t>(update_))) {
      crew_->follow(updater_->values());
      if (held_out_crew_) held_out_crew_->follow(updater_->values());
    }
    ++update_;
    progress(static_cast<double>(last) / static_cast<double>(samples.size()));
  }
  if (lessons_.held_out) {
    const Score held_out = score(*lessons_.held_out);
    report.held_out_cost = held_out.cost, report.held_out_accuracy = held_out.accuracy;
  }
  ++epoch_;
  return report;
}

/// The whole training set under the rule and under the adjoint, without an update.
void Training::compare(EpochReport& report) {
  Vector<double> measured = Vector<double>::Zero(weights_.count()), exact = measured, of_rule = measured;
  double symmetry = 0.0, defined = 0.0;
  constexpr Index most = 200;  // samples
  Stage& stage = crew_->first();
  for (Index sample = 0; sample < std::min(lessons_.train.samples, most); ++sample) {
    Block<double>& rest = rest_[static_cast<std::size_t>(sample)];
    try {
      stage.present(sample, rest);
      rest = stage.rest();
      const double slowest = stage.slowest();
      if (slowest < 0.0) throw Error(Fault::simulation, fmt::format("its rest state is unstable: a deviation grows with a time constant of {}", format_engineering(-slowest, "s")));
      report.slowest = std::isnan(report.slowest) ? slowest : std::max(report.slowest, slowest);
    } catch (const Error& error) {
      explain(error, sample);
    }
    of_rule.setZero();
    try {
      learning_.rule->add_estimate(stage, {of_rule, nullptr, static_cast<std::uint64_t>(epoch_ * lessons_.train.samples + sample)});
    } catch (const Error& error) {
      if (!settings_.skip || error.fault() != Fault::simulation) explain(error, sample);
      continue;
    }
    measured += of_rule;
    stage.add_gradient(stage.rest(), stage.solve_transposed(stage.cost_slope()), exact);
    const ActivityModel model(job_.netlist, stage.dynamics(), stage.rest(), 0.0);
    if (model.count() > 0 && model.saturated() < 0) symmetry += symmetry_of(model.activity(), 0).measure, defined += 1.0;
  }
  report.cosine = agreement(measured, exact).cosine;
  report.symmetry = symmetry / defined;
}

Training::Score Training::score(const Lesson& lesson) {
  const bool held_out = lessons_.held_out && &lesson == &*lessons_.held_out;
  Crew& crew = held_out ? *held_out_crew_ : *crew_;
  std::vector<Block<double>>& rest = held_out ? held_out_rest_ : rest_;
  std::vector<Shown> shown(static_cast<std::size_t>(lesson.samples));
  crew.each(shown.size(), [&](Stage& stage, std::size_t k, std::size_t) {
    const Index sample = static_cast<Index>(k);
    try {
      stage.present(sample, rest[k]);
    } catch (const Error& error) {
      explain(error, sample);
    }
    rest[k] = stage.rest();
    shown[k] = {stage.cost(), 0.0, !lesson.labels.empty() && lesson.class_of(stage.outputs()) == lesson.labels[k]};
  });
  Score score{0.0, lesson.labels.empty() ? NAN : 0.0};
  for (const Shown& sample : shown) score.cost += sample.cost / static_cast<double>(lesson.samples), score.accuracy += sample.right / static_cast<double>(lesson.samples);
  return score;
}

void Training::continue_at(long epoch, long updates, const std::vector<std::pair<std::string, std::vector<double>>>& memory) {
  updater_->remember(memory);
  crew_->follow(updater_->values());
  if (held_out_crew_) held_out_crew_->follow(updater_->values());
  epoch_ = epoch, update_ = updates;
}

Vector<double> Training::outputs(Index sample) {
  crew_->first().present(sample, rest_[static_cast<std::size_t>(sample)]);
  return crew_->first().outputs();
}

}  // namespace settle
