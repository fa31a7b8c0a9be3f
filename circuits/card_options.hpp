// Options of an analysis card, name=value, read one by one; what nobody has read is an error with a suggestion.
#pragma once

#include <set>

#include "circuits/analysis.hpp"

namespace settle {

class CardOptions {
 public:
  CardOptions(const AnalysisCard& card, const Analysis& analysis, Diagnostics& diagnostics) : CardOptions(card, analysis.usage(), diagnostics) {}
  CardOptions(const AnalysisCard& card, std::string usage, Diagnostics& diagnostics) : card_(card), usage_(std::move(usage)), diagnostics_(diagnostics) {}

  struct Range {
    double least, most;
    bool whole = false;       // whole numbers only
    bool without_least = false;
  };
  /// The option's value, or `standard`; out of range is reported.
  double number(const std::string& name, double standard, const Range& range);
  /// A number that must be given; without it 0 after an error.
  double needed(const std::string& name);
  /// The text of an option; "" if it is not given.
  std::string text(const std::string& name);
  /// Reports what is wrong with an option.
  void refuse(std::string_view name, const std::string& text) { diagnostics_.error(where(name), text); }
  /// The place of the option's word among `known`, or `standard`.
  std::size_t word(const std::string& name, const std::vector<std::string>& known, std::size_t standard);
  /// The option as it stands on the card; nullptr without it.
  const Word* take(const std::string& name);
  bool given(std::string_view name) const { return find(name) != nullptr; }
  Location where(std::string_view name) const { return find(name) ? find(name)->where : card_.where; }
  /// Reports words beyond the first `words` and options nobody asked for.
  void finish(std::size_t words);

 private:
  const Word* find(std::string_view name) const;

  const AnalysisCard& card_;
  std::string usage_;
  Diagnostics& diagnostics_;
  std::set<std::string> known_;
};

}  // namespace settle
