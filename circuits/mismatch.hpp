// Mismatch: values of fields spread by chance, for each device (z) and for the lot of them (y). `.mismatch TARGET FIELD dev=5% lot=2% ...`
//
//   normal, uniform:  value = nominal + s z + t y      s, t: the spreads, times |nominal| if they are relative
//   lognormal:        value = nominal exp(s z + t y)   z, y: standard normal, or uniform within -1 ... 1
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "sim/location.hpp"

namespace settle {

struct Card;
class Diagnostics;
struct Netlist;
class Scope;

/// A standard deviation, of a uniform law half the width.
struct Spread {
  double size = 0.0;  // in the field's unit, or a part of the nominal value
  bool relative = false;
};

struct MismatchCard {
  enum class Law { normal, lognormal, uniform };
  enum class Outside { error, resample, clip };
  static constexpr double unbounded = std::numeric_limits<double>::infinity();

  bool of_model = false;
  std::string target;  // a model; else a device, an array, one of its parts, or a pattern with *
  std::string field;
  Spread dev, lot;
  Spread area;         // times 1 / sqrt(w l m): Pelgrom's law, in units of the field times metres
  Law law = Law::normal;
  double truncate = unbounded;                    // standard deviations
  double lower = -unbounded, upper = unbounded;   // of the value
  Outside outside = Outside::error;               // what happens to values beyond these bounds and the field's
  double correlation = 0.0;                       // between the two parts of a pair
  bool correlated = false;                        // the card says so
  Location where, target_where, field_where;
  std::string text;    // the card, for messages
};

/// A field of a device that was drawn; the value is the device's.
struct DrawnValue {
  std::size_t device = 0, field = 0;  // in Netlist::devices, in the fields of its kind
  double nominal = 0.0;
  std::size_t card = 0;               // in Netlist::mismatches
};

/// A field of all crossings of an array that was drawn; the values are the array's.
struct DrawnCrossings {
  std::size_t array = 0;
  std::string part;                   // "" for the cells, "back", "sel"
  std::size_t field = 0;
  std::vector<double> nominal;        // one for all, or one per crossing
  std::size_t card = 0;
};

/// Reads one `.mismatch`; mistakes that need no device are reported.
void read_mismatch(const Card& card, const Scope& top, Netlist& netlist);

/// Draws what the cards ask for, from the netlist's seed; to be called once all devices have their nominal values. Where two cards spread the
/// same field of a device the later one counts.
void apply_mismatch(Netlist& netlist, Diagnostics& diagnostics);

}  // namespace settle
