// .noise: the spectral density of an output's noise, sum over sources of S |y^T b|^2 with (s M - J)^T y = output, as SPICE has it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "circuits/frequency_sweep.hpp"
#include "circuits/noisy_rest.hpp"
#include "circuits/response.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

struct NoiseCard {
  std::string plus, minus, source;  // nodes of the output; the input's source
  Location output_where, source_where;
  std::vector<double> frequencies;
};

/// Integral of a density over frequency, a power of f between neighbours.
class Integral {
 public:
  void add(double f, double density) {
    if (f_ > 0.0 && density > 0.0 && density_ > 0.0) {
      const double ratio = std::log(f / f_), power = std::log(density / density_) / ratio + 1.0, x = power * ratio;
      total_ += f_ * density_ * ratio * (std::abs(x) < 1e-8 ? 1.0 : std::expm1(x) / x);
    } else if (f > f_ && started_) {
      total_ += 0.5 * (density + density_) * (f - f_);
    }
    f_ = f, density_ = density, started_ = true;
  }
  double total() const { return total_; }

 private:
  bool started_ = false;
  double f_ = 0.0, density_ = 0.0, total_ = 0.0;
};

class NoisePlan final : public Plan {
 public:
  explicit NoisePlan(NoiseCard card) : card_(std::move(card)) {}
  Axis axis() const override { return {"frequency", "Hz", "frequency"}; }
  std::vector<ProbeLabel> extra(const Job& job) const override {
    const DeviceRef source = job.circuit.find_device(card_.source);
    const std::string unit = source.element && source.element->kind().name == "current" ? "A/rtHz" : "V/rtHz";
    return {{"onoise_spectrum", "onoise_spectrum", "V/rtHz", "output", "side"}, {"inoise_spectrum", "inoise_spectrum", unit, "input", "side"}};
  }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    warn_of_flicker(job);
    Dynamics<double> dynamics(job.circuit, 1, false);
    Block<double> x;
    const NewtonReport report = operating_point(job, dynamics, x, 0.0, true, recorder);
    const Snapshot<double> rest(dynamics, x, 0.0);
    const std::vector<NoiseInput> inputs = noise_inputs(dynamics, x, 0.0, job.environment, {});
    Response response(job.circuit, dynamics.full_jacobian(rest.x(), rest.moment()));
    Spectrum spectrum{row(job, card_.plus), row(job, card_.minus), inputs, response, std::vector<Integral>(inputs.size()), {}, {}};
    for (std::size_t k = 0; k < card_.frequencies.size(); ++k) {
      if (recorder.interrupted()) throw Error(Fault::interrupted, "interrupted");
      recorder.record(card_.frequencies[k], spectrum.at(card_.frequencies[k], job.circuit.rows()));
      recorder.progress(static_cast<double>(k + 1) / static_cast<double>(card_.frequencies.size()));
    }
    const auto n = static_cast<long>(card_.frequencies.size());
    AnalysisStats stats{.points = n, .steps = n, .factorizations = report.factorizations + n, .iterations = report.iterations, .method = "linearized"};
    spectrum.report(stats, extra(job)[1].unit == "A/rtHz" ? "A" : "V");
    return stats;
  }

 private:
  struct Spectrum {
    Index plus, minus;
    const std::vector<NoiseInput>& inputs;
    Response& response;
    std::vector<Integral> shares;
    Integral output, input;

    std::array<double, 2> at(double f, const Rows& rows) {
      Vector<double> seen = Vector<double>::Zero(rows.unknowns());
      if (plus >= rows.fixed_count()) seen[plus - rows.fixed_count()] += 1.0;
      if (minus >= rows.fixed_count()) seen[minus - rows.fixed_count()] -= 1.0;
      const Vector<Complex> y = response.transposed(f, seen);
      double total = 0.0;
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        const NoiseInput& i = inputs[k];
        const Complex transfer = (i.to >= 0 ? i.in * y[i.to] : Complex()) - (i.from >= 0 ? i.out * y[i.from] : Complex());
        const double density = i.density * std::norm(transfer);
        shares[k].add(f, density);
        total += density;
      }
      const SmallSolution small = response.at(f);
      const double gain = std::norm(small.x()(plus, 0) - small.x()(minus, 0));
      output.add(f, total);
      input.add(f, total / gain);
      return {std::sqrt(total), std::sqrt(total / gain)};
    }

    void report(AnalysisStats& stats, const std::string& unit) const {
      stats.facts = {{"noise sources", static_cast<double>(inputs.size())}, {"onoise_total", std::sqrt(output.total()), "V"}, {"inoise_total", std::sqrt(input.total()), unit}};
      FactTable table{.title = "noise at the output over the band", .of = "device", .columns = {{"rms", "V"}, {"share"}}, .rows = {}};
      for (std::size_t k = 0; k < inputs.size(); ++k) table.rows.push_back({inputs[k].name(), {std::sqrt(shares[k].total()), shares[k].total() / output.total()}});
      std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& a, const auto& b) { return a.values[0] > b.values[0]; });
      stats.tables.push_back(std::move(table));
    }
  };

  Index row(const Job& job, const std::string& node) const {
    const Index found = node == "0" || node == "gnd" ? Rows::ground : job.circuit.find_row(node);
    if (found < 0) throw Error(Fault::simulation, fmt::format(".noise: no node '{}'", node));
    return found;
  }

  NoiseCard card_;
};

class NoiseAnalysis final : public Analysis {
 public:
  std::string help() const override {
    return "spectral density of the noise at an output, and referred to a source: white noise of resistors, wires, cells, junctions and channels and of Ynoise devices, of the circuit "
           "linearized about its operating point. Columns onoise_spectrum and inoise_spectrum; totals integrate over the band";
  }
  std::string usage() const override { return ".noise v(out[,ref]) source dec|oct|lin points start stop"; }
  std::vector<CardParameter> parameters() const override {
    std::vector<CardParameter> all{{"v(out)", "", "", "output, a node or the difference of two"}, {"source", "", "", "V or I source the noise is referred to; it needs an AC value, and it alone"}};
    for (CardParameter& more : sweep_parameters()) all.push_back(std::move(more));
    return all;
  }
  bool records_probes() const override { return false; }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const auto spacing = std::find_if(card.words.begin(), card.words.end(), [](const Word& w) { return w.text == "dec" || w.text == "oct" || w.text == "lin"; });
    const auto before = static_cast<std::size_t>(spacing - card.words.begin());
    if (spacing == card.words.end() || before < 3 || before > 4 || card.words[0].text != "v") {
      diagnostics.error(card.where, "which output, which source, which frequencies? usage: " + usage());
      return nullptr;
    }
    NoiseCard read{card.words[1].text, before == 4 ? card.words[2].text : "0", card.words[before - 1].text, card.words[1].where, card.words[before - 1].where, {}};
    bool good = check_source(read, netlist, diagnostics);
    for (std::size_t k = 1; k + 1 < before; ++k) good = check_node(card.words[k], netlist, diagnostics) && good;
    auto frequencies = read_sweep(card, before, *this, diagnostics);
    refuse_rest(card, before + 5, *this, diagnostics);  // SPICE has one more number, how often to print shares
    if (!frequencies || !good) return nullptr;
    read.frequencies = std::move(*frequencies);
    return std::make_unique<NoisePlan>(std::move(read));
  }

 private:
  static bool check_node(const Word& word, const Netlist& netlist, Diagnostics& diagnostics) {
    if (word.text == "0" || word.text == "gnd" || netlist.node_where.count(word.text)) return true;
    diagnostics.error(word.where, fmt::format("no node '{}' to look at", word.text));
    return false;
  }
  static bool check_source(const NoiseCard& card, const Netlist& netlist, Diagnostics& diagnostics) {
    const auto source = std::find_if(netlist.devices.begin(), netlist.devices.end(), [&](const FlatDevice& d) { return d.name == card.source; });
    if (source == netlist.devices.end() || (source->kind->name != "voltage" && source->kind->name != "current")) {
      diagnostics.error(card.source_where, fmt::format("'{}' is no V or I source of this deck; noise is referred to a source", card.source));
      return false;
    }
    if (source->small_signal.magnitude == 0.0) {
      diagnostics.error(card.source_where, fmt::format("'{}' has no AC value, so nothing can be referred to it; write for example {} in 0 AC 1", card.source, card.source));
      return false;
    }
    for (const FlatDevice& other : netlist.devices)
      if (other.small_signal.magnitude != 0.0 && other.name != card.source) {
        diagnostics.error(card.source_where, fmt::format("'{}' has an AC value too; the noise is referred to one source, so remove it", other.name));
        return false;
      }
    return true;
  }
};

const Registered<Analysis, NoiseAnalysis> registered("noise");

}  // namespace
}  // namespace settle
