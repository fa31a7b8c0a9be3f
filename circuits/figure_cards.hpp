// Reading `.figure name of="train1: accuracy" ...` and `.claim "text" {expression}`.
#pragma once

#include <optional>
#include <set>

#include "circuits/netlist.hpp"
#include "sim/expression.hpp"

namespace settle {

inline constexpr const char* figure_usage = ".figure name of=\"analysis: label\" [at=\"parameter=value ...\"] [unit=unit] [published=\"value\"] [text=\"what it is\"]";
inline constexpr const char* claim_usage = ".claim \"what is claimed\" {expression of figures}";

struct FigureCard {
  std::string name, text, unit, published;
  std::string of, at;                                 // as written
  std::string analysis, label;                        // "train1" and "accuracy, held out"; or
  std::string formula;                                // of other figures
  std::vector<std::pair<std::size_t, double>> picks;  // number of a `.step` card, and which of its values
};

struct ClaimCard {
  std::string text, formula;
};

/// Figures by name and top-level parameters, as an expression of figures sees them; remembers which it was asked for.
class FigureNames final : public Names {
 public:
  explicit FigureNames(const std::map<std::string, double>& parameters) : values_(parameters.begin(), parameters.end()) {}
  void set(const std::string& name, double value) { values_[name] = value; }
  std::optional<double> parameter(std::string_view name) const override;
  std::vector<std::string> known() const override;
  const std::set<std::string>& used() const { return used_; }

 private:
  std::map<std::string, double, std::less<>> values_;
  mutable std::set<std::string> used_;
};

/// Reports what is wrong; nothing then. `card` is one of the netlist's settings.
std::optional<FigureCard> read_figure(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics);
std::optional<ClaimCard> read_claim(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics);

}  // namespace settle
