// Reading `.measure` cards.
#include "circuits/measure_plan.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

#include "sim/suggest.hpp"

namespace settle {
namespace {

struct NamedFunction {
  std::string_view word;
  MeasureFunction function;
};
constexpr std::array<NamedFunction, 15> functions{{{"trig", MeasureFunction::delay},
                                                   {"when", MeasureFunction::when},
                                                   {"find", MeasureFunction::find},
                                                   {"deriv", MeasureFunction::derivative},
                                                   {"derivative", MeasureFunction::derivative},
                                                   {"min", MeasureFunction::minimum},
                                                   {"max", MeasureFunction::maximum},
                                                   {"pp", MeasureFunction::range},
                                                   {"avg", MeasureFunction::average},
                                                   {"rms", MeasureFunction::rms},
                                                   {"integ", MeasureFunction::integral},
                                                   {"integral", MeasureFunction::integral},
                                                   {"min_at", MeasureFunction::minimum_at},
                                                   {"max_at", MeasureFunction::maximum_at},
                                                   {"param", MeasureFunction::formula}}};

constexpr const char* valid_functions = "TRIG ... TARG, WHEN, FIND, DERIV, MIN, MAX, PP, AVG, RMS, INTEG, MIN_AT, MAX_AT and PARAM are known";

/// Reads one card from left to right.
class PlanReader {
 public:
  PlanReader(const MeasureCard& card, const MeasureContext& context, MeasureSignals& signals)
      : card_(card), words_(card), context_(context), signals_(signals), errors_(context.diagnostics.errors()) {
    plan_.name = card.name;
    plan_.where = card.where;
  }

  std::optional<MeasurePlan> read() {
    if (words_.done()) error(card_.where, fmt::format("measure '{}' does not say what is to be measured; {}", card_.name, valid_functions));
    else read_function();
    if (!failed() && !words_.done()) error(words_.where(), unexpected());
    if (!failed()) check_window();
    if (failed()) return {};
    plan_.needs = std::move(needs_);
    return std::move(plan_);
  }

 private:
  bool failed() const { return context_.diagnostics.errors() > errors_; }
  void error(Location where, const std::string& text) { context_.diagnostics.error(where, text); }

  std::string unexpected() const {
    return fmt::format("'{}' is not expected here{}", words_.peek(), suggest(words_.peek(), measure_keywords()));
  }

  void read_function() {
    for (const NamedFunction& known : functions)
      if (words_.take(known.word)) {
        plan_.function = known.function;
        return read_rest();
      }
    if (words_.peek() == "targ") return error(card_.where, fmt::format("measure '{}' has a TARG without a TRIG before it", card_.name));
    if (words_.peek().find_first_of("({'\"@#0123456789") == std::string_view::npos && !context_.names.parameter(words_.peek())) return unknown_function();
    context_.names.take_used();
    read_unnamed();
  }

  void unknown_function() {
    std::vector<std::string_view> names{"targ"};
    for (const NamedFunction& known : functions) names.push_back(known.word);
    const std::string hint = suggest(words_.peek(), names);
    error(words_.where(), fmt::format("unknown measure function '{}'{}", words_.peek(), hint.empty() ? fmt::format("; {}", valid_functions) : hint));
  }

  /// LTspice leaves FIND and PARAM out: `.measure x v(out) AT=1m`, `.measure x 2*y`.
  void read_unnamed() {
    const Phrase phrase = words_.take_phrase();
    if (words_.done()) {
      plan_.formula = number(phrase);
      return;
    }
    plan_.function = MeasureFunction::find;
    plan_.signal = signal(phrase);
    read_place();
  }

  void read_rest() {
    switch (plan_.function) {
      case MeasureFunction::delay:
        plan_.begin = event("TRIG");
        if (words_.take("targ")) plan_.end = event("TARG");
        else if (!failed())
          error(card_.where, fmt::format("measure '{}' has a TRIG without a TARG; write TRIG ... TARG v(node) VAL=level RISE=1", card_.name));
        return;
      case MeasureFunction::when: plan_.begin = event("WHEN"); return;
      case MeasureFunction::formula:
        words_.take("=");
        plan_.formula = number(required("an expression behind PARAM"));
        return;
      case MeasureFunction::find:
      case MeasureFunction::derivative:
        plan_.signal = signal(required("what is to be looked at, such as v(node)"));
        return read_place();
      default: plan_.signal = signal(required("what is to be looked at, such as v(node)")); return read_window();
    }
  }

  /// AT= or WHEN of FIND and DERIV. An operating point has only one place.
  void read_place() {
    if (words_.take("when")) plan_.begin = event("WHEN");
    else if (words_.peek() == "at") plan_.begin = event("FIND");
    else if (words_.done() && context_.kind == "op" && plan_.function == MeasureFunction::find) plan_.function = MeasureFunction::maximum;
    else if (words_.done()) error(card_.where, fmt::format("measure '{}' does not say where; add AT=value or WHEN v(node)=level", card_.name));
    else error(words_.where(), unexpected());
  }

  void read_window() {
    while (!failed() && !words_.done()) {
      if (words_.take("from") || words_.take("td")) plan_.from = assigned("FROM");
      else if (words_.take("to")) plan_.to = assigned("TO");
      else if (words_.take("trig")) plan_.begin = event("TRIG");
      else if (words_.take("targ")) plan_.end = event("TARG");
      else return error(words_.where(), unexpected());
    }
  }

  void check_window() {
    if ((plan_.begin || plan_.end) && (plan_.from || plan_.to) && plan_.windowed())
      return error(card_.where, "a window is given either by FROM and TO or by TRIG and TARG");
    if (plan_.from && plan_.to) check_order(*plan_.from, *plan_.to);
    for (const auto* place : {&plan_.begin, &plan_.end})
      if (*place && (*place)->from && (*place)->to) check_order(*(*place)->from, *(*place)->to);
  }

  void check_order(const MeasureNumber& from, const MeasureNumber& to) {
    if (from.value && to.value && *from.value > *to.value)
      error(from.phrase.where, fmt::format("the window ends at {} before it begins at {}; FROM must not be above TO", to.phrase.text, from.phrase.text));
  }

  EventPlan event(const char* what) {
    EventPlan event;
    if (words_.take("at")) {
      event.at = assigned("AT");
      return event;
    }
    const Phrase phrase = required("a signal, such as v(node)");
    if (failed()) return event;
    event.signal = signal(phrase).value_or(0);
    bool has_level = false;
    if (words_.take("=")) {
      has_level = true;
      level(event, required("a level or a signal behind '='"));
    }
    while (!failed() && (event_option(event, has_level))) {}
    if (!failed() && !has_level) error(phrase.where, fmt::format("{0} {1} has no level; write {0} {1} VAL=0.5", what, phrase.text));
    return event;
  }

  bool event_option(EventPlan& event, bool& has_level) {
    if (words_.take("val")) {
      words_.take("=");
      has_level = true;
      level(event, required("a level behind VAL="));
    } else if (words_.take("td") || words_.take("from")) {
      event.from = assigned("TD");
    } else if (words_.peek() == "to") {
      words_.skip();
      event.to = assigned("TO");
    } else {
      return edge(event);
    }
    return true;
  }

  bool edge(EventPlan& event) {
    for (const auto& [word, kind] : {std::pair{"rise", Edge::rise}, {"fall", Edge::fall}, {"cross", Edge::cross}}) {
      if (!words_.take(word)) continue;
      event.edge = kind;
      words_.take("=");
      const Phrase phrase = required("a number or LAST");
      if (phrase.text == "last") return event.count = 0, true;
      const MeasureNumber count = number(phrase);
      const bool whole = count.value && *count.value >= 1.0 && *count.value < 1e9 && *count.value == std::floor(*count.value);
      if (!failed() && !whole) error(phrase.where, fmt::format("'{}' is not a number of crossings; write 1, 2, ... or LAST", phrase.text));
      if (whole) event.count = static_cast<long>(*count.value);
      return true;
    }
    return false;
  }

  void level(EventPlan& event, const Phrase& phrase) {
    if (failed()) return;
    if (phrase.value || is_number(phrase)) event.level = number(phrase);
    else event.other = signal(phrase);
  }

  /// True if nothing in the phrase changes along the run.
  bool is_number(const Phrase& phrase) const {
    const Phrase plain = bare(phrase);
    const bool constant = parse_expression(plain.text, context_.names, ExpressionUse::parameter).problems.empty();
    const bool may_change = plain.text.find_first_of("(@#") != std::string::npos || plain.text == "time";
    context_.names.take_used();
    return constant || !may_change;
  }

  std::optional<std::size_t> signal(const Phrase& phrase) { return failed() ? std::nullopt : signals_.add(phrase, context_); }

  MeasureNumber assigned(const char* what) {
    words_.take("=");
    return number(required(fmt::format("a number behind {}=", what)));
  }

  MeasureNumber number(const Phrase& phrase) {
    MeasureNumber number{bare(phrase), phrase.value, {}};
    if (number.value || failed()) return number;
    const ParsedExpression parsed = parse_expression(number.phrase.text, context_.names, ExpressionUse::parameter);
    for (const Problem& problem : parsed.problems) error(number.phrase.part(problem.offset, problem.length), problem.text);
    number.needs = context_.names.take_used();
    needs_.insert(number.needs.begin(), number.needs.end());
    if (number.needs.empty() && parsed.problems.empty()) number.value = parsed.expression.constant();
    return number;
  }

  Phrase required(const std::string& what) {
    Phrase phrase = words_.take_phrase();
    if (phrase.text.empty() && !failed())
      error(words_.where(), words_.done() ? fmt::format("measure '{}' ends where {} is expected", card_.name, what)
                                          : fmt::format("'{}' stands where {} is expected", words_.peek(), what));
    return phrase;
  }

  const MeasureCard& card_;
  MeasureWords words_;
  const MeasureContext& context_;
  MeasureSignals& signals_;
  std::size_t errors_;
  MeasurePlan plan_;
  std::set<std::string> needs_;
};

}  // namespace

std::optional<MeasurePlan> read_measure(const MeasureCard& card, const MeasureContext& context, MeasureSignals& signals) {
  return PlanReader(card, context, signals).read();
}

double number_value(const MeasureNumber& number, const MeasureNames& names) {
  if (number.value) return *number.value;
  const ParsedExpression parsed = parse_expression(number.phrase.text, names, ExpressionUse::parameter);
  names.take_used();
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return parsed.problems.empty() ? parsed.expression.constant().value_or(none) : none;
}

}  // namespace settle
