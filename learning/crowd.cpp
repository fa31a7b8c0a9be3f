// What crowds of either precision share.
#include "learning/crowd.hpp"

#include "circuits/nudged_circuit.hpp"

namespace settle {

Crowd::Crowd(const Job& job, const Lesson& lesson, const Weights& weights, Network network, int threads)
    : job_(job), lesson_(lesson), weights_(weights), network_(std::move(network)), feed_(job.circuit, lesson), cost_(term_of(lesson.teaching.cost, job.circuit)), team_(threads), last_(static_cast<std::size_t>(lesson.samples)) {
  const Index fixed = job.circuit.rows().fixed_count();
  for (const std::string& output : lesson.teaching.outputs) outputs_.push_back(job.circuit.find_row(output) - fixed);
  std::vector<char> activity(static_cast<std::size_t>(job.circuit.rows().count()), 0);
  for (const Index r : network_.activity)
    if (r >= 0) activity[static_cast<std::size_t>(fixed + r)] = 1;
  for (const Weights::Group& group : weights.groups()) {
    reads_activities_.push_back(0);
    for (const Index device : group.device)
      for (const Index row : group.element->rows(device)) reads_activities_.back() |= activity[static_cast<std::size_t>(row)];
  }
}

double Crowd::cost(Index column) const { return value_of(cost_, x_, given_, column); }

Vector<double> Crowd::outputs(Index column) const {
  Vector<double> outputs(static_cast<Index>(outputs_.size()));
  for (std::size_t k = 0; k < outputs_.size(); ++k) outputs[static_cast<Index>(k)] = x_(outputs_[k], column);
  return outputs;
}

/// dL/dJ_ij = 2 (J_ij - J_ji), L = |J - J^T|^2 / 2; dJ_ij/dw is how the current into i grows with r_j.
void Crowd::add_homeostasis(double factor, Vector<double>& gradient) {
  const Index fixed = job_.circuit.rows().fixed_count(), count = network_.count();
  const Eigen::MatrixXd slope = 2.0 * factor * (network_.W - network_.W.transpose());
  Block<double> moved = Block<double>::Zero(job_.circuit.rows().count(), count + 1), currents = moved;
  for (Index j = 0; j < count; ++j) {
    if (network_.activity[static_cast<std::size_t>(j)] >= 0) moved(fixed + network_.activity[static_cast<std::size_t>(j)], j) = 1.0;
    currents.row(fixed + network_.membrane[static_cast<std::size_t>(j)]).head(count) = slope.row(j);
    currents(fixed + network_.membrane[static_cast<std::size_t>(j)], count) = -slope.row(j).sum();  // what flows without any movement
  }
  const Modes modes(job_.circuit.rows().modes(), 1);
  weights_.add_pullback<double>(moved, Moment{.modes = &modes}, currents, gradient, &reads_activities_);
}

}  // namespace settle
