// Builder of tapes: folds constants, shares equal subexpressions, and in the end drops what the result does not need.
#pragma once

#include <map>
#include <vector>

#include "sim/expression.hpp"

namespace settle {

/// A stretch of the text that a node is blamed on.
struct Stretch {
  std::size_t offset = 0, length = 1;
};

class ExpressionBuilder {
 public:
  using Node = std::uint32_t;

  Node constant(double value);
  Node input(Input::Kind kind, std::vector<std::string> names, Stretch where);
  Node operate(Operation operation, Node a, Node b, Stretch where);
  Node negate(Node a, Stretch where);
  Node select(Node condition, Node a, Node b, Stretch where);
  Node call(const Function& function, const std::vector<Node>& arguments, Stretch where);
  /// x^y: by repeated multiplication where y is a whole number.
  Node power(Node x, Node y, Stretch where);

  bool is_constant(Node node) const { return nodes_[node].kind == Kind::constant; }
  double value(Node node) const { return nodes_[node].value; }
  std::size_t size() const { return nodes_.size(); }

  Expression finish(std::string text, Node result) const;

 private:
  enum class Kind { constant, input, instruction };
  struct Item {
    Kind kind = Kind::constant;
    double value = 0.0;             // of a constant
    std::size_t input = 0;          // of an input
    Instruction instruction{};      // operands are nodes; of a call, `arguments` below
    std::vector<Node> arguments{};  // of a call
  };

  Node add_instruction(Instruction instruction, std::vector<Node> arguments);
  Node add(std::vector<std::uint64_t> key, Item item);
  static std::vector<Node> operands(const Item& item);
  std::optional<double> folded(const Item& item) const;
  std::vector<bool> needed(Node result) const;

  std::vector<Item> nodes_;
  std::vector<Input> inputs_;
  std::map<std::vector<std::uint64_t>, Node> known_;
};

}  // namespace settle
