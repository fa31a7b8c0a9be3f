// The table of `.program` options, and reading a card by it.
#include "circuits/program_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

using P = ProgramSettings;

std::string range_text(const ProgramOption& option) {
  const auto shown = [&](double bound) { return format_engineering(bound, option.unit); };
  if (option.upper == Field::unbounded) return fmt::format("at least {}", shown(option.lower));
  return fmt::format("{} to {}", shown(option.lower), shown(option.upper));
}

class Reader {
 public:
  Reader(const AnalysisCard& card, Diagnostics& diagnostics) : card_(card), diagnostics_(diagnostics) {}

  ProgramSettings read() {
    for (const auto& [name, word] : card_.options) take(name, word);
    check_pulses();
    check_scheme();
    return settings_;
  }

 private:
  void take(const std::string& name, const Word& word) {
    const auto& table = program_options();
    const auto option = std::find_if(table.begin(), table.end(), [&name = name](const ProgramOption& o) { return o.name == name; });
    if (option == table.end()) {
      std::vector<std::string_view> names;
      for (const ProgramOption& o : table) names.push_back(o.name);
      return diagnostics_.error(word.where, fmt::format(".program has no option '{}'{}; `settle list analyses program` shows them", name, suggest(name, names)));
    }
    if (const auto [first, fresh] = given_.emplace(name, &word); !fresh)
      return diagnostics_.error(word.where, fmt::format("'{}' is given twice", name), {{first->second->where, "the first one is here"}});
    if (option->member) number(*option, word);
    if (name == "scheme") scheme(word);
  }

  void scheme(const Word& word) {
    static const std::array<std::pair<std::string_view, P::Scheme>, 3> schemes{
        {{"isolated", P::Scheme::isolated}, {"half", P::Scheme::half}, {"third", P::Scheme::third}}};
    for (const auto& [known, scheme] : schemes)
      if (word.text == known) settings_.scheme = scheme, found_ = true;
    if (!found_) diagnostics_.error(word.where, fmt::format("scheme is isolated, half or third, not '{}'{}", word.text, suggest(word.text, schemes)));
  }

  void number(const ProgramOption& option, const Word& word) {
    if (!word.value) return diagnostics_.error(word.where, fmt::format("'{}' is not a number; {} is {}", word.text, option.name, option.help));
    if (!(*word.value >= option.lower && *word.value <= option.upper))
      return diagnostics_.error(word.where, fmt::format("{} = {:g} is out of range; it must be {}", option.name, *word.value, range_text(option)));
    settings_.*option.member = *word.value;
  }

  void check_pulses() {
    for (const auto& [name, volts] : {std::pair{"set", settings_.set}, std::pair{"reset", settings_.reset}})
      if (volts == 0.0) diagnostics_.error(where(name), fmt::format("a pulse of {} = 0 V writes nothing", name));
    if (settings_.width + settings_.rise == 0.0) diagnostics_.error(where("width"), "a pulse of width = 0 s without a rise time writes nothing");
    if (settings_.tolerance + settings_.abstol == 0.0)
      diagnostics_.error(where("tolerance"), "with tolerance = 0 and abstol = 0 no device would ever be good enough; give one of them");
    for (const auto& [name, count] : {std::pair{"pulses", settings_.pulses}, std::pair{"passes", settings_.passes}})
      if (count != std::floor(count)) diagnostics_.error(where(name), fmt::format("{} = {:g} is not a whole number", name, count));
  }
  /// Options that would do nothing.
  void check_scheme() {
    const bool isolated = settings_.scheme == P::Scheme::isolated;
    for (const char* name : {"passes", "vgate"})
      if (isolated && given_.count(name)) diagnostics_.error(where(name), fmt::format("'{}' does nothing with scheme=isolated; it is for scheme=half and third", name));
    if (!isolated && given_.count("rseries"))
      diagnostics_.error(where("rseries"), "'rseries' does nothing where the whole array is driven; its resistances are those of the array's card (rdrive, rrow, ...)");
  }
  Location where(const std::string& name) const {
    const auto it = given_.find(name);
    return it == given_.end() ? card_.where : it->second->where;
  }

  const AnalysisCard& card_;
  Diagnostics& diagnostics_;
  ProgramSettings settings_;
  std::map<std::string, const Word*> given_;
  bool found_ = false;
};

}  // namespace

const std::vector<ProgramOption>& program_options() {
  constexpr double any = -Field::unbounded;
  static const std::vector<ProgramOption> options{
      {"target", "S", "", "conductance to be reached: a number, {an expression of row and col} or \"a file\" of as many rows and columns as the array"},
      {"tolerance", "", "0.01", "share of the target by which a device may miss it", &P::tolerance, 0.0, 1.0},
      {"abstol", "S", "0", "by how much it may miss it anyway", &P::abstol},
      {"pulses", "", "100", "at most, per device (and pass)", &P::pulses, 0.0, 1e6},
      {"set", "V", "1.2", "amplitude that raises the conductance; negative for devices whose resistance a positive voltage raises", &P::set, any},
      {"reset", "V", "-1.2", "amplitude that lowers it", &P::reset, any},
      {"width", "s", "100n", "of the top of a pulse", &P::width},
      {"rise", "s", "1n", "of either flank", &P::rise},
      {"wait", "s", "0", "at 0 V after every pulse, before the reading", &P::wait},
      {"step", "V", "0", "added to the amplitude with every pulse in the same direction", &P::step},
      {"vmax", "V", "none", "amplitude beyond which step adds nothing", &P::vmax},
      {"stretch", "", "1", "factor on the width with every pulse in the same direction", &P::stretch, 1.0, 1e3},
      {"read", "V", "0.1", "of the readings, on the device's first terminal; 0: the slope at 0 V", &P::read, any},
      {"scheme", "", "isolated", "isolated: every device on its own, its other terminals at 0 V; half, third: the whole array with its wires, unselected lines at a half of the "
                               "amplitude, or rows at a third and columns at two thirds"},
      {"passes", "", "3", "at most, through an array whose devices disturb each other", &P::passes, 1.0, 1e3},
      {"vgate", "V", "3", "on the gates of the selected row's selectors during a pulse", &P::vgate, any},
      {"rseries", "Ohm", "0", "between the driver and the device", &P::rseries},
      {"noise", "", "1", "factor on the noise of programming and reading of kinds that have some; 0: the mean device", &P::noise, 0.0, 1.0}};
  return options;
}

ProgramSettings read_program_options(const AnalysisCard& card, Diagnostics& diagnostics) { return Reader(card, diagnostics).read(); }

}  // namespace settle
