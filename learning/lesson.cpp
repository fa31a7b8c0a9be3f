// From a task and its binding to lessons.
#include "learning/lesson.hpp"

#include <numeric>

#include "circuits/setting.hpp"
#include "learning/binding.hpp"
#include "learning/taught.hpp"
#include "learning/task.hpp"
#include "sim/random.hpp"

namespace settle {
namespace {

Lesson lesson_of(const Teaching& teaching, const Binding& binding, const Samples& samples) {
  Lesson lesson{.teaching = teaching, .sources = {}, .drive = source_values(binding, samples), .targets = output_targets(binding, samples), .labels = samples.labels, .samples = samples.count()};
  for (const BoundInput& input : binding.inputs) lesson.sources.push_back(input.device);
  if (lesson.labels.empty()) return lesson;
  const int classes = 1 + *std::max_element(lesson.labels.begin(), lesson.labels.end());
  lesson.classes = Eigen::MatrixXd::Zero(lesson.targets.rows(), classes);
  for (std::size_t k = lesson.labels.size(); k-- > 0;) lesson.classes.col(lesson.labels[k]) = lesson.targets.col(static_cast<Index>(k));
  return lesson;
}

/// Outputs with the targets of samples as given values.
Taught taught_of(const Binding& binding, const std::string& cost) {
  Taught taught{.outputs = {}, .cost = cost, .signal = {}, .membranes = {}};
  for (const BoundTarget& target : binding.targets) {
    taught.outputs.push_back({.node = target.node, .target = 0.0, .weight = target.weight, .given = static_cast<int>(taught.outputs.size())});
    if (!target.membrane.empty()) taught.membranes[target.node] = target.membrane;
  }
  return taught;
}

}  // namespace

int Lesson::class_of(const Vector<double>& outputs) const {
  Index nearest = 0;
  (classes.colwise() - outputs).colwise().squaredNorm().minCoeff(&nearest);
  return static_cast<int>(nearest);
}

std::vector<Index> order_of(Index samples, bool shuffled, std::uint64_t seed, long epoch) {
  std::vector<Index> order(static_cast<std::size_t>(samples));
  std::iota(order.begin(), order.end(), 0);
  const Stream stream(seed, "learning.shuffle", "", static_cast<std::uint64_t>(epoch));
  for (std::size_t k = order.size(); shuffled && k > 1; --k) std::swap(order[k - 1], order[static_cast<std::size_t>(stream.uniform_at(k) * static_cast<double>(k))]);
  return order;
}

bool check_lessons(const AnalysisCard& card, const Netlist& netlist, const std::string& cost, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.errors();
  const auto teaching = teaching_of(netlist, diagnostics);
  if (!task_card(netlist)) {
    if (!teaching && diagnostics.errors() == errors)
      diagnostics.error(card.where, "." + card.kind + " needs outputs with targets, and the deck has none: either .teach v(out)=1 beta=1u for the deck as it stands, or samples, for example "
                                                      ".task xor, .input v1 v2 and .target v(out)");
    return diagnostics.errors() == errors;
  }
  if (teaching) return diagnostics.error(teaching->where, "the deck has both a .task and the targets of .teach; the samples of a task bring their own, so leave out .teach"), false;
  const auto outline = task_outline(netlist, diagnostics);
  const auto binding = outline ? binding_of(netlist, *outline, diagnostics) : std::nullopt;
  if (!binding) return false;
  try {
    teaching_of(taught_of(*binding, cost), netlist, card.where);
  } catch (const Error& error) {
    diagnostics.error(binding->targets.front().where, error.what());
  }
  return diagnostics.errors() == errors;
}

Lessons lessons_of(const AnalysisCard& card, const Job& job, const std::string& cost) {
  if (!check_lessons(card, job.netlist, cost, job.diagnostics)) throw Error(Fault::netlist, "the netlist has errors");
  if (!task_card(job.netlist)) return {Lesson{.teaching = *job.teaching, .sources = {}, .drive = Eigen::MatrixXd(0, 1), .targets = Given(0, 1)}, {}};
  const auto data = load_task(job.netlist, job.diagnostics);
  const auto binding = data ? binding_of(job.netlist, *data, job.diagnostics) : std::nullopt;
  if (!binding) throw Error(Fault::netlist, "the netlist has errors");
  const Teaching taught = teaching_of(taught_of(*binding, cost), job.netlist, card.where);
  Lessons lessons{lesson_of(taught, *binding, data->train), {}};
  if (data->held_out.count() > 0) {
    lessons.held_out = lesson_of(taught, *binding, data->held_out);
    lessons.held_out->classes = lessons.train.classes;
  }
  return lessons;
}

}  // namespace settle
