// Following a tape with a pair of nodes in every slot.
#include "circuits/complex_pair.hpp"

namespace settle {

Pair ComplexPair::input(const InputSource& from) {
  const auto across = [&](const std::string& plus, const std::string& minus) {
    std::vector<std::string> names{plus};
    if (!minus.empty()) names.push_back(minus);
    return builder_.input(Input::Kind::voltage, names, {});
  };
  switch (from.what) {
    case InputSource::What::voltage: {
      if (from.plus == "0" && names_.node(from.minus) == from.minus) return arithmetic_.real_number(0.0);
      const auto quadrature = across(names_.node(from.plus), names_.node(from.minus));
      return {across(from.plus, from.minus), arithmetic_.add(quadrature, arithmetic_.number(offset_))};
    }
    case InputSource::What::current:
      return {builder_.input(Input::Kind::current, {from.plus}, {}), builder_.input(Input::Kind::current, {names_.device(from.plus)}, {})};
    case InputSource::What::time: return arithmetic_.real_value(builder_.input(Input::Kind::time, {}, {}));
    case InputSource::What::temperature: break;
  }
  return arithmetic_.real_value(builder_.input(Input::Kind::temperature, {}, {}));
}

Pair ComplexPair::apply(const Tape& tape, const Instruction& i, const std::vector<Pair>& slot) {
  ComplexArithmetic& a = arithmetic_;
  switch (i.operation) {
    case Operation::add: return a.add(slot[i.a], slot[i.b]);
    case Operation::subtract: return a.subtract(slot[i.a], slot[i.b]);
    case Operation::multiply: return a.multiply(slot[i.a], slot[i.b]);
    case Operation::divide: return a.divide(slot[i.a], slot[i.b]);
    case Operation::negate: return a.negate(slot[i.a]);
    case Operation::integer_power: return a.whole_power(slot[i.a], i.exponent);
    case Operation::select: return a.select(slot[i.a].re, slot[i.b], slot[i.c]);
    case Operation::call: break;
  }
  std::vector<Pair> arguments;
  for (std::uint32_t k = 0; k < i.b; ++k) arguments.push_back(slot[tape.arguments[i.a + k]]);
  return complex_call(a, *i.function, arguments);
}

Pair ComplexPair::parts(const BehaviouralText& text) {
  const Tape& tape = text.expression.tape();
  std::vector<Pair> slot;
  for (const InputSource& from : text.inputs) slot.push_back(input(from));
  for (const double value : tape.constants) slot.push_back(arithmetic_.real_number(value));
  for (const Instruction& i : tape.instructions) {
    arithmetic_.blame({i.offset, i.length});
    slot.push_back(apply(tape, i, slot));
  }
  return slot[tape.result];
}

BehaviouralText ComplexPair::finish(ComplexArithmetic::Node part, const std::string& text) const {
  BehaviouralText result{builder_.finish(text, part), {}};
  for (const Input& input : result.expression.inputs()) {
    switch (input.kind) {
      case Input::Kind::voltage: result.inputs.push_back({InputSource::What::voltage, input.names[0], input.names.size() > 1 ? input.names[1] : ""}); break;
      case Input::Kind::time: result.inputs.push_back({InputSource::What::time, {}, {}}); break;
      case Input::Kind::temperature: result.inputs.push_back({InputSource::What::temperature, {}, {}}); break;
      default: result.inputs.push_back({InputSource::What::current, input.names[0], {}});
    }
  }
  return result;
}

}  // namespace settle
