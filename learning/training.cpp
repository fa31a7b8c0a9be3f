// Epochs of training.
#include "learning/training.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "learning/activity.hpp"
#include "learning/gradient_report.hpp"
#include "learning/symmetry.hpp"
#include "sim/random.hpp"

namespace settle {

Training::Training(const Job& job, const Learning& learning, const Lessons& lessons, const TrainSettings& settings, const Recorder& recorder)
    : job_(job), learning_(learning), lessons_(lessons), settings_(settings), recorder_(recorder), weights_(job.netlist, job.circuit, job.environment, learning.devices),
      updater_(std::make_unique<Updater>(weights_, learning.rates, learning.optimizer, job.seed)), stage_(std::make_unique<Stage>(job, lessons.train, weights_, recorder)),
      rest_(static_cast<std::size_t>(lessons.train.samples)) {
  if (settings_.batch == 0) settings_.batch = lessons.train.samples;
  if (lessons.held_out) {
    held_out_stage_ = std::make_unique<Stage>(job, *lessons.held_out, weights_, recorder);
    held_out_rest_.resize(static_cast<std::size_t>(lessons.held_out->samples));
  }
  if (const std::string fault = learning.rule->fault(*stage_); !fault.empty()) throw Error(Fault::netlist, fmt::format("rule={}: {}", learning.rule_name, fault));
}

Training::~Training() = default;

/// A permutation that depends on the seed and the epoch alone.
std::vector<Index> Training::order() const {
  std::vector<Index> order(static_cast<std::size_t>(lessons_.train.samples));
  std::iota(order.begin(), order.end(), 0);
  if (!settings_.shuffle) return order;
  const Stream stream(job_.seed, "learning.shuffle", "", static_cast<std::uint64_t>(epoch_));
  for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[static_cast<std::size_t>(stream.uniform_at(k) * static_cast<double>(k))]);
  return order;
}

void Training::explain(const Error& error, Index sample) const {
  if (error.fault() != Fault::simulation) throw error;
  throw Error(Fault::simulation, fmt::format("epoch {}, update {}, sample {}: {}. What was recorded stays; a smaller rate= or beta= may help", epoch_ + 1, update_ + 1, sample, error.what()));
}

void Training::add_sample(Index sample, Vector<double>& gradient, EpochReport& report) {
  Block<double>& rest = rest_[static_cast<std::size_t>(sample)];
  try {
    stage_->present(sample, rest);
    rest = stage_->rest();
    learning_.add_gradient(*stage_, static_cast<std::uint64_t>(epoch_ * lessons_.train.samples + sample), gradient);
  } catch (const Error& error) {
    explain(error, sample);
  }
  if (!gradient.allFinite()) explain(Error(Fault::simulation, "the gradient is not a number"), sample);
  const double share = 1.0 / static_cast<double>(lessons_.train.samples);
  report.cost += share * stage_->cost();
  if (!lessons_.train.labels.empty()) report.accuracy += share * (lessons_.train.class_of(stage_->outputs()) == lessons_.train.labels[static_cast<std::size_t>(sample)]);
}

EpochReport Training::epoch(const std::function<void(double)>& progress) {
  EpochReport report{.held_out_cost = NAN, .held_out_accuracy = NAN, .cosine = NAN, .symmetry = NAN};
  if (lessons_.train.labels.empty()) report.accuracy = NAN;
  if (settings_.compare > 0 && epoch_ % settings_.compare == 0) compare(report);
  const std::vector<Index> samples = order();
  const double factor = learning_.rates.factor(epoch_, settings_.epochs);
  for (std::size_t first = 0; first < samples.size(); first += static_cast<std::size_t>(settings_.batch)) {
    const std::size_t last = std::min(samples.size(), first + static_cast<std::size_t>(settings_.batch));
    Vector<double> gradient = Vector<double>::Zero(weights_.count());
    for (std::size_t k = first; k < last; ++k) {
      if (recorder_.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted in epoch {}", epoch_ + 1));
      add_sample(samples[k], gradient, report);
    }
    gradient /= static_cast<double>(last - first);
    if (updater_->update(gradient, factor, static_cast<std::uint64_t>(update_))) {
      stage_->forget();
      if (held_out_stage_) held_out_stage_->forget();
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
  Vector<double> measured = Vector<double>::Zero(weights_.count()), exact = measured;
  double symmetry = 0.0;
  constexpr Index most = 200;  // samples
  const Index count = std::min(lessons_.train.samples, most);
  for (Index sample = 0; sample < count; ++sample) {
    Block<double>& rest = rest_[static_cast<std::size_t>(sample)];
    try {
      stage_->present(sample, rest);
      rest = stage_->rest();
      learning_.rule->add_estimate(*stage_, {measured, nullptr, static_cast<std::uint64_t>(epoch_ * lessons_.train.samples + sample)});
      stage_->add_gradient(stage_->rest(), stage_->solve_transposed(stage_->cost_slope()), exact);
      const ActivityModel model(job_.netlist, stage_->dynamics(), stage_->rest(), 0.0);
      symmetry += (model.count() > 0 && model.saturated() < 0 ? symmetry_of(model.activity(), 0).measure : NAN) / static_cast<double>(count);
    } catch (const Error& error) {
      explain(error, sample);
    }
  }
  report.cosine = agreement(measured, exact).cosine;
  report.symmetry = symmetry;
}

Training::Score Training::score(const Lesson& lesson) {
  const bool held_out = lessons_.held_out && &lesson == &*lessons_.held_out;
  Stage& stage = held_out ? *held_out_stage_ : *stage_;
  std::vector<Block<double>>& rest = held_out ? held_out_rest_ : rest_;
  Score score{0.0, lesson.labels.empty() ? NAN : 0.0};
  for (Index sample = 0; sample < lesson.samples; ++sample) {
    try {
      stage.present(sample, rest[static_cast<std::size_t>(sample)]);
    } catch (const Error& error) {
      explain(error, sample);
    }
    rest[static_cast<std::size_t>(sample)] = stage.rest();
    score.cost += stage.cost() / static_cast<double>(lesson.samples);
    if (!lesson.labels.empty()) score.accuracy += (lesson.class_of(stage.outputs()) == lesson.labels[static_cast<std::size_t>(sample)]) / static_cast<double>(lesson.samples);
  }
  return score;
}

Vector<double> Training::outputs(Index sample) {
  stage_->present(sample, rest_[static_cast<std::size_t>(sample)]);
  return stage_->outputs();
}

}  // namespace settle
