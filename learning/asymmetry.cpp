// Twice the antisymmetric part, entry by entry.
#include "learning/asymmetry.hpp"

#include "learning/activity.hpp"
#include "learning/stage.hpp"

#include "sim/random.hpp"

namespace settle {

SparseMatrix asymmetry_of(const Stage& stage, const AsymmetryOptions& options) {
  const ActivityModel model(stage.job().netlist, stage.dynamics(), stage.rest(), 0.0);
  if (const Index saturated = model.saturated(); saturated >= 0)
    throw Error(Fault::simulation, "the activity of neuron '" + model.name(saturated) + "' is saturated and does not move with its membrane, so the circuit has no Jacobian in activities at " + stage.named());
  const SparseMatrix J = model.activity(), A2 = J - SparseMatrix(J.transpose());
  const Stream stream(stage.job().seed, "learning.asymmetry");
  std::vector<Eigen::Triplet<double>> entries;
  for (Index j = 0; j < A2.cols(); ++j)
    for (SparseMatrix::InnerIterator it(A2, j); it; ++it) {
      if (it.row() == j || it.value() == 0.0) continue;
      const double known = options.error > 0.0 ? 1.0 + options.error * stream.normal_at(static_cast<std::uint64_t>(it.row() * A2.cols() + j)) : 1.0;
      entries.emplace_back(model.membrane_unknown(it.row()), model.activity_unknown(j), options.factor * known * it.value());
    }
  SparseMatrix K(stage.rest().rows(), stage.rest().rows());
  K.setFromTriplets(entries.begin(), entries.end());
  return K;
}

}  // namespace settle
