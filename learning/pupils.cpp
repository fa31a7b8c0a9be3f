// Showing lessons, together or one by one.
#include "learning/pupils.hpp"

#include <fmt/format.h>

namespace settle {
namespace {

constexpr std::size_t most_together = 256;  // samples

}  // namespace

Pupils::Pupils(const Job& job, const Lesson& lesson, Weights& weights, const Learning& learning, const Recorder& recorder, bool single)
    : lesson_(lesson), weights_(weights), learning_(learning), recorder_(recorder),
      crew_(std::make_unique<Crew>(job, lesson, weights, learning.devices, recorder, learning.rule->in_sequence() ? 1 : job.threads)), crowd_(Crowd::of(job, lesson, weights, job.threads, single)),
      rest_(static_cast<std::size_t>(lesson.samples)) {
  together_ = crowd_ && takes_all(learning);
  if (single && !together_)
    throw Error(Fault::netlist, fmt::format("precision=single is for circuits whose samples settle together: activities `B r 0 v=phi(v(u))`, buffered arrays (coupling=forward ground=virtual), the squared cost, and a rule "
                                            "such as ep, hep, aep, dyadic or exact (here {}); leave it out",
                                            learning.rule_name));
}

Crew& Pupils::crew() {
  if (std::exchange(stale_, false)) crew_->follow(weights_.values());
  return *crew_;
}

void Pupils::changed() {
  stale_ = true;
  if (crowd_) crowd_->forget();
}

bool Pupils::is_right(const Vector<double>& outputs, Index sample) const {
  return !lesson_.labels.empty() && lesson_.class_of(outputs) == lesson_.labels[static_cast<std::size_t>(sample)];
}

/// Presents it by itself: where it rested last, or what the crowd found of it, is where the search begins.
Shown Pupils::look(Stage& stage, Index sample, const Block<double>& guess) {
  try {
    stage.present(sample, guess);
  } catch (const Error& error) {
    throw SampleError(error, sample);
  }
  return {stage.cost(), static_cast<double>(stage.iterations()), is_right(stage.outputs(), sample), false};
}

Shown Pupils::look(Index column) {
  return {crowd_->cost(column), static_cast<double>(crowd_->cycles(column)), is_right(crowd_->outputs(column), crowd_->samples()[static_cast<std::size_t>(column)]), false};
}

std::vector<Shown> Pupils::show(std::span<const Index> samples) {
  std::vector<Shown> shown(samples.size());
  for (std::size_t first = 0; crowd_ && first < samples.size(); first += most_together) {
    const auto here = samples.subspan(first, std::min(most_together, samples.size() - first));
    crowd_->present(here);
    for (std::size_t k = 0; k < here.size(); ++k)
      shown[first + k] = crowd_->settled(static_cast<Index>(k)) ? look(static_cast<Index>(k)) : look(crew().first(), here[k], {});
  }
  if (!crowd_) crew().each(samples.size(), [&](Stage& stage, std::size_t k, std::size_t) { shown[k] = look_from_last(stage, samples[k]); });
  return shown;
}

Shown Pupils::look_from_last(Stage& stage, Index sample) {
  Block<double>& rest = rest_[static_cast<std::size_t>(sample)];
  const Shown shown = look(stage, sample, rest);
  rest = stage.rest();
  return shown;
}

Stage& Pupils::at(Index sample) {
  Block<double> guess = rest_[static_cast<std::size_t>(sample)];
  if (crowd_) {
    crowd_->present(std::span(&sample, 1));
    if (crowd_->settled(0)) guess = crowd_->rest();
  }
  look(first(), sample, guess);
  return first();
}

/// False for a sample left out.
bool Pupils::teach_one(Stage& stage, long round, bool skip, Vector<double>& gradient) const {
  const Vector<double> before = skip ? gradient : Vector<double>();
  try {
    learning_.add_gradient(stage, static_cast<std::uint64_t>(round * lesson_.samples + stage.sample()), gradient, nullptr, learning_.clip);
    if (!gradient.allFinite()) throw Error(Fault::simulation, "the gradient is not a number");
    return true;
  } catch (const Error& error) {
    if (!skip || error.fault() != Fault::simulation) throw SampleError(error, stage.sample());
    gradient = before;
    return false;
  }
}

void Pupils::teach_together(std::span<const Index> samples, long round, bool skip, Vector<double>& gradient, Shown* shown) {
  crowd_->present(samples);
  for (std::size_t k = 0; k < samples.size(); ++k)
    if (crowd_->settled(static_cast<Index>(k))) shown[k] = look(static_cast<Index>(k));
  Measured measured = static_cast<const SceneRule&>(*learning_.rule).measure_on(*crowd_, static_cast<std::uint64_t>(round * lesson_.samples));
  clip(measured, learning_.clip);
  crowd_->add_gradients(measured, gradient);
  double taught = 0.0;
  for (std::size_t k = 0; k < samples.size(); ++k) taught += crowd_->answered(static_cast<Index>(k));
  if (learning_.homeostasis.coefficient != 0.0) crowd_->add_homeostasis(taught * learning_.homeostasis.coefficient, gradient);
  for (std::size_t k = 0; k < samples.size(); ++k) {
    const Index column = static_cast<Index>(k);
    if (crowd_->answered(column)) continue;
    if (skip && crowd_->settled(column)) {
      shown[k].skipped = true;
      continue;
    }
    Stage& stage = first();
    const Shown by_itself = look(stage, samples[k], crowd_->settled(column) ? Block<double>(crowd_->rest().col(column)) : Block<double>());
    if (!crowd_->settled(column)) shown[k] = by_itself;
    shown[k].skipped = !teach_one(stage, round, skip, gradient);
  }
}

/// Blocks of a fixed size are summed each by itself, then one after the other.
void Pupils::teach_by_itself(std::span<const Index> samples, long round, bool skip, Vector<double>& gradient, Shown* shown) {
  std::vector<Vector<double>> gradients((samples.size() + Crew::block_size - 1) / Crew::block_size, Vector<double>::Zero(gradient.size()));
  crew().each(samples.size(), [&](Stage& stage, std::size_t k, std::size_t block) {
    if (recorder_.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted in epoch {}", round + 1));
    shown[k] = look_from_last(stage, samples[k]);
    shown[k].skipped = !teach_one(stage, round, skip, gradients[block]);
  });
  for (const Vector<double>& each : gradients) gradient += each;
}

std::vector<Shown> Pupils::teach(std::span<const Index> samples, long round, bool skip, Vector<double>& gradient) {
  std::vector<Shown> shown(samples.size());
  if (!together_) {
    teach_by_itself(samples, round, skip, gradient, shown.data());
    return shown;
  }
  for (std::size_t first = 0; first < samples.size(); first += most_together) {
    if (recorder_.interrupted()) throw Error(Fault::interrupted, fmt::format("interrupted in epoch {}", round + 1));
    teach_together(samples.subspan(first, std::min(most_together, samples.size() - first)), round, skip, gradient, shown.data() + first);
  }
  return shown;
}

}  // namespace settle
