// From outputs and a cost to nudging currents.
#include "learning/taught.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/expression_parser.hpp"
#include "sim/number.hpp"

namespace settle {

namespace {
const std::string given_prefix = "given.";
}

std::string target_text(const CostOutput& output) { return output.given >= 0 ? fmt::format("v({}{})", given_prefix, output.given) : format_exact(output.target); }

namespace {

/// What a text with v(given.k) reads.
BehaviouralText bound(const std::string& text) {
  const ParsedExpression parsed = parse_expression(text, NoNames(), ExpressionUse::circuit);
  if (!parsed.problems.empty()) throw std::logic_error(parsed.problems[0].text + " in " + text);
  BehaviouralText result{parsed.expression, {}};
  for (const Input& input : parsed.expression.inputs()) {
    if (input.names[0].starts_with(given_prefix)) result.inputs.push_back({InputSource::What::given, "", "", std::stol(input.names[0].substr(given_prefix.size()))});
    else result.inputs.push_back({InputSource::What::voltage, input.names[0], input.names.size() > 1 ? input.names[1] : ""});
  }
  return result;
}

/// dC/d(activity) of every membrane the outputs reach.
std::vector<NudgeCurrent> currents(const Taught& taught, const Netlist& netlist) {
  const Cost& cost = *Registry<Cost>::find(taught.cost);
  std::vector<std::pair<std::string, std::string>> texts;  // membrane, g
  for (std::size_t k = 0; k < taught.outputs.size(); ++k) {
    const auto chosen = taught.membranes.find(taught.outputs[k].node);
    const auto shares = chosen == taught.membranes.end() ? readout(netlist, taught.outputs[k].node) : std::vector<ReadoutShare>{{chosen->second, 1.0}};
    for (const ReadoutShare& share : shares) {
      const std::string part = fmt::format("{}*({})", share.slope, cost.slope(taught.outputs, k));
      const auto same = std::find_if(texts.begin(), texts.end(), [&](const auto& t) { return t.first == share.membrane; });
      if (same == texts.end()) texts.emplace_back(share.membrane, part);
      else same->second += "+" + part;
    }
  }
  std::vector<NudgeCurrent> list;
  for (const auto& [membrane, text] : texts) list.push_back({membrane, bound(text)});
  return list;
}

}  // namespace

BehaviouralText circuit_expression(const std::string& text) { return bound(text); }

BehaviouralText given_value(Index k) { return bound(fmt::format("v({}{})", given_prefix, k)); }

Teaching teaching_of(const Taught& taught, const Netlist& netlist, Location where) {
  const Cost& cost = *Registry<Cost>::find(taught.cost);
  Teaching teaching{.signal = taught.signal, .currents = currents(taught, netlist), .outputs = {}, .beta_unit = cost.beta_unit(), .cost = bound(cost.value(taught.outputs)), .where = where};
  for (std::size_t k = 0; k < taught.outputs.size(); ++k) {
    teaching.outputs.push_back(taught.outputs[k].node);
    teaching.slopes.push_back(bound(cost.slope(taught.outputs, k)));
  }
  return teaching;
}

}  // namespace settle
