// Reading the options of a data source.
#include "learning/data_options.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "circuits/deck_path.hpp"

namespace settle {

std::vector<std::string> split_list(std::string_view text) {
  if (text.size() > 1 && text.front() == '(' && text.back() == ')') text = text.substr(1, text.size() - 2);
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    if (const std::string_view part = trimmed_view(text.substr(begin, comma - begin)); !part.empty()) parts.emplace_back(unquoted(part));
    begin = comma + 1;
  }
  return parts;
}

void DataOptions::error(const std::string& option, const std::string& text) {
  failed_ = true;
  diagnostics_.error(options_.where(option), text);
}

std::string DataOptions::text(const std::string& name, const std::string& standard) {
  const Word* word = options_.take(name);
  return word ? word->text : standard;
}

std::vector<std::string> DataOptions::list(const std::string& name) { return split_list(text(name)); }

std::string DataOptions::path(const std::string& name, const std::string& file) {
  const std::string found = card_.card ? deck_path(*card_.card, file) : file;
  paths_.emplace(found, options_.where(name));
  std::error_code unknown;
  if (!std::filesystem::path(found).is_absolute() && !std::filesystem::exists(found, unknown))
    error(name, fmt::format("'{}' does not exist, neither beside the deck nor where settle runs", found));
  return found;
}

std::string DataOptions::file(const std::string& name, bool needed) {
  const std::string given = text(name);
  if (given.empty() && needed) error(name, fmt::format("{}= is missing: which file?", name));
  return given.empty() ? "" : path(name, given);
}

std::vector<std::string> DataOptions::files(const std::string& name, bool needed) {
  std::vector<std::string> all = list(name);
  if (all.empty() && needed) error(name, fmt::format("{}= is missing: which files? Several are separated by commas", name));
  for (std::string& file : all) file = path(name, file);
  return all;
}

void DataOptions::check_size(Index inputs, Index samples) {
  constexpr double most = 1e9;  // numbers, 8 GB
  const double numbers = static_cast<double>(inputs) * static_cast<double>(samples);
  if (numbers > most) error("samples", fmt::format("{} samples of {} features are {:g} numbers; at most {:g} are made", samples, inputs, numbers, most));
}

Location DataOptions::place_of(const std::string& message) const {
  if (const std::string option = message.substr(0, message.find("=: ")); options_.given(option)) return options_.where(option);
  for (const auto& [file, where] : paths_)
    if (message.find(file) != std::string::npos) return where;
  return card_.words.empty() ? card_.where : card_.words[0].where;
}

std::string DataOptions::key() const {
  std::string key = fmt::format("{} seed {}", card_.words.empty() ? "" : card_.words[0].text, seed_);
  for (const auto& [name, word] : card_.options) key += fmt::format(" {}={}={}", name, word.text, word.value.value_or(0.0));
  for (const auto& [file, where] : paths_) {
    std::error_code none;
    key += fmt::format(" {} {} {}", file, std::filesystem::file_size(file, none), std::filesystem::last_write_time(file, none).time_since_epoch().count());
  }
  return key;
}

}  // namespace settle
