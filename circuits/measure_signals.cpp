// Reading what is measured, and its value at a point.
#include "circuits/measure_signals.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "circuits/probe_text.hpp"

namespace settle {
namespace {

struct NamedPart {
  std::string_view name, unit;  // unit "": the signal's own
  double (*part)(const Complex&);
};

double magnitude(const Complex& z) { return std::abs(z); }
double real_part(const Complex& z) { return z.real(); }

/// Functions that make a real number of a complex one, around a whole signal: mag(v(out)).
constexpr std::array<NamedPart, 5> parts{{{"mag", "", magnitude},
                                          {"db", "dB", [](const Complex& z) { return 20.0 * std::log10(std::abs(z)); }},
                                          {"ph", "deg", [](const Complex& z) { return std::arg(z) * 180.0 / std::numbers::pi; }},
                                          {"re", "", real_part},
                                          {"im", "", [](const Complex& z) { return z.imag(); }}}};

/// True if the probe of .ac is real already: vdb, vp, im and the like, or a parameter.
bool is_part(const std::string& quantity) {
  static const std::set<std::string> suffixes{"db", "m", "p", "r", "i"};
  const bool complex_part = (quantity[0] == 'v' || quantity[0] == 'i') && suffixes.count(quantity.substr(1));
  return complex_part || quantity.rfind("param_", 0) == 0;
}

/// True if the bracket that opens at `open` is closed by the text's last character.
bool spans(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t k = open; k < text.size(); ++k) {
    depth += text[k] == '(' || text[k] == '{' ? 1 : text[k] == ')' || text[k] == '}' ? -1 : 0;
    if (depth == 0) return k + 1 == text.size();
  }
  return false;
}

Phrase inside(Phrase phrase, std::size_t from) {
  phrase.where = phrase.part(from, phrase.text.size() - from - 1);
  phrase.text = phrase.text.substr(from, phrase.text.size() - from - 1);
  return phrase;
}

}  // namespace

std::optional<double> MeasureNames::parameter(std::string_view name) const {
  const auto measure = measures_.find(name);
  if (measure != measures_.end()) {
    used_.emplace(name);
    return measure->second;
  }
  const auto it = parameters_.find(std::string(name));
  return it == parameters_.end() ? std::nullopt : std::optional(it->second);
}

std::vector<std::string> MeasureNames::known() const {
  std::vector<std::string> names;
  for (const auto& entry : measures_) names.push_back(entry.first);
  for (const auto& entry : parameters_) names.push_back(entry.first);
  return names;
}

void MeasureNames::add(const std::string& measure) { measures_.emplace(measure, std::numeric_limits<double>::quiet_NaN()); }

std::set<std::string> MeasureNames::take_used() const {
  std::set<std::string> used;
  used.swap(used_);
  return used;
}

Phrase bare(Phrase phrase) {
  for (;;) {
    const std::string& text = phrase.text;
    const char last = text.empty() ? ' ' : text.back();
    const bool quoted = text.size() > 1 && (text[0] == '\'' || text[0] == '"') && text.find(text[0], 1) == text.size() - 1;
    if (quoted || (text.size() > 1 && text[0] == '{' && last == '}' && spans(text, 0))) phrase = inside(std::move(phrase), 1);
    else if (text.rfind("par(", 0) == 0 && spans(text, 3)) phrase = inside(std::move(phrase), 4);
    else return phrase;
  }
}

MeasureSignals::Part MeasureSignals::take_part(Phrase& phrase) {
  for (const NamedPart& named : parts) {
    const std::size_t open = named.name.size();
    if (phrase.text.rfind(named.name, 0) != 0 || phrase.text.size() <= open || phrase.text[open] != '(' || !spans(phrase.text, open)) continue;
    phrase = inside(std::move(phrase), open + 1);
    return named.part;
  }
  return nullptr;
}

std::optional<std::size_t> MeasureSignals::add(const Phrase& given, const MeasureContext& context) {
  Phrase phrase = bare(given);
  Signal signal{phrase.text, "", {}, {}, nullptr};
  for (std::size_t k = 0; k < signals_.size(); ++k)
    if (signals_[k].name == signal.name) return k;
  const Part part = take_part(phrase);
  ParsedExpression parsed = parse_expression(phrase.text, context.names, ExpressionUse::circuit);
  const auto& inputs = parsed.expression.inputs();
  const bool whole = inputs.size() == 1 && inputs[0].offset == 0 && inputs[0].length == phrase.text.size() && inputs[0].names.size() > 0;
  const ProbeText::Form form = split_probe(phrase.text).form;
  const bool probe_like = (form == ProbeText::Form::function || form == ProbeText::Form::field) && phrase.text.find('(') == phrase.text.rfind('(');
  const bool plain = parsed.problems.empty() ? whole : probe_like;
  if (!(plain ? add_plain(phrase, context, signal) : add_expression(phrase, std::move(parsed), context, signal))) return {};
  if (part) {
    signal.part = part;
    for (const NamedPart& named : parts)
      if (named.part == part && !named.unit.empty()) signal.unit = named.unit;
  }
  signals_.push_back(std::move(signal));
  return signals_.size() - 1;
}

bool MeasureSignals::add_plain(const Phrase& phrase, const MeasureContext& context, Signal& signal) {
  context.names.take_used();
  const auto column = probe(phrase.text, phrase.where, context);
  if (!column) return false;
  const ProbeLabel& label = probes_[*column]->label();
  signal.columns = {*column};
  signal.unit = label.unit;
  if (is_part(label.quantity)) signal.part = real_part;
  return true;
}

bool MeasureSignals::add_expression(const Phrase& phrase, ParsedExpression parsed, const MeasureContext& context, Signal& signal) {
  for (const Problem& problem : parsed.problems) context.diagnostics.error(phrase.part(problem.offset, problem.length), problem.text);
  const std::set<std::string> used = context.names.take_used();
  if (!used.empty())
    context.diagnostics.error(phrase.where, fmt::format("a signal cannot contain the measure '{}', whose value is known only when the run is over; "
                                                        "use it in a level (VAL=) or in PARAM", *used.begin()));
  if (!parsed.problems.empty() || !used.empty()) return false;
  for (const Input& input : parsed.expression.inputs()) {
    const auto found = column(input, phrase, context);
    if (!found) return false;
    signal.columns.push_back(*found);
  }
  signal.expression = std::move(parsed.expression);
  return true;
}

std::optional<std::size_t> MeasureSignals::column(const Input& input, const Phrase& phrase, const MeasureContext& context) {
  const Location where = phrase.part(input.offset, input.length);
  switch (input.kind) {
    case Input::Kind::voltage: return probe(fmt::format("v({})", fmt::join(input.names, ",")), where, context);
    case Input::Kind::current: return probe(fmt::format("i({})", input.names[0]), where, context);
    case Input::Kind::device_quantity: return probe(fmt::format("@{}[{}]", input.names[0], input.names[1]), where, context);
    case Input::Kind::time:
      if (context.kind == "tran") return axis_column;
      break;
    case Input::Kind::frequency:
      if (context.kind == "ac") return axis_column;
      break;
    case Input::Kind::temperature: break;
  }
  context.diagnostics.error(where, fmt::format("'{}' means nothing in a measure of .{}", phrase.text.substr(input.offset, input.length), context.kind));
  return {};
}

std::optional<std::size_t> MeasureSignals::probe(const std::string& text, Location where, const MeasureContext& context) {
  auto made = make_probe(context.circuit, {text, context.kind, where}, context.diagnostics);
  if (!made) {
    if (text.find('*') != std::string::npos) context.diagnostics.error(where, fmt::format("a measure looks at one signal, and '{}' is several", text));
    return {};
  }
  for (std::size_t k = 0; k < probes_.size(); ++k)
    if (probes_[k]->label().name == made->label().name) return k;
  probes_.push_back(std::move(made));
  return probes_.size() - 1;
}

template <Scalar S>
std::vector<double> MeasureSignals::values(double axis, std::span<const S> probed) const {
  std::vector<double> all;
  std::vector<S> inputs;
  for (const Signal& signal : signals_) {
    inputs.clear();
    for (std::size_t column : signal.columns) inputs.push_back(column == axis_column ? S(axis) : probed[column]);
    const S value = signal.expression ? signal.expression->template eval<S>(inputs) : inputs[0];
    if (signal.part) all.push_back(signal.part(value));
    else if constexpr (std::same_as<S, Complex>) all.push_back(magnitude(value));
    else all.push_back(value);
  }
  return all;
}
template std::vector<double> MeasureSignals::values<double>(double, std::span<const double>) const;
template std::vector<double> MeasureSignals::values<Complex>(double, std::span<const Complex>) const;

}  // namespace settle
