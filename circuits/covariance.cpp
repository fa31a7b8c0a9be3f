// .covariance: how far noise moves the outputs of the circuit at rest, A S + S A^T + Q = 0 for dz = A z dt + noise of intensity Q.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/noisy_rest.hpp"
#include "sim/lyapunov.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr Index most_shared = 64;      // probes whose variance is shared out among devices: each takes another solution
constexpr std::size_t most_columns = 8;  // of tables
constexpr std::size_t at_once = 256;     // inputs

std::string unit_of(const Probes& probes) {
  for (const auto& probe : probes)
    if (probe->label().unit != probes.front()->label().unit) return "";
  return probes.empty() ? "" : probes.front()->label().unit;
}

/// Shares of inputs in the variance of one probe, the largest first.
using Shares = std::vector<std::pair<double, std::size_t>>;

class Covariance {
 public:
  Covariance(Job& job, Recorder& recorder, const NoiseSettings& settings) : job_(job), recorder_(recorder), rest_(job, settings, recorder, ".covariance") {
    rest_.require_noise();
    rest_.require_finite();
    inputs_ = rest_.sounding();
    recorder.progress(0.1);
    const Lyapunov lyapunov(rest_.model().A);
    if (const std::string why = rest_.unstable(lyapunov.eigenvalues()); !why.empty())
      throw Error(Fault::simulation, fmt::format("no stationary covariance: {}; .stability shows the modes, .ic chooses another rest state", why));
    recorder.progress(0.4);
    states_ = lyapunov.solve(intensity(rest_.model(), inputs_));
    probes_ = rest_.seen() * states_ * rest_.seen().transpose();
    recorder.progress(0.6);
    share_out(lyapunov);
  }

  AnalysisStats run() {
    const Snapshot<double> at(rest_.dynamics(), rest_.x(), 0.0);
    record();
    if (job_.at_end) job_.at_end(at);
    AnalysisStats stats{.points = probes_.rows(), .factorizations = rest_.newton().factorizations, .iterations = rest_.newton().iterations, .method = "Lyapunov equation"};
    stats.facts.push_back({"noise sources", static_cast<double>(inputs_.size())});
    stats.facts.push_back({"states", static_cast<double>(states_.rows())});
    stats.facts.push_back({"temperature", rest_.environment().temperature, "K"});
    if (rest_.thermal()) add_equipartition(stats);
    add_rms(probe_values(job_.probes, at), stats);
    add_correlations(stats);
    add_devices(stats);
    return stats;
  }

 private:
  const std::string& name(Index p) const { return job_.probes[static_cast<std::size_t>(p)]->label().name; }
  double rms(Index p) const { return std::sqrt(std::max(probes_(p, p), 0.0)); }
  double correlation(Index p, Index q) const {
    constexpr double rounding = 1e-14;
    const double c = probes_(p, q) / (rms(p) * rms(q));
    return std::abs(c) < rounding ? 0.0 : c;
  }
  /// Outputs that move at all.
  std::vector<Index> moving() const {
    std::vector<Index> outputs;
    for (Index p = 0; p < probes_.rows(); ++p)
      if (rms(p) > 0.0) outputs.push_back(p);
    return outputs;
  }
  static std::vector<Index> first(std::vector<Index> outputs) {
    outputs.resize(std::min(outputs.size(), most_columns));
    return outputs;
  }
  Index shared() const { return static_cast<Index>(shares_.size()); }

  /// What a device contributes to a probe's variance is g^T P g with g = B b: one transposed equation per probe serves all devices.
  void share_out(const Lyapunov& lyapunov) {
    const Index count = std::min(probes_.rows(), most_shared);
    for (Index p = 0; p < count; ++p) {
      if (recorder_.interrupted()) throw Error(Fault::interrupted, "interrupted");
      const Eigen::VectorXd row = rest_.seen().row(p);
      const Eigen::MatrixXd P = lyapunov.solve_transposed(row * row.transpose());
      Shares shares;
      for (std::size_t k = 0; k < inputs_.size(); k += at_once) {
        const Eigen::MatrixXd G = into_states(rest_.model(), inputs_, k, std::min(at_once, inputs_.size() - k));
        const Eigen::RowVectorXd parts = G.cwiseProduct(P * G).colwise().sum();
        for (Index j = 0; j < parts.size(); ++j) shares.emplace_back(probes_(p, p) > 0.0 ? parts[j] / probes_(p, p) : 0.0, shares.size());
      }
      shares_.push_back(std::move(shares));
      recorder_.progress(0.6 + 0.4 * static_cast<double>(p + 1) / static_cast<double>(count));
    }
  }

  void record() const {
    for (Index p = 0; p < probes_.rows(); ++p) {
      std::vector<double> values{rms(p)};
      for (Index q = 0; q < probes_.cols(); ++q) values.push_back(probes_(p, q));
      recorder_.record(static_cast<double>(p + 1), values);
    }
  }

  std::string largest_shares(Index p) const {
    if (p >= shared() || !(rms(p) > 0.0)) return "";
    Shares sorted = shares_[static_cast<std::size_t>(p)];
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text;
    for (std::size_t k = 0; k < std::min<std::size_t>(3, sorted.size()); ++k)
      if (k == 0 || sorted[k].first >= 0.01) text += fmt::format("{}{} {:.0f} %", k ? ", " : "by ", inputs_[sorted[k].second].name(), 100.0 * sorted[k].first);
    return text;
  }

  void add_rms(const std::vector<double>& values, AnalysisStats& stats) const {
    const std::string unit = unit_of(job_.probes);
    FactTable table{.title = "noise", .of = "output", .columns = {{"rms", unit}, {"rest", unit}}, .rows = {}};
    for (Index p = 0; p < probes_.rows(); ++p) table.rows.push_back({name(p), {rms(p), values[static_cast<std::size_t>(p)]}, largest_shares(p)});
    std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& a, const auto& b) { return a.values[0] > b.values[0]; });
    if (!table.rows.empty()) {
      stats.facts.push_back({"noisiest", 0.0, "", table.rows.front().name});
      stats.facts.push_back({"its rms", table.rows.front().values[0], unit});
    }
    stats.tables.push_back(std::move(table));
  }

  void add_correlations(AnalysisStats& stats) const {
    const std::vector<Index> outputs = moving(), columns = first(outputs);
    if (outputs.size() < 2) return;
    FactTable table{.title = columns.size() < outputs.size() ? fmt::format("correlations with the first {} outputs", columns.size()) : "correlations", .of = "output", .columns = {}, .rows = {}};
    for (const Index q : columns) table.columns.push_back({name(q)});
    for (const Index p : outputs) {
      FactTable::Row row{name(p), {}};
      for (const Index q : columns) row.values.push_back(correlation(p, q));
      table.rows.push_back(std::move(row));
    }
    stats.tables.push_back(std::move(table));
  }

  /// The devices that matter most to any of the first outputs.
  void add_devices(AnalysisStats& stats) const {
    std::vector<Index> columns = first(moving());
    std::erase_if(columns, [this](Index p) { return p >= shared(); });
    if (columns.empty()) return;
    FactTable table{.title = "shares of the variance", .of = "device", .columns = {}, .rows = {}};
    for (const Index q : columns) table.columns.push_back({name(q)});
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      FactTable::Row row{inputs_[k].name(), {}};
      for (const Index q : columns) row.values.push_back(shares_[static_cast<std::size_t>(q)][k].first);
      table.rows.push_back(std::move(row));
    }
    const auto most = [](const FactTable::Row& row) { return *std::max_element(row.values.begin(), row.values.end()); };
    std::stable_sort(table.rows.begin(), table.rows.end(), [&](const auto& a, const auto& b) { return most(a) > most(b); });
    stats.tables.push_back(std::move(table));
  }

  /// Is it k T times the inverse of the capacitances, as in thermal equilibrium whatever the conductances are?
  void add_equipartition(AnalysisStats& stats) const {
    const auto matrix = capacitances(rest_.dynamics(), rest_.x(), 0.0);
    std::vector<Index> nodes;
    for (const auto& [place, c] : matrix)
      if (place.first == place.second && c > 0.0) nodes.push_back(place.first);
    const auto n = static_cast<Index>(nodes.size());
    Eigen::MatrixXd C = Eigen::MatrixXd::Zero(n, n), V(n, states_.rows());
    for (Index i = 0; i < n; ++i) {
      V.row(i) = rest_.model().X.row(nodes[static_cast<std::size_t>(i)]);
      for (Index j = 0; j < n; ++j)
        if (const auto found = matrix.find({nodes[static_cast<std::size_t>(i)], nodes[static_cast<std::size_t>(j)]}); found != matrix.end()) C(i, j) = found->second;
    }
    const Eigen::FullPivLU<Eigen::MatrixXd> lu(C);
    if (n == 0 || !lu.isInvertible()) return;
    const Eigen::VectorXd thermal = boltzmann * rest_.environment().temperature * lu.inverse().diagonal(), found = (V * states_ * V.transpose()).diagonal();
    Index least = 0, most = 0;
    const double low = (found.array() / thermal.array()).minCoeff(&least), high = (found.array() / thermal.array()).maxCoeff(&most);
    const auto node = [&](Index k) { return job_.circuit.rows()[job_.circuit.rows().fixed_count() + nodes[static_cast<std::size_t>(k)]].name; };
    stats.facts.push_back({"variances over kT/C", high, "1", high - 1.0 <= 1e-6 && 1.0 - low <= 1e-6 ? std::string("1 at every node: thermal equilibrium")
                                                                           : fmt::format("{:.4g} at {} to {:.4g} at {}: no thermal equilibrium", low, node(least), high, node(most))});
  }

  Job& job_;
  Recorder& recorder_;
  NoisyRest rest_;
  std::vector<NoiseInput> inputs_;
  Eigen::MatrixXd states_, probes_;
  std::vector<Shares> shares_;
};

class CovariancePlan final : public Plan {
 public:
  explicit CovariancePlan(NoiseSettings settings) : settings_(settings) {}
  Axis axis() const override { return {"output", "1", "rows of the covariance matrix, in the order of its columns"}; }
  std::vector<ProbeLabel> extra(const Job& job) const override {
    const std::string unit = unit_of(job.probes);
    std::vector<ProbeLabel> labels{{"rms", "rms", unit, "rms", "value"}};
    for (const auto& probe : job.probes)
      labels.push_back({fmt::format("covariance({})", probe->label().name), "covariance", unit.empty() ? "" : unit + "^2", probe->label().name, "probe"});
    return labels;
  }
  AnalysisStats run(Job& job, Recorder& recorder) const override { return Covariance(job, recorder, settings_).run(); }

 private:
  NoiseSettings settings_;
};

class CovarianceAnalysis final : public Analysis {
 public:
  std::string help() const override {
    return "how far noise moves the outputs of the circuit at rest: rms values, covariances and correlations of the linearized circuit, exactly, and which devices they come from";
  }
  std::string usage() const override { return ".covariance [thermal=on|off] [inject=T_e] [temp=...]"; }
  std::vector<CardParameter> parameters() const override { return noise_parameters(); }
  bool records_probes() const override { return false; }
  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist&, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    const NoiseSettings settings = read_noise(options);
    options.finish(0);
    return diagnostics.errors() == errors ? std::make_unique<CovariancePlan>(settings) : nullptr;
  }
};

const Registered<Analysis, CovarianceAnalysis> registered("covariance");

}  // namespace
}  // namespace settle
