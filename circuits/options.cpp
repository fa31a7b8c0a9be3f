// The table of options and how each finds its member.
#include "circuits/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "sim/stepper.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

struct NumberOption {
  const char *name, *unit, *help;
  double lower, upper;
  double Options::*member;
};

struct CountOption {
  const char *name, *help;
  int lower, upper;
  int Options::*member;
};

struct WordOption {
  const char *name, *help;
  std::vector<std::string> allowed;
  std::string Options::*member;
};

const std::vector<NumberOption>& number_options() {
  static const std::vector<NumberOption> table{
      {"reltol", "", "relative error of every unknown", 1e-14, 0.5, &Options::reltol},
      {"abstol", "A", "absolute error of currents", 1e-30, infinite, &Options::abstol},
      {"vntol", "V", "absolute error of voltages", 1e-30, infinite, &Options::vntol},
      {"chgtol", "C", "absolute error of charges", 1e-40, infinite, &Options::chgtol},
      {"gmin", "S", "conductance across every junction", 0.0, 1.0, &Options::gmin},
      {"temp", "degC", "temperature of the circuit", -273.15, infinite, &Options::temp},
      {"tnom", "degC", "temperature at which model parameters were measured", -273.15, infinite, &Options::tnom},
      {"rshunt", "Ohm", "resistor from every node to ground; 0 for none", 0.0, infinite, &Options::rshunt},
      {"mintimestep", "s", "shortest step before .tran gives up; 0 to let it choose", 0.0, infinite, &Options::mintimestep},
      {"maxtimestep", "s", "longest step; 0 to follow the .tran card", 0.0, infinite, &Options::maxtimestep},
      {"from", "", "points below this value of the axis (time, frequency, ...) are computed but not written", -infinite, infinite, &Options::from},
      {"to", "", "points above this value of the axis are computed but not written", -infinite, infinite, &Options::to}};
  return table;
}

const std::vector<CountOption>& count_options() {
  static const std::vector<CountOption> table{{"itl1", "most Newton iterations of an operating point", 1, 1'000'000, &Options::itl1},
                                              {"itl2", "most Newton iterations of a point of .dc", 1, 1'000'000, &Options::itl2},
                                              {"every", "of the points computed, every so many-th is written; measures see them all", 1, 1'000'000'000, &Options::every}};
  return table;
}

/// SPICE's names of methods, and what is nearest here.
constexpr std::array<std::pair<const char*, const char*>, 3> method_aliases{{{"gear", "trbdf2"}, {"trapezoidal", "trap"}, {"euler", "be"}}};

std::vector<std::string> methods() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : Registry<StepperKind>::all()) names.push_back(name);
  for (const auto& [alias, name] : method_aliases) names.push_back(alias);
  return names;
}

const std::vector<WordOption>& word_options() {
  static const std::vector<WordOption> table{
      {"method", "how .tran integrates; left out, the tolerance decides (`settle list methods`)", methods(), &Options::method},
      {"norm", "how the errors of all unknowns become one number", {"rms", "max"}, &Options::norm}};
  return table;
}

/// Options of SPICE programs that steer algorithms this program does not have.
constexpr std::array without_effect{
    "itl4",     "maxord",  "trtol",    "pivtol",  "pivrel",   "itl3",     "itl5",     "itl6",    "defl",      "defw",       "defad",     "defas",   "xmu",
    "acct",     "noacct",  "list",     "node",     "nomod",    "nopage",  "opts",      "noopiter",   "gminsteps", "srcsteps", "keepopinfo",
    "bypass",   "autostop", "interp",  "noinit",   "numdgt",   "limpts",  "cptime",    "savecurrents", "post",    "probe",   "scale",
    "gmindc",   "plotwinsize", "nopost", "ingold",  "measdgt",  "brief",   "badmos3",   "trytocompact", "klu",    "sparse",  "warn",
    "cshunt",   "unwrap",  "nosubckt", "ramptime", "convstep", "convabsstep", "minbreak", "noopac", "maxevtiter", "indverbosity"};

/// Of these, the ones without which a circuit means something else.
constexpr std::array<std::string_view, 8> changes_answers{"defl", "defw", "defad", "defas", "scale", "cshunt", "ramptime", "autostop"};

std::string shown(double value) { return std::isinf(value) ? "" : fmt::format("{:g}", value); }

std::vector<OptionEntry> make_table() {
  const Options standard;
  std::vector<OptionEntry> table;
  for (const auto& o : number_options()) table.push_back({o.name, o.unit, shown(standard.*o.member), o.help, true, o.lower, o.upper});
  for (const auto& o : count_options()) table.push_back({o.name, "", std::to_string(standard.*o.member), o.help, true, static_cast<double>(o.lower), static_cast<double>(o.upper)});
  for (const auto& o : word_options())
    table.push_back({o.name, "", standard.*o.member, fmt::format("{}: {}", o.help, fmt::join(o.allowed, ", "))});
  table.push_back({"energy", "", "0", "record dissipated and supplied energy per class of devices"});
  table.push_back({"seed", "", "", "of random numbers; --seed on the command line wins"});
  for (const char* name : without_effect) table.push_back({name, "", "", "accepted without effect", false});
  return table;
}

class Reading {
 public:
  Reading(const Netlist& netlist, Diagnostics& diagnostics) : netlist_(netlist), diagnostics_(diagnostics) {}

  Options read() {
    options_.temp = netlist_.temperature;
    for (const auto& o : number_options())
      if (const auto value = number(o.name, o.lower, o.upper)) options_.*o.member = *value;
    for (const auto& o : count_options())
      if (const auto value = whole(o.name, o.lower, o.upper)) options_.*o.member = static_cast<int>(*value);
    for (const auto& o : word_options()) read_word(o);
    if (const Word* word = find("energy")) options_.energy = !word->value || *word->value != 0.0;
    if (const auto value = whole("seed", 0.0, 9007199254740992.0)) options_.seed = static_cast<std::uint64_t>(*value);
    return options_;
  }

 private:
  const Word* find(const std::string& name) const {
    const auto it = netlist_.options.find(name);
    return it == netlist_.options.end() ? nullptr : &it->second;
  }

  std::optional<double> number(const std::string& name, double lower, double upper) {
    const Word* word = find(name);
    if (!word) return {};
    if (!word->value) {
      diagnostics_.error(word->where, fmt::format("option '{}' needs a number: {}=value", name, name));
      return {};
    }
    if (*word->value >= lower && *word->value <= upper) return word->value;
    diagnostics_.error(word->where, fmt::format("option {} = {} is out of range; it lies between {} and {}", name, shown(*word->value), shown(lower), shown(upper)));
    return {};
  }

  void read_word(const WordOption& option) {
    const Word* word = find(option.name);
    if (!word) return;
    if (std::find(option.allowed.begin(), option.allowed.end(), word->text) != option.allowed.end())
      options_.*option.member = unaliased(word->text);
    else diagnostics_.error(word->where, fmt::format("option {} cannot be '{}'{}; it is one of {}", option.name, word->text,
                                                     suggest(word->text, option.allowed), fmt::join(option.allowed, ", ")));
  }

  static std::string unaliased(const std::string& word) {
    for (const auto& [alias, name] : method_aliases)
      if (word == alias) return name;
    return word;
  }

  std::optional<double> whole(const std::string& name, double lower, double upper) {
    const auto value = number(name, lower, upper);
    if (!value || *value == std::floor(*value)) return value;
    diagnostics_.error(find(name)->where, fmt::format("option '{}' is a whole number, not {:g}", name, *value));
    return {};
  }

  const Netlist& netlist_;
  Diagnostics& diagnostics_;
  Options options_;
};

}  // namespace

const std::vector<OptionEntry>& option_table() {
  static const std::vector<OptionEntry> table = make_table();
  return table;
}

Options options_of(const Netlist& netlist, Diagnostics& diagnostics) { return Reading(netlist, diagnostics).read(); }

void check_option(std::string_view name, Location where, Diagnostics& diagnostics) {
  const auto entry = std::find_if(option_table().begin(), option_table().end(), [&](const auto& e) { return e.name == name; });
  if (entry != option_table().end()) {
    const bool matters = std::find(changes_answers.begin(), changes_answers.end(), name) != changes_answers.end();
    if (matters)
      diagnostics.warning(where, fmt::format("option '{}' changes the answer in other programs but has no effect here", name));
    else if (!entry->used)
      diagnostics.note(where, fmt::format("option '{}' is accepted but has no effect here", name));
    return;
  }
  std::vector<std::string_view> names;
  for (const OptionEntry& known : option_table()) names.push_back(known.name);
  diagnostics.warning(where, fmt::format("unknown option '{}' has no effect{}", name, suggest(name, names)));
}

Environment environment_of(const Netlist& netlist, const Options& options) {
  return {.temperature = zero_celsius + netlist.temperature, .nominal = zero_celsius + options.tnom, .gmin = options.gmin};
}

RowTolerances tolerances_of(const Options& options) { return {.voltage = options.vntol, .current = options.abstol, .charge = options.chgtol}; }

std::string transient_method(const Options& options) {
  if (!options.method.empty()) return options.method;
  return options.reltol <= 1e-5 ? "rodas5p" : "rodas4p";
}

}  // namespace settle
