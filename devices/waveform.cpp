// Making waveforms: the checks that all kinds share.
#include "devices/waveform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

class Constant : public Waveform {
 public:
  explicit Constant(double value) : value_(value) {}
  double value(double) const override { return value_; }
  double slope(double) const override { return 0.0; }
  double next_breakpoint(double) const override { return std::numeric_limits<double>::infinity(); }

 private:
  double value_;
};

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string signature(std::string_view name, const WaveformKind& kind) {
  std::string list;
  for (const WaveformParameter& p : kind.parameters()) list += (list.empty() ? "" : " ") + p.name;
  return fmt::format("{}({}{})", name, list, kind.open_ended() ? " ..." : "");
}

void check_count(std::string_view name, const WaveformKind& kind, const WaveformArguments& arguments) {
  const auto parameters = kind.parameters();
  const auto required = std::count_if(parameters.begin(), parameters.end(), [](const auto& p) { return p.standard.empty(); });
  const std::size_t given = arguments.values.size();
  if (given < static_cast<std::size_t>(required))
    throw WaveformError(-1, fmt::format("{} has {} argument{}, but needs at least {}: '{}' ({}) is missing", signature(name, kind), given,
                                        given == 1 ? "" : "s", required, parameters[given].name, parameters[given].help));
  if (given > parameters.size() && !kind.open_ended())
    throw WaveformError(static_cast<int>(parameters.size()),
                        fmt::format("{} takes at most {} arguments, but has {}", signature(name, kind), parameters.size(), given));
}

void check_values(std::string_view name, const WaveformArguments& arguments) {
  for (std::size_t k = 0; k < arguments.values.size(); ++k)
    if (!std::isfinite(arguments.values[k]))
      throw WaveformError(static_cast<int>(k), fmt::format("argument {} of {} is not a finite number", k + 1, name));
}

void check_options(std::string_view name, const WaveformKind& kind, const WaveformArguments& arguments) {
  std::vector<std::string> known;
  for (const WaveformParameter& option : kind.options()) known.push_back(option.name);
  for (const auto& [key, value] : arguments.options)
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw WaveformError(-1, fmt::format("{} has no option '{}'{}", name, key, suggest(key, known)));
}

}  // namespace

double WaveformArguments::option(std::string_view key, double standard) const {
  const auto it = options.find(std::string(key));
  return it == options.end() ? standard : it->second;
}

const WaveformKind* find_waveform(std::string_view kind) {
  const std::string name = lowered(kind);
  return Registry<WaveformKind>::find(name == "sine" ? "sin" : name);
}

std::shared_ptr<const Waveform> make_waveform(std::string_view kind, const WaveformArguments& arguments) {
  const WaveformKind* found = find_waveform(kind);
  const std::string name = lowered(kind);
  if (!found) throw WaveformError(-1, fmt::format("unknown waveform '{}'{}", kind, suggest(kind, Registry<WaveformKind>::all())));
  check_count(name, *found, arguments);
  check_values(name, arguments);
  check_options(name, *found, arguments);
  return found->make(arguments);
}

std::string waveform_text(std::string_view kind, const WaveformArguments& arguments) {
  std::string text = lowered(kind) + "(";
  for (const double value : arguments.values) text += (text.back() == '(' ? "" : " ") + format_exact(value);
  text += ")";
  for (const auto& [name, value] : arguments.options) text += fmt::format(" {}={}", name, format_exact(value));
  return text;
}

void check_interval(int argument, std::string_view what, double interval, const WaveformArguments& arguments) {
  constexpr double most = 1e9;
  if (interval * most < arguments.window.tstop)
    throw WaveformError(argument, fmt::format("{} is {} s, which comes {:.0e} times until tstop = {} s; at most {:.0e} are possible", what, interval,
                                              arguments.window.tstop / interval, arguments.window.tstop, most));
}

std::shared_ptr<const Waveform> constant_waveform(double value) { return std::make_shared<Constant>(value); }

}  // namespace settle
