// A circuit at rest with its noise: the point, the linear model about it, the noise inputs, and what probes see of all that.
#pragma once

#include <optional>

#include "circuits/card_options.hpp"
#include "circuits/noise_inputs.hpp"
#include "circuits/operating_point.hpp"
#include "circuits/snapshot.hpp"

namespace settle {

/// The options of a card that say which noise there is.
struct NoiseSettings {
  NoiseChoice choice;
  double celsius = not_given;  // temp=; by default the circuit's
};
NoiseSettings read_noise(CardOptions& options);
std::vector<CardParameter> noise_parameters();

/// Warns of devices whose flicker noise is left out.
void warn_of_flicker(Job& job);

/// Sets another temperature for as long as it lives.
class AtTemperature {
 public:
  AtTemperature(Job& job, double celsius);
  ~AtTemperature();
  AtTemperature(const AtTemperature&) = delete;
  const Environment& environment() const { return environment_; }

 private:
  Job& job_;
  Environment environment_;
};

/// First-order deviations of probes for deviations of the unknowns from a point.
class ProbeSlopes {
 public:
  ProbeSlopes(const Job& job, const Dynamics<double>& dynamics, const Block<double>& x);

  /// One row per probe, one column per column of unknowns; these move by `rate` 1/s, which matters to currents of capacitors only.
  Eigen::MatrixXd of(const Eigen::MatrixXd& unknowns, double rate = 0.0) const;

 private:
  const Job& job_;
  const Dynamics<double>& dynamics_;
  Snapshot<double> rest_;
  Vector<double> jacobian_;
};

/// Throws Error where nothing finite can be said: a mode that grows, a probe that follows white noise at once.
class NoisyRest {
 public:
  NoisyRest(Job& job, const NoiseSettings& settings, const Recorder& recorder, const std::string& card);

  Dynamics<double>& dynamics() { return dynamics_; }
  const Dynamics<double>& dynamics() const { return dynamics_; }
  const Block<double>& x() const { return x_; }
  const Environment& environment() const { return temperature_.environment(); }
  const NewtonReport& newton() const { return newton_; }
  const std::vector<NoiseInput>& inputs() const { return inputs_; }
  /// True if the devices' own noise counts.
  bool thermal() const { return choice_.thermal; }
  /// Those that are not zero.
  std::vector<NoiseInput> sounding() const;
  const LinearModel& model() const { return *model_; }
  /// Probes by states.
  const Eigen::MatrixXd& seen() const { return seen_; }

  void require_noise() const;
  /// Refuses a probe whose variance is infinite.
  void require_finite() const;
  /// What does not decay, or "".
  std::string unstable(const Eigen::VectorXcd& eigenvalues) const;

 private:
  void polish();
  void require_no_direct_noise() const;
  [[noreturn]] void refuse_direct(const NoiseInput& input, std::size_t probe, Index unknown) const;

  Job& job_;
  std::string card_;
  NoiseChoice choice_;
  AtTemperature temperature_;
  Dynamics<double> dynamics_;
  Block<double> x_;
  NewtonReport newton_;
  std::vector<NoiseInput> inputs_;
  std::optional<LinearModel> model_;
  std::optional<ProbeSlopes> slopes_;
  Eigen::MatrixXd seen_;
};

}  // namespace settle
