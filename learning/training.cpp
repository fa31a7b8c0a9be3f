// Epochs of training.
#include "learning/training.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "learning/comparison.hpp"
#include "learning/gradient_report.hpp"

namespace settle {

Training::Training(const Job& job, const Learning& learning, const Lessons& lessons, const TrainSettings& settings, const Recorder& recorder)
    : job_(job), learning_(learning), lessons_(lessons), settings_(settings), recorder_(recorder), weights_(job.netlist, job.circuit, job.environment, learning.devices),
      updater_(std::make_unique<Updater>(weights_, learning.rates, learning.optimizer, job.seed)), pupils_(std::make_unique<Pupils>(job, lessons.train, weights_, learning, recorder, settings.single)) {
  if (settings_.batch == 0) settings_.batch = lessons.train.samples;
  if (lessons.held_out) held_out_ = std::make_unique<Pupils>(job, *lessons.held_out, weights_, learning, recorder, settings.single);
  if (const std::string fault = learning.rule->fault(pupils_->first()); !fault.empty()) throw Error(Fault::netlist, fmt::format("rule={}: {}", learning.rule_name, fault));
}

Training::~Training() = default;

void Training::explain(const SampleError& error) const {
  if (error.fault() != Fault::simulation) throw Error(error);
  throw Error(Fault::simulation, fmt::format("epoch {}, update {}, sample {}: {}. What was recorded stays; a smaller rate= or beta= may help", epoch_ + 1, update_ + 1, error.sample(), error.what()));
}

void Training::changed() {
  pupils_->changed();
  if (held_out_) held_out_->changed();
}

/// The mean gradient of some samples.
Vector<double> Training::batch(const std::vector<Index>& samples, std::size_t first, std::size_t last, EpochReport& report) {
  Vector<double> gradient = Vector<double>::Zero(weights_.count());
  std::vector<Shown> shown;
  try {
    shown = pupils_->teach(std::span(samples).subspan(first, last - first), epoch_, settings_.skip, gradient);
  } catch (const SampleError& error) {
    explain(error);
  }
  const double share = 1.0 / static_cast<double>(lessons_.train.samples);
  for (const Shown& sample : shown) {
    report.cost += share * sample.cost, report.iterations += share * sample.effort, report.accuracy += share * sample.right;
    report.skipped += sample.skipped;
    report.most_iterations = std::max(report.most_iterations, sample.effort);
  }
  return gradient / static_cast<double>(last - first);
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
    if (updater_->update(gradient, factor, static_cast<std::uint64_t>(update_))) changed();
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

/// Some of the training set under the rule and under the adjoint, without an update.
void Training::compare(EpochReport& report) {
  constexpr Index most = 200;  // samples
  std::vector<Index> samples(static_cast<std::size_t>(std::min(lessons_.train.samples, most)));
  std::iota(samples.begin(), samples.end(), 0);
  const Learning* rule = &learning_;
  try {
    const Comparison comparison = settle::compare(*pupils_, std::span(&rule, 1), samples, {.round = static_cast<std::uint64_t>(epoch_), .skip = settings_.skip, .homeostasis = false, .time_constants = true});
    report.cosine = agreement(comparison.rules[0].gradient, comparison.exact.gradient).cosine;
    report.symmetry = comparison.symmetry / comparison.looks, report.slowest = comparison.slowest;
  } catch (const SampleError& error) {
    explain(error);
  }
}

Training::Score Training::score(const Lesson& lesson) {
  Pupils& pupils = lessons_.held_out && &lesson == &*lessons_.held_out ? *held_out_ : *pupils_;
  std::vector<Index> samples(static_cast<std::size_t>(lesson.samples));
  std::iota(samples.begin(), samples.end(), 0);
  Score score{0.0, lesson.labels.empty() ? NAN : 0.0};
  try {
    for (const Shown& sample : pupils.show(samples)) score.cost += sample.cost / static_cast<double>(lesson.samples), score.accuracy += sample.right / static_cast<double>(lesson.samples);
  } catch (const SampleError& error) {
    explain(error);
  }
  return score;
}

void Training::continue_at(long epoch, long updates, const std::vector<std::pair<std::string, std::vector<double>>>& memory) {
  updater_->remember(memory);
  changed();
  epoch_ = epoch, update_ = updates;
}

Vector<double> Training::outputs(Index sample) {
  return pupils_->at(sample).outputs();
}

}  // namespace settle
