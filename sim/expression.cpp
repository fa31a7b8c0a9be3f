// What a parsed expression can tell about itself.
#include "sim/expression.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/number.hpp"

namespace settle {
namespace {

/// The operand slots whose values an instruction used.
std::vector<std::uint32_t> used(const Tape& tape, const Instruction& i, const std::vector<double>& values) {
  switch (i.operation) {
    case Operation::negate:
    case Operation::integer_power: return {i.a};
    case Operation::select: return {i.a, values[i.a] != 0.0 ? i.b : i.c};
    case Operation::call: return {tape.arguments.begin() + i.a, tape.arguments.begin() + i.a + i.b};
    default: return {i.a, i.b};
  }
}

std::string blame(const Tape& tape, const Instruction& i, const std::vector<double>& values, double result) {
  if (i.operation == Operation::divide && values[i.b] == 0.0) return "division by zero";
  std::string arguments;
  auto slots = used(tape, i, values);
  if (i.operation == Operation::call && i.function->draw != Draw::none) slots.pop_back();  // the number drawn
  for (std::uint32_t slot : slots) arguments += (arguments.empty() ? "" : ", ") + format_exact(values[slot]);
  const char* what = std::isnan(result) ? "has no real value" : "is beyond the range of double precision";
  if (i.operation == Operation::call && !i.function->tabulated)
    return fmt::format("{}({}) {}", i.function->name.substr(0, i.function->name.find('/')), arguments, what);
  if (i.operation == Operation::integer_power) return fmt::format("{}^{} {}", format_exact(values[i.a]), i.exponent, what);
  return fmt::format("this operation on {} {}", arguments, what);
}

}  // namespace

Expression::Expression(std::string text, Tape tape, std::vector<Input> inputs)
    : text_(std::move(text)), tape_(std::move(tape)), inputs_(std::move(inputs)) {}

std::optional<double> Expression::constant() const {
  if (!inputs_.empty()) return {};
  return eval<double>({});
}

std::optional<Problem> Expression::locate_nan(std::span<const double> inputs) const {
  std::vector<double> values;
  tape_.run(inputs, values);
  const std::size_t first = tape_.inputs + tape_.constants.size();
  std::uint32_t slot = tape_.result;
  if (std::isfinite(values[slot])) return {};
  while (slot >= first) {
    const Instruction& i = tape_.instructions[slot - first];
    const auto operands = used(tape_, i, values);
    const auto bad = std::find_if(operands.begin(), operands.end(), [&](auto s) { return !std::isfinite(values[s]); });
    if (bad == operands.end()) return Problem{i.offset, i.length, blame(tape_, i, values, values[slot])};
    slot = *bad;
  }
  return {};
}

std::optional<Problem> Expression::not_holomorphic() const {
  std::optional<Problem> first;
  for (const Instruction& i : tape_.instructions) {
    const bool smooth = i.operation != Operation::select && (i.operation != Operation::call || i.function->holomorphic);
    if (!smooth && (!first || i.offset < first->offset)) first = Problem{i.offset, i.length, text_.substr(i.offset, i.length)};
  }
  return first;
}

}  // namespace settle
