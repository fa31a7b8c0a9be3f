// Options of a `.task` card as its source reads them: numbers, words, lists, and files beside the deck.
#pragma once

#include <map>

#include "circuits/card_options.hpp"

namespace settle {

class DataOptions {
 public:
  DataOptions(const AnalysisCard& card, std::string usage, std::uint64_t seed, Diagnostics& diagnostics)
      : card_(card), diagnostics_(diagnostics), options_(card, std::move(usage), diagnostics), seed_(seed) {}

  using Range = CardOptions::Range;
  double number(const std::string& name, double standard, const Range& range) { return options_.number(name, standard, range); }
  /// At least 1.
  Index count(const std::string& name, Index standard, double most = 1e9) { return static_cast<Index>(number(name, static_cast<double>(standard), {1.0, most, true})); }
  std::size_t word(const std::string& name, const std::vector<std::string>& known, std::size_t standard) { return options_.word(name, known, standard); }
  std::string text(const std::string& name, const std::string& standard = "");
  /// What commas separate.
  std::vector<std::string> list(const std::string& name);
  /// Paths that exist beside the deck, or as written. A `needed` one that is missing is reported, and "" then.
  std::string file(const std::string& name, bool needed = true);
  std::vector<std::string> files(const std::string& name, bool needed = true);
  /// Reports samples= that would not fit a memory, with so many inputs each.
  void check_size(Index inputs, Index samples);
  bool given(const std::string& name) const { return options_.given(name); }

  std::uint64_t seed() const { return seed_; }
  void error(const std::string& option, const std::string& text);
  bool failed() const { return failed_; }
  void finish() { options_.finish(1); }

  /// The place of the option a message speaks of, "classes=: ..." or by a file's name; of the source if it speaks of none.
  Location place_of(const std::string& message) const;
  /// Changes when an option, a file or the seed does.
  std::string key() const;

 private:
  std::string path(const std::string& name, const std::string& file);

  const AnalysisCard& card_;
  Diagnostics& diagnostics_;
  CardOptions options_;
  std::uint64_t seed_;
  std::map<std::string, Location> paths_;
  bool failed_ = false;
};

/// "a, b,c" without the blanks.
std::vector<std::string> split_list(std::string_view text);

}  // namespace settle
