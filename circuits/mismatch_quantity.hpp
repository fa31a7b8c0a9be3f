// What a `.mismatch` spreads: a field, or the conductance of a kind of device that has another field for it.
#pragma once

#include <algorithm>
#include <cmath>

#include "circuits/mismatch.hpp"
#include "devices/kind.hpp"

namespace settle {

class SpreadQuantity {
 public:
  /// `field` is the one whose value changes: `x0` of a memristor whose `g` is spread.
  SpreadQuantity(const Kind& kind, std::size_t field, const MismatchCard& card)
      : kind_(kind), field_(kind.fields[field]), conductance_(card.field == "g" && field_.name != "g") {}

  const Field& field() const { return field_; }

  /// Without mismatch; not a number where nobody gave one.
  double nominal(const Values& values) const { return conductance_ ? kind_.conductance_of(values) : value_of(values, field_); }
  double nominal_value(const Values& values) const { return value_of(values, field_); }
  /// Of a device whose field has this value.
  double nominal(const Values& values, double value) const {
    if (!conductance_) return value;
    Values changed = values;
    changed[field_.name] = value;
    return nominal(changed);
  }
  /// The field's value for a drawn one; throws Error for a conductance out of reach.
  double value(const Values& values, double drawn) const { return conductance_ ? kind_.weight_for(values, drawn) : drawn; }

  /// Name, unit and bounds: the field's own, and those a device has for it in fields of its own, gmin and gmax of g.
  Field meaning(const Values& values) const {
    if (conductance_) return {.name = "g", .unit = "S", .help = "", .lower = 0.0};
    Field field = field_;
    if (const double least = limit(values, "min"); least == least) field.lower = std::max(field.lower, least);
    if (const double most = limit(values, "max"); most == most) field.upper = std::min(field.upper, most);
    return field;
  }

 private:
  static double value_of(const Values& values, const Field& field) {
    const auto given = values.find(field.name);
    return given == values.end() ? field.initial : given->second;
  }
  double limit(const Values& values, const char* ending) const {
    const std::size_t k = kind_.field_index(field_.name + ending);
    return k == std::string::npos ? not_given : value_of(values, kind_.fields[k]);
  }

  const Kind& kind_;
  const Field& field_;
  bool conductance_;
};

}  // namespace settle
