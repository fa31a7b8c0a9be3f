// Fitting write models to conductances measured after pulses: the model's mean path through all pulses, from a fitted first conductance.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "circuits/fit.hpp"
#include "circuits/fit_data.hpp"
#include "devices/write.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr const char* first_conductance = "g(first)";

/// Fields without influence on the mean path: spread, noise, what an update is made of.
bool random_field(const std::string& name) {
  static const std::vector<std::string> names{"c2c", "d2d", "up_down_d2d", "wmin_d2d", "wmax_d2d", "write_noise", "corrupt", "lifetime", "retention", "drift",
                                              "diffusion", "levels", "gamma_up_d2d", "gamma_down_d2d", "gamma_d2d", "gamma_up_down_d2d", "nl_d2d", "centre_std"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

class WriteFit final : public FitModel {
 public:
  WriteFit(WriteSetting setting, std::string type, const std::string& file) : setting_(std::move(setting)), type_(std::move(type)) {
    for (const WriteField& f : setting_.model->fields)
      if (random_field(f.field.name)) setting_.values.numbers[f.field.name] = 0.0;
    read(file);
    add_candidates();
    add_starts();
  }

  bool predict(const Values& values, Vector<double>& prediction) const override {
    WriteValues all = setting_.values;
    for (const auto& [name, value] : values)
      if (name != first_conductance) all.numbers[name] = value;
    if (!(all.numbers.at("gmax") > all.numbers.at("gmin"))) return false;
    const auto writer = setting_.model->make(all, 1, {});
    prediction.resize(static_cast<Index>(y.size()));
    double g = values.at(first_conductance);
    for (std::size_t k = 0; k < y.size(); ++k) {
      for (int n = 0; n < std::abs(pulses_[k]); ++n) g += writer->mean_step(0, g, pulses_[k] > 0);
      prediction[static_cast<Index>(k)] = g;
    }
    return true;
  }

  std::string card(const std::string& name, const Values& values) const override {
    std::string text = fmt::format(".model {} {}(", name, type_);
    for (const Candidate& candidate : candidates)
      if (candidate.in_card) text += fmt::format("{}{}={:.6g}", text.back() == '(' ? "" : " ", candidate.field.name, values.at(candidate.field.name));
    return text + ")";
  }

 private:
  void read(const std::string& file) {
    const MeasuredData data = read_measured(file, {{{"pulse", "pulses", "n", "number"}, "", false}, {{"g", "conductance"}, "S"}, {{"direction", "dir", "sign"}, "", false}}, 4);
    y = data.columns[1];
    x = data.columns[0];
    if (x.empty()) {
      x.resize(y.size());
      std::iota(x.begin(), x.end(), 0.0);
    }
    for (std::size_t k = 0; k < y.size(); ++k)
      if (!(y[k] > 0.0)) throw Error(Fault::file, fmt::format("{}:{}: a conductance of {:g} S; it must be above 0", file, data.lines[k], y[k]));
    count_pulses(file, data);
    x_name = "pulse", y_name = "g", y_unit = "S";
  }

  /// pulses_[k] lead from row k - 1 to row k.
  void count_pulses(const std::string& file, const MeasuredData& data) {
    const std::vector<double>& direction = data.columns[2];
    const std::size_t turn = turning_point();
    const bool rises_first = y[turn] >= y.front();
    pulses_.assign(y.size(), 0);
    for (std::size_t k = 1; k < y.size(); ++k) {
      const double number = x[k] - x[k - 1];
      if (number != std::round(number) || std::abs(number) > 1e6 || number < 0.0)
        throw Error(Fault::file, fmt::format("{}:{}: the pulse number goes from {:g} to {:g}; it counts all pulses from the first row on, up and down alike", file,
                                             data.lines[k], x[k - 1], x[k]));
      const bool up = direction.empty() ? (k <= turn) == rises_first : direction[k] > 0.0;
      pulses_[k] = static_cast<int>(number) * (up ? 1 : -1);
    }
    if (direction.empty())
      notes = turn + 1 == y.size() ? fmt::format("no column 'direction': all pulses are taken to be {}\n", rises_first ? "up" : "down")
                                   : fmt::format("no column 'direction': pulses are taken to be {} until pulse {:g}, then {}\n", rises_first ? "up" : "down", x[turn],
                                                 rises_first ? "down" : "up");
  }

  /// The row where up turns to down or the reverse: the sharpest bend that way, which noise on a level stretch is not; the last row if the
  /// data only rise or fall.
  std::size_t turning_point() const {
    const auto [low, high] = std::minmax_element(y.begin(), y.end());
    const double range = *high - *low, rise = *high - std::max(y.front(), y.back()), fall = std::min(y.front(), y.back()) - *low;
    if (std::max(rise, fall) < 0.25 * range) return y.size() - 1;
    const double sign = rise > fall ? 1.0 : -1.0;
    const std::size_t m = std::max<std::size_t>(y.size() / 40, 1);
    std::size_t turn = m;
    const auto bend = [&](std::size_t k) { return sign * (2.0 * y[k] - y[k - m] - y[k + m]); };
    for (std::size_t k = m; k + m < y.size(); ++k)
      if (bend(k) > bend(turn)) turn = k;
    return turn;
  }

  double number(const std::string& name) const {
    const auto given = setting_.values.numbers.find(name);
    return given != setting_.values.numbers.end() ? given->second : setting_.model->field(name)->field.initial;
  }

  void add(const std::string& name, double initial, bool wanted) {
    Field field = setting_.model->field(name)->field;
    field.initial = initial;
    candidates.push_back({std::move(field), true, wanted});
    setting_.values.numbers[name] = initial;
  }

  void add_candidates() {
    const auto [low, high] = std::minmax_element(y.begin(), y.end());
    const auto& fits = setting_.model->fits;
    const auto fitted = [&](const std::string& name) { return std::find(fits.begin(), fits.end(), name) != fits.end(); };
    const double margin = fitted("gmin") ? 0.05 * (*high - *low) : 0.0;  // an asymptote lies beyond the data
    add("gmin", std::max(*low - margin, 0.0), fitted("gmin"));
    add("gmax", *high + margin, fitted("gmax"));
    for (const WriteField& f : setting_.model->fields) {
      const std::string& name = f.field.name;
      if (name == "gmin" || name == "gmax" || random_field(name) || f.file || !f.choices.empty()) continue;
      if (name == "dw") add(name, step_estimate(), fitted(name));
      else if (name == "p_ltp" || name == "p_ltd") add(name, std::max(pulses_in(name == "p_ltp"), 2.0), false);
      else if (fitted(name)) add(name, number(name), true);
    }
    candidates.push_back({{first_conductance, "S", "conductance of the first row", y.front(), 0.0}, false, true});
  }

  double pulses_in(bool up) const {
    double sum = 0.0;
    for (const int n : pulses_) sum += (n > 0) == up ? std::abs(n) : 0;
    return sum;
  }

  /// The largest mean step of a tenth of the data, as a weight.
  double step_estimate() const {
    const std::size_t window = std::max<std::size_t>(y.size() / 10, 1);
    const auto [low, high] = std::minmax_element(y.begin(), y.end());
    double largest = 0.0;
    for (std::size_t k = window; k < y.size(); ++k) {
      int sum = 0;
      for (std::size_t j = k - window + 1; j <= k; ++j) sum += pulses_[j];
      if (sum != 0) largest = std::max(largest, std::abs((y[k] - y[k - window]) / sum));
    }
    return std::max(largest / (*high - *low) * (number("wmax") - number("wmin")), 1e-9);
  }

  /// The shapes of published devices, and smaller and larger steps.
  void add_starts() {
    for (const WritePreset& preset : write_presets()) {
      if (preset.model != setting_.model->name) continue;
      Values shape;
      for (const Candidate& c : candidates)
        if (const auto it = preset.values.find(c.field.name); it != preset.values.end() && c.wanted && c.field.name != "dw" && c.field.name[0] != 'g') shape.insert(*it);
      if (!shape.empty()) starts.push_back(std::move(shape));
    }
    for (const double factor : {0.3, 3.0})
      for (const Candidate& c : candidates)
        if (c.field.name == "dw") starts.push_back({{"dw", factor * c.field.initial}});
  }

  WriteSetting setting_;
  std::string type_;
  std::vector<int> pulses_;
};

}  // namespace

std::unique_ptr<FitModel> fit_write_model(const FitRequest& request) {
  WriteSetting setting = find_write(request.kind);
  if (!setting.model) return nullptr;
  if (setting.model->fits.empty()) throw Error(Fault::usage, fmt::format("'{}' has no step that pulses would show; fit soft_bounds, exp_step or another model of pulses", request.kind));
  return std::make_unique<WriteFit>(std::move(setting), request.kind, request.file);
}

}  // namespace settle
