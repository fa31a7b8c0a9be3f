// Signals of measures: probes and expressions of them, each one real number per point.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "circuits/measure_words.hpp"
#include "circuits/probe.hpp"

namespace settle {

/// What expressions of measures can refer to: parameters of the deck, and other measures of the same analysis.
class MeasureNames final : public Names {
 public:
  explicit MeasureNames(std::map<std::string, double> parameters) : parameters_(std::move(parameters)) {}

  std::optional<double> parameter(std::string_view name) const override;
  std::vector<std::string> known() const override;

  /// Announces a measure whose value is not known yet.
  void add(const std::string& measure);
  void set(const std::string& measure, double value) { measures_[measure] = value; }
  /// Measures that were asked for since the last call.
  std::set<std::string> take_used() const;

 private:
  std::map<std::string, double> parameters_;
  std::map<std::string, double, std::less<>> measures_;  // NaN: not known
  mutable std::set<std::string> used_;
};

/// What the words of a card are read against.
struct MeasureContext {
  const Circuit& circuit;
  const std::string& kind;  // of the analysis
  const MeasureNames& names;
  Diagnostics& diagnostics;
};

/// Without braces, quotes or par( ) around it.
Phrase bare(Phrase phrase);

class MeasureSignals {
 public:
  /// The number of the signal a phrase means; nothing after an error was reported.
  std::optional<std::size_t> add(const Phrase& phrase, const MeasureContext& context);

  const Probes& probes() const { return probes_; }
  const std::string& name(std::size_t k) const { return signals_[k].name; }
  const std::string& unit(std::size_t k) const { return signals_[k].unit; }
  /// All signals at a point, from the values of probes().
  template <Scalar S>
  std::vector<double> values(double axis, std::span<const S> probed) const;

 private:
  /// The real number measured of a complex one.
  using Part = double (*)(const Complex&);
  static constexpr std::size_t axis_column = static_cast<std::size_t>(-1);

  struct Signal {
    std::string name, unit;
    std::vector<std::size_t> columns;      // of probes(), or axis_column
    std::optional<Expression> expression;  // of the columns; without one it is the only column itself
    Part part = nullptr;                   // nullptr: the magnitude in .ac, else the value itself
  };

  static Part take_part(Phrase& phrase);
  bool add_plain(const Phrase& phrase, const MeasureContext& context, Signal& signal);
  bool add_expression(const Phrase& phrase, ParsedExpression parsed, const MeasureContext& context, Signal& signal);
  std::optional<std::size_t> column(const Input& input, const Phrase& phrase, const MeasureContext& context);
  std::optional<std::size_t> probe(const std::string& text, Location where, const MeasureContext& context);

  Probes probes_;
  std::vector<Signal> signals_;
};

}  // namespace settle
