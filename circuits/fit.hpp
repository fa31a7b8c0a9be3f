// Fitting: parameters of a write model or of a two-terminal device found from measured data, as a card to paste.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "circuits/report_terminal.hpp"
#include "devices/field.hpp"
#include "sim/scalar.hpp"

namespace settle {

struct FitRequest {
  std::string kind;                     // "soft_bounds", "ecram", "diode", "memristor_vteam"
  std::string file;                     // of the data
  std::string name = "fit";             // of the .model card
  std::map<std::string, double> fixed = {};  // not fitted
  std::map<std::string, double> start = {};
  std::vector<std::string> free = {};   // what is fitted; empty: what the data determine
  bool relative = false;                // residuals relative to the data
};

/// One fitted parameter.
struct FittedParameter {
  std::string name, unit;
  double value = 0.0, error = 0.0;  // standard error; NaN: at a bound, or not determined
  bool at_bound = false;
};

struct FitReport {
  std::string kind, file, card;
  std::string notes;                                // what was assumed or left out, one line each
  std::string x_name, x_unit, y_name, y_unit;
  std::vector<double> x = {}, y = {}, fit = {};
  std::vector<FittedParameter> parameters = {};
  double rms = 0.0, relative = 0.0;                 // y's unit; of the range of y
  int iterations = 0;
  bool converged = false;
};

/// Throws Error: usage for an unknown kind or parameter, file for data that cannot be used, simulation where no start has a value.
FitReport fit(const FitRequest& request);

/// The report for a terminal, the card last.
std::string fit_text(const FitReport& report, bool unicode, std::size_t width);
/// Columns x, data, fit into a matrix file.
void write_fit(const std::string& spec, const FitReport& report);

/// Something with parameters that predicts data: a write model or a device.
class FitModel {
 public:
  virtual ~FitModel() = default;

  struct Candidate {
    Field field;         // its initial value is where the search starts
    bool in_card = true; // false: belongs to the measurement
    bool wanted = true;  // fitted unless the caller says what to fit
  };
  /// Values of all candidates by name.
  using Values = std::map<std::string, double>;

  std::vector<Candidate> candidates;
  std::vector<Values> starts;  // other places to start from
  std::string x_name, x_unit, y_name, y_unit, notes;
  std::vector<double> x, y;

  /// The data as the model has them; false where it has no value.
  virtual bool predict(const Values& values, Vector<double>& prediction) const = 0;
  virtual std::string card(const std::string& name, const Values& values) const = 0;
};

/// For a write model or preset; nullptr if `kind` is none.
std::unique_ptr<FitModel> fit_write_model(const FitRequest& request);
/// For a kind of device; nullptr if `kind` is none.
std::unique_ptr<FitModel> fit_device_model(const FitRequest& request);

}  // namespace settle
