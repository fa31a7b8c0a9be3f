// What a value's expression can refer to: indices of its array, parameters in scope, and as a last resort the other values of its card.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "circuits/scope.hpp"
#include "sim/random.hpp"

namespace settle {

class ValueNames : public Names {
 public:
  /// `text` is where on the card the value stands.
  ValueNames(const Scope& scope, const Card& card, const ValueContext& context, ExpressionUse use, std::string_view text)
      : scope_(scope), card_(card), context_(context), use_(use), text_(text) {}

  std::optional<double> parameter(std::string_view name) const override {
    if (context_.indices)
      for (const auto& [index, value] : *context_.indices)
        if (index == name) return value;
    // The temperature may change while a circuit runs, so its expressions read it as an input.
    if (use_ == ExpressionUse::circuit && (name == "temper" || name == "temp")) return {};
    if (const auto value = scope_.parameter(name)) return value;
    return other_value(name);
  }
  const UserFunction* function(std::string_view name) const override { return scope_.function(name); }
  std::vector<std::string> known() const override {
    std::vector<std::string> names = scope_.known();
    if (context_.indices)
      for (const auto& [index, value] : *context_.indices) names.emplace_back(index);
    return names;
  }
  Stream* random() const override {
    if (!stream_) stream_.emplace(scope_.elaboration().seed, "netlist", stream_name());
    return &*stream_;
  }

 private:
  std::string stream_name() const;
  /// `ad={w*l}` on the card that also says w= and l=. The values before this one only, so there are no cycles.
  std::optional<double> other_value(std::string_view name) const {
    if (!context_.card_values) return {};
    const CardValues& values = *context_.card_values;
    values.known.resize(values.list.size());
    for (std::size_t k = 0; k < values.list.size() && values.list[k].value.end() <= text_.data(); ++k) {
      if (values.list[k].name != name) continue;
      ValueContext context = context_;
      context.field = name;
      if (!values.known[k]) values.known[k] = scope_.number(card_, values.list[k].value, context);
      return values.known[k];
    }
    return {};
  }

  const Scope& scope_;
  const Card& card_;
  const ValueContext& context_;
  ExpressionUse use_;
  std::string_view text_;
  mutable std::optional<Stream> stream_;
};

}  // namespace settle
