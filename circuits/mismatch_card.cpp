// Reading `.mismatch`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>

#include "circuits/mismatch.hpp"
#include "circuits/netlist.hpp"
#include "circuits/scope.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr const char* usage = "usage: .mismatch device|model name|array field dev=5% [lot=2%] [dist=normal] ..., for instance .mismatch r* r dev=5%";

class MismatchReader {
 public:
  MismatchReader(const Card& card, const Scope& top, Netlist& netlist) : card_(card), top_(top), netlist_(netlist) {}

  void read() {
    out_.where = card_.where(std::size_t{0});
    out_.text = trimmed_view(card_.line.text);
    if (peek() == "model" && !assigns()) out_.of_model = true, ++next_;
    if (!name(out_.target, out_.target_where) || !name(out_.field, out_.field_where)) return top_.error(out_.where, usage);
    while (next_ < card_.words.size()) option();
    check();
    if (!failed_) netlist_.mismatches.push_back(std::move(out_));
  }

 private:
  using Read = void (MismatchReader::*)(std::string_view);

  static const std::map<std::string_view, Read>& options() {
    static const std::map<std::string_view, Read> table{{"dev", &MismatchReader::dev},           {"lot", &MismatchReader::lot},
                                                        {"area", &MismatchReader::area},         {"dist", &MismatchReader::law},
                                                        {"truncate", &MismatchReader::truncate}, {"min", &MismatchReader::lower},
                                                        {"max", &MismatchReader::upper},         {"outside", &MismatchReader::outside},
                                                        {"correlation", &MismatchReader::correlation}};
    return table;
  }

  std::string_view peek() const { return next_ < card_.words.size() ? card_.words[next_] : std::string_view(); }
  bool assigns() const { return next_ + 1 < card_.words.size() && card_.words[next_ + 1] == "="; }

  bool name(std::string& text, Location& where) {
    if (peek().empty() || assigns() || peek() == "=") return false;
    where = card_.where(next_);
    text = card_.words[next_++];
    return true;
  }

  void option() {
    const std::string_view word = peek();
    if (!assigns()) {
      fail(word, fmt::format("'{}' is not of the form name=value; {}", word, usage));
      next_ = card_.words.size();
      return;
    }
    next_ += 2;
    const std::string_view value = peek();
    if (value.empty() || assigns()) return fail(word, fmt::format("a value is missing behind '{} ='", word));
    ++next_;
    const auto known = options().find(word);
    if (known == options().end()) return fail(word, fmt::format(".mismatch has no option '{}'{}; it has {}", word, suggest(word, options()), names()));
    (this->*known->second)(value);
  }

  static std::string names() {
    std::string text;
    for (const auto& [name, read] : options()) text += fmt::format("{}{}=", text.empty() ? "" : " ", name);
    return text;
  }

  void fail(std::string_view where, const std::string& text) {
    top_.error(card_.where(where), text);
    failed_ = true;
  }

  double number(std::string_view text) {
    const double value = top_.number(card_, text);
    failed_ = failed_ || std::isnan(value);
    return value;
  }

  /// "5%" is a part of the nominal value; a plain number has the field's unit.
  Spread spread(std::string_view text) {
    const bool relative = text.size() > 1 && text.back() == '%';
    const double size = relative ? number(text.substr(0, text.size() - 1)) / 100.0 : number(text);
    if (size < 0.0) fail(text, "a spread cannot be negative");
    return {size, relative};
  }

  void dev(std::string_view text) { out_.dev = spread(text), said_ = true; }
  void lot(std::string_view text) { out_.lot = spread(text), said_ = true; }
  void area(std::string_view text) { out_.area = spread(text), said_ = true; }
  void lower(std::string_view text) { out_.lower = number(text), limits_ = true; }
  void upper(std::string_view text) { out_.upper = number(text), limits_ = true; }

  void truncate(std::string_view text) {
    constexpr double least = 0.1;  // below, nearly every draw is thrown away
    out_.truncate = number(text);
    if (out_.truncate < least) fail(text, fmt::format("truncate = {:g} standard deviations is too narrow; it must be at least {:g}, or use dist=uniform", out_.truncate, least));
    truncated_ = text;
  }

  void correlation(std::string_view text) {
    out_.correlation = number(text);
    out_.correlated = true;
    if (std::abs(out_.correlation) > 1.0) fail(text, fmt::format("a correlation lies within -1 ... 1, and {:g} does not", out_.correlation));
    correlation_ = text;
  }

  template <class Value>
  void choose(std::string_view text, const char* what, const std::map<std::string_view, Value>& table, Value& value) {
    const auto it = table.find(text);
    if (it != table.end()) return void(value = it->second);
    std::vector<std::string_view> names;
    for (const auto& [name, each] : table) names.push_back(name);
    fail(text, fmt::format("{} cannot be '{}'{}; it is one of {}", what, text, suggest(text, names), fmt::join(names, ", ")));
  }
  void law(std::string_view text) {
    using Law = MismatchCard::Law;
    choose<Law>(text, "dist", {{"normal", Law::normal}, {"lognormal", Law::lognormal}, {"uniform", Law::uniform}}, out_.law);
  }
  void outside(std::string_view text) {
    using Outside = MismatchCard::Outside;
    choose<Outside>(text, "outside", {{"error", Outside::error}, {"resample", Outside::resample}, {"clip", Outside::clip}}, out_.outside);
    outside_ = true;
  }

  /// What contradicts itself, whatever the devices are.
  void check() {
    using Law = MismatchCard::Law;
    const std::string_view word = card_.words[0];
    const auto absolute = [](const Spread& s) { return s.size != 0.0 && !s.relative; };
    if (!failed_ && !said_) fail(word, "this .mismatch says no spread: give dev= (device by device), lot= (all together) or area=");
    if (out_.law == Law::lognormal && (absolute(out_.dev) || absolute(out_.lot) || absolute(out_.area)))
      fail(word, "the spread of a lognormal law is the standard deviation of the logarithm; write it as a part, such as dev=20%");
    if (out_.law == Law::uniform && !truncated_.empty()) fail(truncated_, "a uniform law ends by itself; leave truncate= out");
    if (out_.law == Law::uniform && out_.correlated) fail(correlation_, "correlation= needs dist=normal or dist=lognormal");
    if (!(out_.lower < out_.upper)) fail(word, fmt::format("min = {:g} is not below max = {:g}", out_.lower, out_.upper));
    if (limits_ && !outside_) out_.outside = MismatchCard::Outside::resample;
  }

  const Card& card_;
  const Scope& top_;
  Netlist& netlist_;
  MismatchCard out_;
  std::size_t next_ = 1;
  std::string_view truncated_, correlation_;
  bool limits_ = false, outside_ = false, failed_ = false, said_ = false;  // said_: a spread, if only one of 0
};

}  // namespace

void read_mismatch(const Card& card, const Scope& top, Netlist& netlist) { MismatchReader(card, top, netlist).read(); }

}  // namespace settle
