// Reading `.step`.
#include "circuits/step_card.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/suggest.hpp"

namespace settle {
namespace {

bool in_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

constexpr double most_steps = 1e6;

/// True if a card other than `.step` and the definition speaks of a parameter.
bool mentioned(const Deck& deck, std::string_view name) {
  for (const Card& card : deck.cards) {
    if (card.words.empty() || card.words[0] == ".step") continue;
    const std::string_view text = card.line.text;
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
      const std::size_t end = at + name.size(), next = text.find_first_not_of(" \t", end);
      const bool whole = (at == 0 || !in_name(text[at - 1])) && (end == text.size() || !in_name(text[end]));
      const bool defined = card.words[0] == ".param" && next != std::string_view::npos && text[next] == '=' && text.substr(next, 2) != "==";
      if (whole && !defined) return true;
    }
  }
  return false;
}

class StepReader {
 public:
  StepReader(const Card& card, const Scope& top, Netlist& netlist) : card_(card), top_(top), netlist_(netlist) {}

  void read() {
    step_.where = card_.where(std::size_t{0});
    take_spacing();
    if (peek() == "param") ++next_, param_ = true;
    if (next_ >= card_.words.size()) return usage();
    if (peek() == "data") return top_.error(card_.where(next_), "tables of steps are not supported; use .step name list v1 v2 ...");
    if (!target(card_.words[next_++])) return;
    take_spacing();
    if (!values() || step_.values.empty() || !fits_target()) return;
    netlist_.steps.push_back(std::move(step_));
  }

 private:
  std::string_view peek() const { return next_ < card_.words.size() ? card_.words[next_] : std::string_view(); }

  void take_spacing() {
    for (std::string_view word : {"lin", "dec", "oct", "list"})
      if (peek() == word) spacing_ = word, ++next_;
  }

  void usage() { top_.error(step_.where, "usage: .step [lin|dec|oct] [param] name first last step, or .step name list v1 v2 ..."); }

  bool target(std::string_view word) {
    step_.name = word;
    if (!param_ && (word == "temp" || word == "temper")) {
      step_.target = StepCard::Target::temperature;
      return true;
    }
    if (word == "seed" && !top_.values().count("seed")) {
      step_.target = StepCard::Target::seed;
      return true;
    }
    const std::size_t split = word.find_first_of(":[");
    const bool device_field = split != std::string_view::npos || word.front() == '@';
    if (!device_field && (param_ || top_.parameter(word))) return parameter(word);
    step_.target = StepCard::Target::device_field;
    std::string_view name = word.substr(word.front() == '@' ? 1 : 0);
    if (const std::size_t colon = name.find_last_of(':'); colon != std::string_view::npos) {
      step_.field = name.substr(colon + 1), name = name.substr(0, colon);
    } else if (word.front() == '@' && word.back() == ']') {
      step_.field = name.substr(name.find('[') + 1), step_.field.pop_back(), name = name.substr(0, name.find('['));
    }
    return device(word, std::string(name));
  }

  bool parameter(std::string_view word) {
    const auto known = top_.values();
    if (known.count(std::string(word))) {
      if (!mentioned(top_.elaboration().deck, word))
        top_.warning(card_.where(word), fmt::format("nothing in the deck uses '{}', so all these steps are the same; for other random numbers at every "
                                                    "step write .step seed 1 100 1", word));
      return true;
    }
    top_.error(card_.where(word), fmt::format("there is no parameter '{}' at the top level{}", word, suggest(word, known)));
    return false;
  }

  bool device(std::string_view word, const std::string& name) {
    step_.name = name;
    if (const Kind* kind = kind_of_device(netlist_, name)) {
      if (step_.field.empty()) step_.field = kind->principal;
      if (!step_.field.empty() && kind->field_index(step_.field) != std::string::npos) return true;
      top_.error(card_.where(word), fmt::format("'{}' ({}) has no parameter '{}'{}", name, kind->name, step_.field, suggest(step_.field, fields(*kind))));
      return false;
    }
    std::vector<std::string> names = top_.known();
    for (std::size_t k = 0; k < netlist_.devices.size() && k < 20'000; ++k) names.push_back(netlist_.devices[k].name);
    top_.error(card_.where(word), fmt::format("'{}' is neither a parameter nor a device{}", word, suggest(word, names)));
    return false;
  }

  static std::vector<std::string_view> fields(const Kind& kind) {
    std::vector<std::string_view> names;
    for (const Field& field : kind.fields) names.push_back(field.name);
    return names;
  }

  bool values() {
    std::vector<double> numbers;
    for (; next_ < card_.words.size(); ++next_) {
      if (card_.words[next_] == "=") continue;
      numbers.push_back(top_.number(card_, card_.words[next_]));
      if (numbers.size() == 3) last_ = card_.where(next_);
      if (std::isnan(numbers.back())) return false;
    }
    if (spacing_ == "list") {
      if (numbers.empty()) usage();
      step_.values = std::move(numbers);
      return true;
    }
    if (numbers.size() != 3) return usage(), false;
    return spacing_ == "dec" || spacing_ == "oct" ? logarithmic(numbers[0], numbers[1], numbers[2]) : linear(numbers[0], numbers[1], numbers[2]);
  }

  bool linear(double first, double last, double step) {
    const double count = std::floor((last - first) / step * (1.0 + 1e-12) + 1e-9);
    if (step == 0.0 || count < 0.0) return complain("the step leads away from the last value");
    if (count > most_steps) return complain("more than a million steps");
    for (double k = 0.0; k <= count; k += 1.0) step_.values.push_back(first + k * step);
    return true;
  }

  bool logarithmic(double first, double last, double points) {
    if (first <= 0.0 || last < first || points < 1.0) return complain("dec and oct need 0 < first <= last and one point or more per interval");
    const double base = spacing_ == "dec" ? 10.0 : 2.0;
    const double count = std::floor(points * std::log(last / first) / std::log(base) + 1e-6);
    if (count > most_steps) return complain("more than a million steps");
    for (double k = 0.0; k <= count; k += 1.0) step_.values.push_back(first * std::pow(base, k / points));
    return true;
  }

  bool fits_target() {
    if (step_.target != StepCard::Target::seed) return true;
    for (const double value : step_.values)
      if (!(value >= 0.0 && value <= 0x1p53 && value == std::floor(value))) {
        top_.error(step_.where, fmt::format("a seed is a whole number from 0 on, and {:g} is none; write .step seed 1 100 1", value));
        return false;
      }
    return true;
  }

  bool complain(const char* text) {
    top_.error(last_, fmt::format(".step of '{}': {}", step_.name, text));
    return false;
  }

  const Card& card_;
  const Scope& top_;
  Netlist& netlist_;
  StepCard step_;
  Location last_;  // of the step or the number of points
  std::size_t next_ = 1;
  std::string_view spacing_ = "lin";
  bool param_ = false;
};

}  // namespace

void read_step(const Card& card, const Scope& top, Netlist& netlist) { StepReader(card, top, netlist).read(); }

}  // namespace settle
