// Fitting: what is free, where to start, the search, and how sure its result is.
#include "circuits/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "devices/kind.hpp"
#include "devices/write.hpp"
#include "sim/error.hpp"
#include "sim/least_squares.hpp"
#include "sim/random.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

using Values = FitModel::Values;
using Candidate = FitModel::Candidate;

std::unique_ptr<FitModel> make_model(const FitRequest& request) {
  if (auto model = fit_write_model(request)) return model;
  if (auto model = fit_device_model(request)) return model;
  std::vector<std::string_view> names = write_names();
  for (const auto& [name, kind] : Registry<Kind>::all())
    if (kind->terminals.size() == 2) names.emplace_back(name);
  throw Error(Fault::usage, fmt::format("nothing called '{}' can be fitted{}; 'settle list writes' and 'settle list devices' show what there is", request.kind,
                                        suggest(request.kind, names)));
}

class Fit {
 public:
  explicit Fit(const FitRequest& request) : request_(request), model_(make_model(request)) {
    check_names();
    for (const Candidate& c : model_->candidates) base_[c.field.name] = c.field.initial;
    for (const auto* given : {&request.start, &request.fixed})
      for (const auto& [name, value] : *given) base_[name] = value;
    weigh();
  }

  FitReport run() {
    choose_free();
    const LeastSquaresResult best = search();
    return report(best);
  }

 private:
  const Candidate* find(const std::string& name) const {
    for (const Candidate& c : model_->candidates)
      if (c.field.name == name) return &c;
    return nullptr;
  }

  void check_name(const std::string& name) const {
    if (find(name)) return;
    std::vector<std::string_view> names;
    for (const Candidate& c : model_->candidates) names.emplace_back(c.field.name);
    throw Error(Fault::usage, fmt::format("'{}' has no parameter '{}' that could be fitted{}", request_.kind, name, suggest(name, names)));
  }

  void check_names() const {
    for (const auto& name : request_.free) check_name(name);
    for (const auto* given : {&request_.start, &request_.fixed})
      for (const auto& [name, value] : *given) {
        check_name(name);
        const Field& f = find(name)->field;
        if (!(value >= f.lower && value <= f.upper)) throw Error(Fault::usage, fmt::format("{}={:g} is out of range: {:g} to {:g}", name, value, f.lower, f.upper));
      }
  }

  void weigh() {
    const auto [low, high] = std::minmax_element(model_->y.begin(), model_->y.end());
    range_ = *high - *low;
    const double most = std::max(std::abs(*low), std::abs(*high));
    if (!(range_ > 1e-12 * most)) throw Error(Fault::file, fmt::format("{}: all values of {} are the same", request_.file, model_->y_name));
    scale_.resize(static_cast<Index>(model_->y.size()));
    for (Index k = 0; k < scale_.size(); ++k)
      scale_[k] = request_.relative ? std::max(std::abs(model_->y[static_cast<std::size_t>(k)]), 1e-9 * most) : range_;
  }

  Residuals residuals(Values base, std::vector<std::string> names) const {
    return [this, base = std::move(base), names = std::move(names)](const Vector<double>& p, Vector<double>& r) mutable {
      for (std::size_t k = 0; k < names.size(); ++k) base[names[k]] = p[static_cast<Index>(k)];
      if (!model_->predict(base, r)) return false;
      for (Index k = 0; k < r.size(); ++k) r[k] = (r[k] - model_->y[static_cast<std::size_t>(k)]) / scale_[k];
      return true;
    };
  }

  std::vector<LeastSquaresParameter> parameters(const Values& at) const {
    std::vector<LeastSquaresParameter> all;
    for (const std::string& name : free_) {
      const Field& f = find(name)->field;
      const double value = at.at(name);
      all.push_back({value, f.lower, f.upper, 0.0, f.lower >= 0.0 && value > 0.0});
    }
    return all;
  }

  /// Without a choice of the caller's: what is wanted, less what the data do not see or cannot tell from what was taken before.
  void choose_free() {
    for (const Candidate& c : model_->candidates) {
      const bool asked = std::find(request_.free.begin(), request_.free.end(), c.field.name) != request_.free.end();
      const bool taken = request_.free.empty() ? c.wanted : asked || (c.wanted && !c.in_card);
      if (taken && !request_.fixed.count(c.field.name)) free_.push_back(c.field.name);
    }
    if (free_.empty()) throw Error(Fault::usage, "nothing is left to fit");
    if (request_.free.empty()) drop_undetermined();
    if (free_.size() >= model_->y.size())
      throw Error(Fault::usage, fmt::format("{} parameters from {} rows of data; fix some with --fix name=value", free_.size(), model_->y.size()));
  }

  void drop_undetermined() {
    const Eigen::MatrixXd J = sensitivities(residuals(base_, free_), parameters(base_));
    if (J.rows() == 0) return;
    std::vector<std::string> kept, dropped;
    std::vector<Vector<double>> basis;
    for (std::size_t k = 0; k < free_.size(); ++k) {
      Vector<double> column = J.col(static_cast<Index>(k));
      const double whole = column.norm();
      for (const Vector<double>& b : basis) column -= b.dot(column) * b;
      const bool seen = whole > 1e-7 && column.norm() > 1e-4 * whole;
      if (seen) basis.push_back(column.normalized());
      (seen ? kept : dropped).push_back(free_[k]);
    }
    if (kept.empty()) return;
    free_ = std::move(kept);
    std::string names;
    for (const std::string& name : dropped)
      if (find(name)->in_card) names += fmt::format("{}{}={:.6g}", names.empty() ? "" : " ", name, base_.at(name));
    if (!names.empty()) model_->notes += "not determined by these data, left at " + names + "\n";
  }

  /// The model's own starts, and random ones about the first.
  std::vector<Values> starts() const {
    std::vector<Values> all{base_};
    for (const Values& other : model_->starts) {
      Values start = base_;
      for (const auto& [name, value] : other)
        if (!request_.fixed.count(name) && !request_.start.count(name)) start[name] = value;
      all.push_back(std::move(start));
    }
    Stream stream(1, "fit");
    for (int n = 0; n < 24; ++n) {
      Values start = base_;
      for (const std::string& name : free_) {
        const Field& f = find(name)->field;
        const double z = 2.0 * stream.uniform() - 1.0, value = base_.at(name);
        if (find(name)->in_card) start[name] = std::clamp(f.lower >= 0.0 && value > 0.0 ? value * std::pow(10.0, z) : value + z * std::max(std::abs(value), 0.5), f.lower, f.upper);
      }
      all.push_back(std::move(start));
    }
    return all;
  }

  LeastSquaresResult search() const {
    std::vector<std::pair<double, Values>> ranked;
    Vector<double> r;
    for (Values& start : starts()) {
      const double sum = residuals(start, {})({}, r) && r.allFinite() ? r.squaredNorm() : std::numeric_limits<double>::infinity();
      if (std::isfinite(sum)) ranked.emplace_back(sum, std::move(start));
    }
    if (ranked.empty()) throw Error(Fault::simulation, fmt::format("'{}' has no value for these data at any of its starting points; give --start name=value", request_.kind));
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    LeastSquaresResult best;
    best.sum = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < std::min<std::size_t>(ranked.size(), 4); ++k) {
      LeastSquaresResult found = least_squares(residuals(base_, free_), parameters(ranked[k].second));
      if (found.sum < best.sum) best = std::move(found);
    }
    return best;
  }

  FitReport report(const LeastSquaresResult& best) {
    Values values = base_;
    FitReport report{.kind = request_.kind, .file = request_.file, .card = {}, .notes = model_->notes, .x_name = model_->x_name, .x_unit = model_->x_unit,
                     .y_name = model_->y_name, .y_unit = model_->y_unit, .x = model_->x, .y = model_->y};
    for (std::size_t k = 0; k < free_.size(); ++k) {
      const auto place = static_cast<Index>(k);
      values[free_[k]] = best.values[place];
      report.parameters.push_back({free_[k], find(free_[k])->field.unit, best.values[place], best.errors[place], best.at_bound[k]});
    }
    Vector<double> prediction;
    model_->predict(values, prediction);
    report.fit.assign(prediction.data(), prediction.data() + prediction.size());
    double squares = 0.0;
    for (std::size_t k = 0; k < report.fit.size(); ++k) squares += std::pow(report.fit[k] - report.y[k], 2);
    report.rms = std::sqrt(squares / static_cast<double>(report.fit.size()));
    report.relative = request_.relative ? std::sqrt(best.sum / static_cast<double>(report.fit.size())) : report.rms / range_;
    report.iterations = best.iterations;
    report.converged = best.converged;
    report.card = model_->card(request_.name, values);
    return report;
  }

  const FitRequest& request_;
  std::unique_ptr<FitModel> model_;
  Values base_;
  std::vector<std::string> free_;
  Vector<double> scale_;
  double range_ = 0.0;
};

}  // namespace

FitReport fit(const FitRequest& request) { return Fit(request).run(); }

}  // namespace settle
