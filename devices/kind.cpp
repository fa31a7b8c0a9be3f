// What a kind that no conductance can be asked of answers.
#include "devices/kind.hpp"

namespace settle {

double Kind::conductance_of(const Values&, const Environment&) const {
  throw Error(Fault::usage, "a device of kind '" + name + "' has no field that sets its conductance");
}

double Kind::weight_for(const Values& values, double, const Environment& environment) const { return conductance_of(values, environment); }

std::array<double, 2> Kind::weight_range(const Values& values, const Environment& environment) const {
  return conductance_of(values, environment), std::array<double, 2>{};
}

}  // namespace settle
