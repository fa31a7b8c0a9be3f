// V and I: a DC value, an AC excitation and a waveform, in any order.
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <filesystem>
#include <sstream>

#include "circuits/device_card.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {

void DeviceCard::source() {
  const bool voltage = card_.words[0][0] == 'v' || (card_.words[0][0] == 'y' && card_.words[0] == "yvoltage");
  if (!choose_kind(voltage ? "voltage" : "current") || !nodes(2, device_.kind->terminals)) return;
  while (!done() && !failed_) source_word();
  if (device_.waveform && !device_.values.count("dc")) device_.values["dc"] = device_.waveform->value(0.0);
  finish();
}

void DeviceCard::source_word() {
  const std::string_view word = peek();
  if (word == "dc" || word == "ac") {
    take();
    if (peek() == "=") take();
    if (word == "ac") return small_signal();
    if (done()) return scope_.error(card_.where(word), "a value is missing behind DC");
    return set("dc", take());
  }
  if (find_waveform(word)) return waveform();
  if (at_assignment()) {
    const std::string_view name = take();
    take();
    if (done()) return scope_.error(card_.where(name), fmt::format("a value is missing behind '{} ='", name));
    const std::string_view value = take();
    return set(name, value);
  }
  take();
  const bool number_like = !is_name(word) || scope_.parameter(word).has_value();
  if (number_like && !device_.values.count("dc")) return set("dc", word);
  if (number_like) return scope_.error(card_.where(word), fmt::format("{} has a DC value already; what is '{}'?", describe(), word));
  if (word == "distof1" || word == "distof2") {
    while (!done() && !is_name(peek())) take();
    return scope_.warning(card_.where(word), fmt::format("{} has no effect here", word));
  }
  fail(word, fmt::format("'{}' is neither a number, a parameter nor a waveform{}", word, suggest(word, Registry<WaveformKind>::all())));
}

/// Magnitude 1 and phase 0 unless given.
void DeviceCard::small_signal() {
  device_.small_signal = {1.0, 0.0};
  const auto number_next = [&] { return !done() && !at_assignment() && (!is_name(peek()) || (!find_waveform(peek()) && scope_.parameter(peek()))); };
  if (number_next()) device_.small_signal.magnitude = number(take());
  if (number_next()) device_.small_signal.phase = number(take());
}

void DeviceCard::waveform() {
  const std::string_view kind = take();
  WaveformArguments arguments;
  std::vector<std::string_view> where{kind};
  const auto ends = [&] { return done() || peek() == "dc" || peek() == "ac"; };
  while (!ends()) {
    if (peek() == "file") {
      waveform_file(arguments, where);
    } else if (at_assignment()) {
      const std::string name(take());
      take();
      if (done()) break;
      arguments.options[name] = number(take());
    } else if (peek() == "=") {
      take();
    } else {
      where.push_back(peek());
      arguments.values.push_back(number(take()));
    }
  }
  for (double value : arguments.values) failed_ = failed_ || std::isnan(value);
  if (device_.waveform) scope_.error(card_.where(kind), fmt::format("{} has two waveforms", describe()));
  else if (!failed_) make(kind, std::move(arguments), where);
}

void DeviceCard::make(std::string_view kind, WaveformArguments arguments, const std::vector<std::string_view>& where) {
  arguments.window = expander_.window;
  arguments.seed = scope_.elaboration().seed;
  arguments.name = device_.name;
  try {
    if (const std::string doubt = find_waveform(kind)->warning(arguments); !doubt.empty()) scope_.warning(card_.where(kind), doubt);
    device_.waveform = make_waveform(kind, arguments);
    device_.waveform_text = waveform_text(kind, arguments);
  } catch (const WaveformError& error) {
    const auto place = static_cast<std::size_t>(error.argument() + 1);
    scope_.error(card_.where(place < where.size() ? where[place] : kind), error.what());
    failed_ = true;
  }
}

/// PWL FILE="name": pairs of numbers, separated by blanks, commas or line ends; comments begin with * ; or #.
void DeviceCard::waveform_file(WaveformArguments& arguments, std::vector<std::string_view>& where) {
  take();
  if (peek() == "=") take();
  const std::string_view word = take_or_empty();
  const std::filesystem::path given{std::string(card_.line.original(unquoted(word)))};
  if (!scope_.elaboration().deck.includes) return fail(word, "files cannot be read here");
  std::filesystem::path path = std::filesystem::path(card_.line.file->name).parent_path() / given;
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) path = given;
  std::ifstream in(path);
  if (word.empty() || !in) return fail(word, fmt::format("cannot read '{}'", given.string()));
  std::string line;
  for (int number_of_line = 1; std::getline(in, line); ++number_of_line) {
    line = line.substr(0, line.find_first_of(";#*"));
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    for (std::string text; words >> text;) {
      const auto value = whole_number(text);
      if (!value) return fail(word, fmt::format("line {} of '{}' holds '{}', which is not a number", number_of_line, path.string(), text));
      arguments.values.push_back(*value);
      where.push_back(word);
    }
  }
}

std::string_view DeviceCard::take_or_empty() { return done() ? card_.line.text.substr(card_.line.text.size()) : take(); }

void DeviceCard::fail(std::string_view where, const std::string& text) {
  scope_.error(card_.where(where), text);
  failed_ = true;
}

}  // namespace settle
