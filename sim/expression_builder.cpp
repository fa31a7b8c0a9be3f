// Builder of tapes: nodes are numbered as they appear, so operands always come before what uses them.
#include "sim/expression_builder.hpp"

#include <bit>
#include <cmath>

namespace settle {

ExpressionBuilder::Node ExpressionBuilder::add(std::vector<std::uint64_t> key, Item item) {
  const auto [it, fresh] = known_.try_emplace(std::move(key), static_cast<Node>(nodes_.size()));
  if (fresh) nodes_.push_back(std::move(item));
  return it->second;
}

ExpressionBuilder::Node ExpressionBuilder::constant(double value) {
  return add({0, std::bit_cast<std::uint64_t>(value)}, {.kind = Kind::constant, .value = value});
}

ExpressionBuilder::Node ExpressionBuilder::input(Input::Kind kind, std::vector<std::string> names, Stretch where) {
  std::size_t k = 0;
  while (k < inputs_.size() && !(inputs_[k].kind == kind && inputs_[k].names == names)) ++k;
  if (k == inputs_.size()) inputs_.push_back({kind, std::move(names), where.offset, where.length});
  return add({1, k}, {.kind = Kind::input, .input = k});
}

std::vector<ExpressionBuilder::Node> ExpressionBuilder::operands(const Item& item) {
  const Instruction& i = item.instruction;
  switch (i.operation) {
    case Operation::call: return item.arguments;
    case Operation::select: return {i.a, i.b, i.c};
    case Operation::negate:
    case Operation::integer_power: return {i.a};
    default: return {i.a, i.b};
  }
}

/// What an instruction on constants gives. A domain error is left to run time: it may sit in a branch that is never taken.
std::optional<double> ExpressionBuilder::folded(const Item& item) const {
  const std::vector<Node> from = operands(item);
  if (item.instruction.operation == Operation::select && is_constant(item.instruction.a)) return {};
  Tape tape;
  tape.constants.clear();
  for (Node node : from) {
    if (!is_constant(node)) return {};
    tape.arguments.push_back(static_cast<std::uint32_t>(tape.constants.size()));
    tape.constants.push_back(value(node));
  }
  Instruction i = item.instruction;
  i.a = 0;
  i.b = i.operation == Operation::call ? static_cast<std::uint32_t>(from.size()) : 1;
  tape.instructions.push_back(i);
  tape.result = static_cast<std::uint32_t>(from.size());
  const double result = tape.eval<double>({});
  return std::isfinite(result) ? std::optional(result) : std::nullopt;
}

ExpressionBuilder::Node ExpressionBuilder::add_instruction(Instruction i, std::vector<Node> arguments) {
  std::vector<std::uint64_t> key{2, static_cast<std::uint64_t>(i.operation), i.a, i.b, i.c, static_cast<std::uint64_t>(i.exponent),
                                 reinterpret_cast<std::uintptr_t>(i.function)};
  key.insert(key.end(), arguments.begin(), arguments.end());
  Item item{.kind = Kind::instruction, .instruction = i, .arguments = std::move(arguments)};
  if (const auto number = folded(item)) return constant(*number);
  return add(std::move(key), std::move(item));
}

ExpressionBuilder::Node ExpressionBuilder::operate(Operation operation, Node a, Node b, Stretch where) {
  Instruction i{.operation = operation, .a = a, .b = b};
  i.offset = static_cast<std::uint32_t>(where.offset);
  i.length = static_cast<std::uint32_t>(where.length);
  return add_instruction(i, {});
}

ExpressionBuilder::Node ExpressionBuilder::negate(Node a, Stretch where) { return operate(Operation::negate, a, 0, where); }

ExpressionBuilder::Node ExpressionBuilder::select(Node condition, Node a, Node b, Stretch where) {
  if (is_constant(condition) && !std::isnan(value(condition))) return value(condition) != 0.0 ? a : b;
  Instruction i{.operation = Operation::select, .a = condition, .b = a, .c = b};
  i.offset = static_cast<std::uint32_t>(where.offset);
  i.length = static_cast<std::uint32_t>(where.length);
  return add_instruction(i, {});
}

ExpressionBuilder::Node ExpressionBuilder::call(const Function& function, const std::vector<Node>& arguments, Stretch where) {
  if (function.selects) return select(arguments[0], arguments[1], arguments[2], where);
  Instruction i{.operation = Operation::call, .function = &function};
  i.offset = static_cast<std::uint32_t>(where.offset);
  i.length = static_cast<std::uint32_t>(where.length);
  return add_instruction(i, arguments);
}

ExpressionBuilder::Node ExpressionBuilder::power(Node x, Node y, Stretch where) {
  constexpr double greatest = 64;  // beyond, repeated multiplication is neither faster nor more exact
  const bool whole = is_constant(y) && std::abs(value(y)) <= greatest && value(y) == std::floor(value(y));
  if (!whole) return call(*Functions::find("pow"), {x, y}, where);
  if (value(y) == 0.0) return constant(1.0);
  if (value(y) == 1.0) return x;
  Instruction i{.operation = Operation::integer_power, .a = x, .exponent = static_cast<int>(value(y))};
  i.offset = static_cast<std::uint32_t>(where.offset);
  i.length = static_cast<std::uint32_t>(where.length);
  return add_instruction(i, {});
}

std::vector<bool> ExpressionBuilder::needed(Node result) const {
  std::vector<bool> is(nodes_.size(), false);
  is[result] = true;
  for (Node node = result + 1; node-- > 0;)
    if (is[node] && nodes_[node].kind == Kind::instruction)
      for (Node from : operands(nodes_[node])) is[from] = true;
  return is;
}

Expression ExpressionBuilder::finish(std::string text, Node result) const {
  const std::vector<bool> is_needed = needed(result);
  std::vector<std::uint32_t> slot(nodes_.size(), 0);
  std::vector<Input> inputs;
  Tape tape;
  tape.constants.clear();
  std::uint32_t next = 0;
  for (Node n = 0; n < nodes_.size(); ++n)
    if (is_needed[n] && nodes_[n].kind == Kind::input) slot[n] = next++, inputs.push_back(inputs_[nodes_[n].input]);
  tape.inputs = next;
  for (Node n = 0; n < nodes_.size(); ++n)
    if (is_needed[n] && nodes_[n].kind == Kind::constant) slot[n] = next++, tape.constants.push_back(nodes_[n].value);
  for (Node n = 0; n < nodes_.size(); ++n) {
    if (!is_needed[n] || nodes_[n].kind != Kind::instruction) continue;
    slot[n] = next++;
    Instruction i = nodes_[n].instruction;
    i.a = slot[i.a], i.b = slot[i.b], i.c = slot[i.c];
    if (i.operation == Operation::call) {
      i.a = static_cast<std::uint32_t>(tape.arguments.size());
      i.b = static_cast<std::uint32_t>(nodes_[n].arguments.size());
      for (Node from : nodes_[n].arguments) tape.arguments.push_back(slot[from]);
    }
    tape.instructions.push_back(i);
  }
  tape.result = slot[result];
  return {std::move(text), std::move(tape), std::move(inputs)};
}

}  // namespace settle
