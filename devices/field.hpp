// Field: one numeric parameter of a device kind, as the user sees it: unit, default, bounds, meaning.
#pragma once

#include <limits>
#include <string>

namespace settle {

/// A parameter that was not given and has no fixed default is NaN: the device derives it from others.
inline constexpr double not_given = std::numeric_limits<double>::quiet_NaN();

struct Field {
  static constexpr double unbounded = std::numeric_limits<double>::infinity();

  enum class Owner { instance, model };
  enum class Drawn { no, written, read };

  std::string name;  // lower case
  std::string unit;  // SI; "" for a pure number
  std::string help;
  double initial = not_given;
  double lower = -unbounded;
  double upper = unbounded;
  Owner owner = Owner::instance;  // where SPICE expects it; both places are accepted
  std::string in_models = {};     // what a .model card calls it, if a device card means something else by that name
  Drawn drawn = Drawn::no;        // a standard normal deviate that .program draws anew at every writing, or at every reading
};

/// A parameter SPICE expects in a .model card.
inline Field model_field(std::string name, std::string unit, std::string help, double initial, double lower = -Field::unbounded,
                         double upper = Field::unbounded) {
  return {std::move(name), std::move(unit), std::move(help), initial, lower, upper, Field::Owner::model};
}

/// The same, called `name` in .model cards.
inline Field in_models(std::string name, Field field) {
  field.in_models = std::move(name);
  return field;
}

/// The same, drawn by .program.
inline Field drawn_when(Field::Drawn when, Field field) {
  field.drawn = when;
  return field;
}

}  // namespace settle
