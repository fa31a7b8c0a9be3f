// Gathering the noise currents of elements, and of capacitances for injected noise, <xi xi^T> = 2 T_e C.
#include "circuits/noise_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/sparse_scaling.hpp"

namespace settle {
namespace {

std::vector<NoiseSource> gathered(const Element& element, const Dynamics<double>& dynamics, const Block<double>& all, double t, const Environment& environment) {
  std::vector<NoiseSource> sources;
  element.add_noise(all, dynamics.moment(t), environment, sources);
  return sources;
}

/// A capacitance between two nodes is one between each and the other; what a node has left is its own, to ground.
class Injection {
 public:
  Injection(const Dynamics<double>& dynamics, const Block<double>& x, double t, double power) : dynamics_(dynamics), matrix_(capacitances(dynamics, x, t)), power_(power) {}

  void add(std::vector<NoiseInput>& inputs) const {
    std::map<Index, double> own, size;
    for (const auto& [place, c] : matrix_) {
      own[place.first] += c;
      if (place.first == place.second) size[place.first] = c;
    }
    for (const auto& [place, c] : matrix_) {
      const auto& [i, j] = place;
      if (i == j) continue;
      const auto mirrored = matrix_.find({j, i});
      const double back = mirrored == matrix_.end() ? 0.0 : mirrored->second, tolerated = 1e-9 * std::max(size[i], size[j]);
      if (std::abs(c - back) > tolerated || c > tolerated) refuse(i, j);
      if (i < j && c < 0.0) inputs.push_back(between(i, j, -c));
    }
    for (const auto& [i, c] : own) {
      if (c < -1e-9 * size[i]) refuse(i, i);
      if (c > 1e-12 * size[i]) inputs.push_back(between(i, -1, c));
    }
  }

 private:
  NoiseInput between(Index i, Index j, double c) const {
    const Rows& rows = dynamics_.circuit().rows();
    const auto name = [&](Index k) { return rows[rows.fixed_count() + k].name; };
    return {j < 0 ? fmt::format("at {}", name(i)) : fmt::format("between {} and {}", name(i), name(j)), "injected", j, i, 1.0, 1.0, 4.0 * power_ * c};
  }
  [[noreturn]] void refuse(Index i, Index j) const {
    throw Error(Fault::simulation, fmt::format("noise in proportion to capacitance (inject=) needs capacitances between nodes that are the same both ways and not negative; at {} and {} "
                                               "they are not (a transistor's charges); inject with Ynoise devices instead", dynamics_.name(i), dynamics_.name(j)));
  }

  const Dynamics<double>& dynamics_;
  std::map<std::pair<Index, Index>, double> matrix_;
  double power_;
};

}  // namespace

std::vector<NoiseInput> noise_inputs(const Dynamics<double>& dynamics, const Block<double>& x, double t, const Environment& environment, const NoiseChoice& choice) {
  const Block<double> all = dynamics.extended(x, dynamics.moment(t));
  const Index fixed = dynamics.circuit().rows().fixed_count();
  std::vector<NoiseInput> inputs;
  for (const auto& element : dynamics.circuit().elements())
    for (const NoiseSource& s : gathered(*element, dynamics, all, t, environment)) {
      const bool given = s.what == "injected";
      if (!choice.silent && (s.density == 0.0 || !(given || choice.thermal))) continue;
      inputs.push_back({element->name(s.device), std::string(s.what), s.from < fixed ? -1 : s.from - fixed, s.to < fixed ? -1 : s.to - fixed, s.out, s.in,
                        given || choice.thermal ? s.density : 0.0});
    }
  if (choice.inject > 0.0) Injection(dynamics, x, t, choice.inject).add(inputs);
  return inputs;
}

void update_densities(const Dynamics<double>& dynamics, const Block<double>& x, double t, const Environment& environment, std::vector<NoiseInput>& inputs) {
  const Block<double> all = dynamics.extended(x, dynamics.moment(t));
  auto input = inputs.begin();
  for (const auto& element : dynamics.circuit().elements())
    for (const NoiseSource& s : gathered(*element, dynamics, all, t, environment)) (input++)->density = s.density;
}

std::map<std::pair<Index, Index>, double> capacitances(const Dynamics<double>& dynamics, const Block<double>& x, double t) {
  Vector<double> J;
  dynamics.jacobian(x, t, 0, J);
  const Rows& rows = dynamics.circuit().rows();
  const Pattern& p = dynamics.pattern();
  const auto kind = [&](Index k) -> const Row& { return rows.kind_of(rows.fixed_count() + k); };
  std::map<std::pair<Index, Index>, double> found;
  std::map<Index, std::vector<std::pair<Index, double>>> of_charge;  // dQ/dv, by charge
  std::vector<MatrixEntry> through_charge;
  for (Index j = 0; j < p.size; ++j)
    for (int k = p.start[static_cast<std::size_t>(j)]; k < p.start[static_cast<std::size_t>(j) + 1]; ++k) {
      const Index i = p.row[static_cast<std::size_t>(k)];
      const double mass = dynamics.mass()[k];
      if (kind(i).unit == "C" && kind(j).is_node && J[k] != 0.0) of_charge[i].emplace_back(j, J[k]);
      if (!kind(i).is_node || mass == 0.0) continue;
      if (kind(j).is_node) found[{i, j}] += mass;
      if (kind(j).unit == "C") through_charge.push_back({i, j, mass});
    }
  for (const MatrixEntry& m : through_charge)
    for (const auto& [node, slope] : of_charge[m.column]) found[{m.row, node}] += m.value * slope;
  return found;
}

Eigen::MatrixXd into_states(const LinearModel& model, const std::vector<NoiseInput>& inputs, std::size_t first, std::size_t count) {
  Eigen::MatrixXd columns = Eigen::MatrixXd::Zero(model.states(), static_cast<Index>(count));
  for (std::size_t k = 0; k < count; ++k) {
    const NoiseInput& input = inputs[first + k];
    const double size = std::sqrt(0.5 * input.density);
    if (input.from >= 0) columns.col(static_cast<Index>(k)) -= size * input.out * model.B.col(input.from);
    if (input.to >= 0) columns.col(static_cast<Index>(k)) += size * input.in * model.B.col(input.to);
  }
  return columns;
}

Eigen::MatrixXd intensity(const LinearModel& model, const std::vector<NoiseInput>& inputs) {
  Eigen::MatrixXd Q = Eigen::MatrixXd::Zero(model.states(), model.states());
  constexpr std::size_t at_once = 256;
  for (std::size_t first = 0; first < inputs.size(); first += at_once) {
    const Eigen::MatrixXd columns = into_states(model, inputs, first, std::min(at_once, inputs.size() - first));
    Q += columns * columns.transpose();
  }
  return Q;
}

}  // namespace settle
