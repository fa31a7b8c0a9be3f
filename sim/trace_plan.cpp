// From a list of columns to the datasets and dimension scales of a group.
#include "sim/trace_plan.hpp"

#include <algorithm>
#include <set>

namespace settle {
namespace {

// Names of links that are taken; asking for one gives it or the first free variant.
class Names {
 public:
  std::string take(std::string name) {
    std::replace(name.begin(), name.end(), '/', '_');
    if (name.empty() || name == ".") name.assign(1, '_');
    std::string candidate = name;
    for (int k = 2; !taken_.insert(candidate).second; ++k) candidate = name + '_' + std::to_string(k);
    return candidate;
  }

 private:
  std::set<std::string> taken_;
};

using Members = std::vector<std::size_t>;

// Columns of one quantity and unit, in order of first appearance.
std::vector<Members> by_quantity(const std::vector<TraceColumn>& columns) {
  std::vector<Members> result;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const auto same = [&](const Members& members) {
      const TraceColumn& first = columns[members.front()];
      return first.quantity == columns[k].quantity && first.unit == columns[k].unit;
    };
    // Nearly always the previous column's quantity: look there first.
    const auto found = std::find_if(result.rbegin(), result.rend(), same);
    if (found == result.rend()) {
      result.push_back({k});
    } else {
      found->push_back(k);
    }
  }
  return result;
}

std::vector<TraceRun> runs(const Members& members, const TraceLayout& layout) {
  const std::size_t scalar = layout.complex ? 2 : 1;
  std::vector<TraceRun> result;
  for (std::size_t sample = 0; sample < layout.samples; ++sample) {
    for (const std::size_t column : members) {
      const std::size_t from = (sample * layout.columns.size() + column) * scalar;
      if (!result.empty() && result.back().from + result.back().count == from) {
        result.back().count += scalar;
      } else {
        result.push_back({from, scalar});
      }
    }
  }
  return result;
}

std::size_t label_axis(TracePlan& plan, Names& names, const TraceLayout& layout, const Members& members) {
  const std::string& wanted = layout.columns[members.front()].label_axis;
  std::vector<std::string> texts;
  for (const std::size_t column : members) texts.push_back(layout.columns[column].label);
  for (std::size_t k = 0; k < plan.labels.size(); ++k) {
    const auto& known = plan.labels[k];
    if (known.texts == texts && known.name.starts_with(wanted)) return k;
  }
  plan.labels.push_back({names.take(wanted), std::move(texts)});
  return plan.labels.size() - 1;
}

}  // namespace

TracePlan plan_trace(const TraceLayout& layout) {
  TracePlan plan;
  Names names;
  if (layout.samples > 1) names.take("sample");
  const auto groups = by_quantity(layout.columns);
  for (const Members& members : groups) {
    const TraceColumn& first = layout.columns[members.front()];
    TraceShape shape{names.take(first.quantity), {members.size()}, runs(members, layout), layout.complex};
    if (layout.samples > 1) shape.row.insert(shape.row.begin(), layout.samples);
    plan.datasets.push_back({std::move(shape), first.unit, first.long_name, 0});
  }
  plan.axis = names.take(layout.axis.name);
  for (std::size_t k = 0; k < groups.size(); ++k) plan.datasets[k].labels = label_axis(plan, names, layout, groups[k]);
  return plan;
}

}  // namespace settle
