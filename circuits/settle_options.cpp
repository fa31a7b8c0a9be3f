// Reading a `.settle` card.
#include "circuits/settle_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/suggest.hpp"

namespace settle {
namespace {

class Reader {
 public:
  Reader(const AnalysisCard& card, Diagnostics& diagnostics) : card_(card), diagnostics_(diagnostics) { options_.where = card.where; }

  std::optional<SettleOptions> read() {
    for (const Word& word : card_.words) complain(word.where, fmt::format("unexpected '{}'; options of .settle are method=, from=, tol= and tmax=", word.text));
    for (const auto& [name, word] : card_.options) {
      if (const auto [first, fresh] = given_.emplace(name, &word); fresh) take(name, word);
      else complain(word.where, fmt::format("'{}' is given twice", name));
    }
    check();
    return failed_ ? std::nullopt : std::optional(options_);
  }

 private:
  void complain(Location where, const std::string& text) {
    diagnostics_.error(where, text);
    failed_ = true;
  }

  void take(const std::string& name, const Word& word) {
    if (name == "method") options_.method = choice(name, word, std::map<std::string_view, SettleOptions::Method>{{"relax", SettleOptions::Method::relax}, {"newton", SettleOptions::Method::newton}}, options_.method);
    else if (name == "from")
      options_.from = choice(name, word, std::map<std::string_view, SettleOptions::From>{{"zero", SettleOptions::From::zero}, {"op", SettleOptions::From::op}, {"ic", SettleOptions::From::ic}}, SettleOptions::From::zero);
    else if (name == "tol") number(word, name, "between 1e-9 and 0.5, a share of each node's way", 1e-9, 0.5, options_.tolerance);
    else if (name == "tmax") number(word, name, "a time above 0 s", 1e-300, 1e300, options_.limit);
    else {
      static const std::vector<std::string_view> names{"method", "from", "tol", "tmax"};
      complain(word.where, fmt::format(".settle has no option '{}'{}; it has method=, from=, tol= and tmax=", name, suggest(name, names)));
    }
  }

  template <class T>
  T choice(const std::string& name, const Word& word, const std::map<std::string_view, T>& known, T standard) {
    if (const auto found = known.find(word.text); found != known.end()) return found->second;
    std::string all;
    for (const auto& [text, value] : known) all += (all.empty() ? "" : ", ") + std::string(text);
    complain(word.where, fmt::format("{} is one of {}, not '{}'{}", name, all, word.text, suggest(word.text, known)));
    return standard;
  }

  void number(const Word& word, const std::string& name, const std::string& range, double lower, double upper, double& value) {
    if (!word.value) return complain(word.where, fmt::format("'{}' is not a number; {} is {}", word.text, name, range));
    if (!(*word.value >= lower && *word.value <= upper)) return complain(word.where, fmt::format("{} = {:g} is out of range; it is {}", name, *word.value, range));
    value = *word.value;
  }

  /// Options that would do nothing.
  void check() {
    if (options_.method != SettleOptions::Method::newton) return;
    for (const char* name : {"tol", "tmax", "from"})
      if (const auto it = given_.find(name); it != given_.end())
        complain(it->second->where, fmt::format("'{}' does nothing with method=newton, which solves for the rest state without moving; leave it out, or use method=relax", name));
  }

  const AnalysisCard& card_;
  Diagnostics& diagnostics_;
  SettleOptions options_;
  std::map<std::string, const Word*> given_;
  bool failed_ = false;
};

}  // namespace

std::vector<CardParameter> settle_parameters() {
  return {{"method", "", "relax", "relax: the circuit moves until it is still, and Newton's iteration checks where; newton: only the rest state, without settling times"},
          {"from", "", "ic or zero", "where it is let go: zero, everything at 0 before the sources are switched on; ic, the values of .ic and ic=, zero elsewhere; op, at rest with the sources' "
                               "DC values, from where they follow their waveforms. Left out: ic if the deck gives initial conditions, else zero"},
          {"tol", "", "1m", "a node has settled when it stays within this share of the largest distance from rest it had"},
          {"tmax", "s", "200 slowest time constants", "when to give up"}};
}

std::optional<SettleOptions> read_settle(const AnalysisCard& card, Diagnostics& diagnostics) { return Reader(card, diagnostics).read(); }

}  // namespace settle
