// From a tape back to text, in the dialect of ngspice 39: powers there are of magnitudes, and many functions are missing.
#include "circuits/export_spice_expression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "sim/error.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

constexpr std::size_t longest = 30'000;  // characters; shared parts are written out wherever they occur

using Texts = std::vector<std::string>;
using Rewriting = std::string (*)(const Texts&);

/// The same in ngspice, under the same name.
const std::set<std::string_view> shared{"abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos",   "cosh", "exp", "ln",  "log", "log10",
                                        "sgn", "sin",  "sinh",  "sqrt", "tan",   "tanh",  "u",   "uramp", "ceil", "floor", "nint"};

/// Nested pairs: ngspice takes two arguments.
std::string paired(const char* name, const Texts& x) {
  std::string text = x[0];
  for (std::size_t k = 1; k < x.size(); ++k) text = fmt::format("{}({},{})", name, text, x[k]);
  return text;
}

std::string truncated(const std::string& x) { return fmt::format("({0}<0 ? ceil({0}) : floor({0}))", x); }
std::string test(const std::string& x, const char* comparison) { return fmt::format("({}{} ? 1 : 0)", x, comparison); }
std::string compared(const Texts& x, const char* sign) { return fmt::format("({}{}{} ? 1 : 0)", x[0], sign, x[1]); }
std::string limited(const std::string& x, const std::string& a, const std::string& b) { return fmt::format("min(max({0},min({1},{2})),max({1},{2}))", x, a, b); }

/// |x|^y. Newton's method of ngspice begins at 0, where its derivative of a fractional power is an error.
std::string magnitude_power(const Texts& x) { return fmt::format("pow(max(abs({}),1e-150),{})", x[0], x[1]); }
/// A negative base has integer powers only, and there cos(pi y) is their sign.
std::string power(const Texts& x) { return fmt::format("({}*({}<0 ? cos(pi*{}) : 1))", magnitude_power(x), x[0], x[1]); }

std::string angle(const Texts& x) {
  return fmt::format("({1}>0 ? atan({0}/{1}) : ({1}<0 ? atan({0}/{1})+({0}<0 ? -pi : pi) : sgn({0})*pi/2))", x[0], x[1]);
}

std::string lines(const Texts& x) { return x.size() == 3 ? x[2] : fmt::format("pwl({})", fmt::join(x, ",")); }
std::string table(const Texts& x) {
  Texts inside = x;
  inside[0] = fmt::format("min(max({},{}),{})", x[0], x[1], x[x.size() - 2]);
  return lines(inside);
}

const std::map<std::string_view, Rewriting>& rewritten() {
  static const std::map<std::string_view, Rewriting> table_of_rewritings{
      {"<", [](const Texts& x) { return compared(x, "<"); }},
      {"<=", [](const Texts& x) { return compared(x, "<="); }},
      {">", [](const Texts& x) { return compared(x, ">"); }},
      {">=", [](const Texts& x) { return compared(x, ">="); }},
      {"==", [](const Texts& x) { return compared(x, "=="); }},
      {"!=", [](const Texts& x) { return compared(x, "!="); }},
      {"&&", [](const Texts& x) { return fmt::format("({}!=0 && {}!=0 ? 1 : 0)", x[0], x[1]); }},
      {"||", [](const Texts& x) { return fmt::format("({}!=0 || {}!=0 ? 1 : 0)", x[0], x[1]); }},
      {"!", [](const Texts& x) { return test(x[0], "==0"); }},
      {"arctan", [](const Texts& x) { return "atan(" + x[0] + ")"; }},
      {"atan2", angle},
      {"buf", [](const Texts& x) { return test(x[0], ">0.5"); }},
      {"eq0", [](const Texts& x) { return test(x[0], "==0"); }},
      {"fmod", [](const Texts& x) { return fmt::format("({0}-{1}*{2})", x[0], x[1], truncated(fmt::format("({}/{})", x[0], x[1]))); }},
      {"ge0", [](const Texts& x) { return test(x[0], ">=0"); }},
      {"gt0", [](const Texts& x) { return test(x[0], ">0"); }},
      {"hypot", [](const Texts& x) { return fmt::format("sqrt({0}*{0}+{1}*{1})", x[0], x[1]); }},
      {"int", [](const Texts& x) { return truncated(x[0]); }},
      {"inv", [](const Texts& x) { return test(x[0], "<=0.5"); }},
      {"le0", [](const Texts& x) { return test(x[0], "<=0"); }},
      {"limit", [](const Texts& x) { return limited(x[0], x[1], x[2]); }},
      {"lt0", [](const Texts& x) { return test(x[0], "<0"); }},
      {"max", [](const Texts& x) { return paired("max", x); }},
      {"min", [](const Texts& x) { return paired("min", x); }},
      {"mod", [](const Texts& x) { return fmt::format("({0}-{1}*{2})", x[0], x[1], truncated(fmt::format("({}/{})", x[0], x[1]))); }},
      {"ne0", [](const Texts& x) { return test(x[0], "!=0"); }},
      {"pow", power},
      {"pwl", lines},
      {"pwr", magnitude_power},
      {"pwrs", [](const Texts& x) { return fmt::format("(sgn({})*{})", x[0], magnitude_power(x)); }},
      {"round", [](const Texts& x) { return fmt::format("(sgn({0})*floor(abs({0})+0.5))", x[0]); }},
      {"sign", [](const Texts& x) { return "sgn(" + x[0] + ")"; }},
      {"sign/2", [](const Texts& x) { return fmt::format("(abs({})*sgn({}))", x[0], x[1]); }},
      {"sqr", [](const Texts& x) { return fmt::format("({0}*{0})", x[0]); }},
      {"stp", [](const Texts& x) { return test(x[0], ">0"); }},
      {"table", table},
      {"u2", [](const Texts& x) { return limited(x[0], "0", "1"); }}};
  return table_of_rewritings;
}

std::string call(const Function& f, const Texts& x) {
  if (shared.count(f.name)) return fmt::format("{}({})", f.name, fmt::join(x, ","));
  const auto rewriting = rewritten().find(f.name);
  if (rewriting == rewritten().end()) throw Error(Fault::netlist, fmt::format("ngspice has nothing like {}({}) of quantities of the circuit", f.name, f.arguments));
  return rewriting->second(x);
}

/// As products while they stay short; x^n of ngspice is |x|^n, and pwr(x, n) is that with the sign of x.
std::string integer_power(const std::string& x, int n) {
  if (n < 0) return fmt::format("(1/{})", integer_power(x, -n));
  if (n == 1) return x;
  constexpr std::size_t short_enough = 200;
  if (n <= 4 && x.size() * static_cast<std::size_t>(n) < short_enough) return fmt::format("({})", fmt::join(Texts(static_cast<std::size_t>(n), x), "*"));
  return fmt::format("{}({},{})", n % 2 == 0 ? "pow" : "pwr", x, n);
}

std::string number(double value) { return value < 0.0 ? fmt::format("({})", format_exact(value)) : format_exact(value); }

std::string input(const InputSource& from, const SpiceNames& names) {
  switch (from.what) {
    case InputSource::What::voltage:
      return from.minus.empty() ? fmt::format("v({})", names.node(from.plus)) : fmt::format("v({},{})", names.node(from.plus), names.node(from.minus));
    case InputSource::What::current: return fmt::format("i({})", names.device(from.plus));
    case InputSource::What::time: return "time";
    case InputSource::What::temperature:
    case InputSource::What::given: break;  // the latter is never a device's
  }
  return "temper";
}

/// Every text is a single operand: in brackets unless it is a name, a number or a call.
std::string instruction(const Instruction& i, const Tape& tape, const Texts& slot) {
  switch (i.operation) {
    case Operation::add: return fmt::format("({}+{})", slot[i.a], slot[i.b]);
    case Operation::subtract: return fmt::format("({}-{})", slot[i.a], slot[i.b]);
    case Operation::multiply: return fmt::format("({}*{})", slot[i.a], slot[i.b]);
    case Operation::divide: return fmt::format("({}/{})", slot[i.a], slot[i.b]);
    case Operation::negate: return fmt::format("(-{})", slot[i.a]);
    case Operation::integer_power: return integer_power(slot[i.a], i.exponent);
    case Operation::select: return fmt::format("({}!=0 ? {} : {})", slot[i.a], slot[i.b], slot[i.c]);
    case Operation::call: break;
  }
  Texts arguments;
  for (std::uint32_t k = 0; k < i.b; ++k) arguments.push_back(slot[tape.arguments[i.a + k]]);
  return call(*i.function, arguments);
}

}  // namespace

std::string spice_expression(const BehaviouralText& text, const SpiceNames& names) {
  const Tape& tape = text.expression.tape();
  Texts slot;
  for (const InputSource& from : text.inputs) slot.push_back(input(from, names));
  for (const double value : tape.constants) slot.push_back(number(value));
  for (const Instruction& i : tape.instructions) {
    slot.push_back(instruction(i, tape, slot));
    if (slot.back().size() > longest)
      throw Error(Fault::netlist, fmt::format("written out, its expression is longer than {} characters; split it into several B sources", longest));
  }
  return slot[tape.result];
}

}  // namespace settle
